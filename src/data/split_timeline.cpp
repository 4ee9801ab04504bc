// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "split_common.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace recokit::inline RECOKIT_ABI::split {
namespace {

constexpr std::int64_t piece = 1 << 16;

std::uint64_t bits(std::int64_t time) { return static_cast<std::uint64_t>(time); }

// The value at place `rank` of the sorted times, without sorting or copying them: each pass counts
// them in 256 ranges and goes on in the one where the place lies. At most 8 passes.
std::int64_t order_statistic(std::span<const std::int64_t> times, std::int64_t rank) {
  using counts = std::array<std::int64_t, 256>;
  const auto n = static_cast<std::int64_t>(times.size());
  const auto [least, greatest] = std::minmax_element(times.begin(), times.end());
  const std::uint64_t origin = bits(*least);
  std::uint64_t low = 0;  // both counted from the least time, so that nothing overflows
  std::uint64_t high = bits(*greatest) - origin;
  while (low < high) {
    const int shift = std::max(0, static_cast<int>(std::bit_width(high - low)) - 8);
    const counts total = parallel_reduce(
        cpu{}, n, piece, counts{},
        [&](std::int64_t begin, std::int64_t end) {
          counts part{};
          for (auto e = static_cast<std::size_t>(begin); e < static_cast<std::size_t>(end); ++e) {
            const std::uint64_t at = bits(times[e]) - origin;
            if (at >= low && at <= high) ++part[(at - low) >> shift];
          }
          return part;
        },
        [](counts& sum, const counts& part) {
          for (std::size_t b = 0; b < sum.size(); ++b) sum[b] += part[b];
        });
    std::size_t range = 0;
    while (rank >= total[range]) rank -= total[range++];
    low += static_cast<std::uint64_t>(range) << shift;
    high = std::min(high, low + ((std::uint64_t{1} << shift) - 1));
  }
  return static_cast<std::int64_t>(origin + low);
}

}  // namespace

holdout global_timeline(const interactions& data, const timeline_params& params) {
  if (!params.time) detail::check_fraction("params.test_fraction", params.test_fraction);
  detail::check_splittable(data);
  detail::check_timestamps(data, "global_timeline");
  const auto times = data.timestamps();
  std::string protocol = "global timeline";
  std::int64_t cut = 0;
  if (params.time) {
    cut = *params.time;
  } else {
    const auto in_test = detail::share_of(params.test_fraction, times.size());
    cut = order_statistic(times, static_cast<std::int64_t>(times.size() - in_test));
    protocol += ", test " + detail::number_text(params.test_fraction);
  }
  protocol += ", cut at " + std::to_string(cut);
  const auto before = [&](std::size_t, std::size_t e) { return times[e] < cut; };
  const auto after = [&](std::size_t, std::size_t e) { return times[e] >= cut; };
  return detail::make_holdout(
      detail::select_entries(data, before), detail::select_entries(data, after),
      std::move(protocol),
      "everything at or after the cut is test; give params.time inside the range of the timestamps "
      "(with params.test_fraction, many equal timestamps at the cut go to test together)");
}

}  // namespace recokit::inline RECOKIT_ABI::split
