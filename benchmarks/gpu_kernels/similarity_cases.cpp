// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/similar_rows.hpp"

#include <recokit/core/device.hpp>
#include <recokit/core/scored_item.hpp>

#include <algorithm>
#include <memory>
#include <type_traits>

namespace recokit_benchmark {
namespace {

namespace measures = recokit::pair_measures;

/// Values that differ from entry to entry and from either side are the same.
float value_at(std::int64_t item, std::int64_t user) {
  return 1 + static_cast<float>((item * 7 + user * 3) % 5) / 4;
}

std::vector<float> values_of(const recokit::csr_view<>& matrix, bool rows_are_items) {
  std::vector<float> values;
  for (recokit::index_t r = 0; r < matrix.rows(); ++r) {
    for (const recokit::index_t c : matrix.row(r).indices) {
      values.push_back(rows_are_items ? value_at(r, c) : value_at(c, r));
    }
  }
  return values;
}

/// The items most like each item, all of them in tiles that fit shared memory.
template <class Sums>
struct similarity_inputs {
  using measure_type = measures::product_measure<Sums>;
  static constexpr std::int64_t k = 100;
  static constexpr std::int64_t least_common = 2;

  explicit similarity_inputs(ck::stream_t on)
      : stream(on),
        items(by_item().view(), on),
        users(by_user().view(), on),
        item_values(put(values_of(by_item().view(), true), on)),
        user_values(put(values_of(by_user().view(), false), on)),
        norms(host_norms()),
        device_norms(put(norms, on)),
        edges(tile_edges()),
        device_edges(put(edges, on)),
        tasks(all_tasks()),
        device_tasks(put(tasks, on)),
        lists(tasks.size() * static_cast<std::size_t>(k)) {}

  static std::vector<double> host_norms() {
    std::vector<double> made;
    for (recokit::index_t i = 0; i < by_item().rows(); ++i) {
      double squares = 0;
      for (const recokit::index_t u : by_item().row(i).indices) {
        const double value = Sums::needs_values ? static_cast<double>(value_at(i, u)) : 1.0;
        squares += value * value;
      }
      made.push_back(std::sqrt(squares));
    }
    return made;
  }
  static std::int64_t most_tile_rows() {
    const std::uint64_t shared = recokit::cuda_devices().front().shared_bytes_a_block / 2 - 1024;
    const std::uint64_t rows = (shared - ck::similarity_list_bytes(threads(), k)) /
                               ck::similarity_sum_bytes<measure_type>();
    return std::min<std::int64_t>(static_cast<std::int64_t>(rows), by_item().rows());
  }
  static std::uint32_t threads() { return sized(ck::most_similarity_threads, 64u); }
  /// Tiles of as many rows as fit, cut so that the warps of a block meet about as many entries.
  static std::vector<std::int32_t> tile_edges() {
    const auto offsets = by_item().view().offsets();
    const std::int64_t rows = by_item().rows();
    const std::int64_t warps = threads() / 32;
    const std::int64_t tiles = (rows + most_tile_rows() - 1) / most_tile_rows();
    std::vector<std::int32_t> made;
    for (std::int64_t t = 0; t < tiles; ++t) {
      const auto first = offsets.begin() + band_begin(rows, tiles, t);
      const auto end = offsets.begin() + band_begin(rows, tiles, t + 1);
      for (std::int64_t w = 0; w < warps; ++w) {
        const std::int64_t due = *first + (*end - *first) * w / warps;
        made.push_back(
            static_cast<std::int32_t>(std::lower_bound(first, end, due) - offsets.begin()));
      }
      made.push_back(static_cast<std::int32_t>(end - offsets.begin()));
    }
    return made;
  }
  /// Longest rows first.
  std::vector<ck::similarity_task> all_tasks() const {
    const auto count = static_cast<std::uint32_t>(edges.size() / (threads() / 32 + 1));
    std::vector<ck::similarity_task> made;
    for (std::int32_t i = 0; i < by_item().rows(); ++i) made.push_back({i, 0, count});
    std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) {
      return by_item().row(a.row).size() > by_item().row(b.row).size();
    });
    return made;
  }

  void launch() {
    constexpr bool with_values = Sums::needs_values;
    const auto ids = [](const device_matrix& from) {
      return reinterpret_cast<const std::int32_t*>(from.indices.data());
    };
    const ck::similarity_plan<float> plan{
        .vectors = {items.offsets.data(), ids(items), with_values ? item_values.data() : nullptr},
        .transposed = {users.offsets.data(), ids(users),
                       with_values ? user_values.data() : nullptr},
        .tasks = device_tasks.data(),
        .count = tasks.size(),
        .edges = device_edges.data(),
        .rows = by_item().rows(),
        .threads = threads(),
        .tile_rows = most_tile_rows(),
        .least_common = least_common,
        .k = k};
    ck::similar_rows(plan, measure_type{device_norms.data(), device_norms.data(), 1, 0.5, {}},
                     lists.data(), stream);
  }
  /// What some items share with all others, entry by entry.
  void check() const {
    const measure_type measure{norms.data(), norms.data(), 1, 0.5, {}};
    for (const std::int64_t n : some_of(static_cast<std::int64_t>(tasks.size()), 8)) {
      const std::int32_t item = tasks[static_cast<std::size_t>(n)].row;
      std::vector<Sums> sums(tasks.size());
      for (const recokit::index_t u : by_item().row(item).indices) {
        for (const recokit::index_t j : by_user().row(u).indices) {
          sums[static_cast<std::size_t>(j)].add(static_cast<double>(value_at(item, u)),
                                                static_cast<double>(value_at(j, u)));
        }
      }
      std::vector<recokit::scored_item<>> expected;
      for (std::int32_t j = 0; j < by_item().rows(); ++j) {
        const Sums& shared = sums[static_cast<std::size_t>(j)];
        if (j == item || shared.common < least_common) continue;
        expected.push_back({j, static_cast<float>(measure(item, j, shared))});
      }
      std::sort(expected.begin(), expected.end(), recokit::by_rank{});
      const auto found = fetch(lists.data(), n * k, k, stream);
      for (std::size_t place = 0; place < found.size(); ++place) {
        const bool right = place < expected.size() ? found[place].row == expected[place].item &&
                                                         found[place].score == expected[place].score
                                                   : found[place].row == -1;
        expect(right, "place " + std::to_string(place) + " of item " + std::to_string(item));
      }
    }
  }

  ck::stream_t stream;
  device_matrix items;
  device_matrix users;
  ck::device_buffer<float> item_values;
  ck::device_buffer<float> user_values;
  std::vector<double> norms;
  ck::device_buffer<double> device_norms;
  std::vector<std::int32_t> edges;
  ck::device_buffer<std::int32_t> device_edges;
  std::vector<ck::similarity_task> tasks;
  ck::device_buffer<ck::similarity_task> device_tasks;
  ck::device_buffer<ck::similar_row> lists;
};

/// Bytes: for each pair of interactions of a user the number of an item, with a value where there
/// are any; the lists. Operations: an addition a pair, with values a multiply-add.
template <class Sums>
kernel_case similar(ck::stream_t stream) {
  const auto in = std::make_shared<similarity_inputs<Sums>>(stream);
  double pairs = 0;
  for (recokit::index_t u = 0; u < by_user().rows(); ++u) {
    const auto length = static_cast<double>(by_user().row(u).size());
    pairs += length * length;
  }
  constexpr double each = Sums::needs_values ? 2 : 1;
  return {{4 * each * pairs + 8 * static_cast<double>(in->lists.size()), each * pairs},
          [in] { in->launch(); },
          [in] { in->check(); }};
}

}  // namespace

void add_similarity_cases(case_list& cases) {
  cases.push_back({"similar_rows/counts", similar<measures::pair_count>});
  cases.push_back({"similar_rows/values", similar<measures::pair_dot>});
}

}  // namespace recokit_benchmark
