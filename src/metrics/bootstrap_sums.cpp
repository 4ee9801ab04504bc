// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bootstrap_sums.hpp"

#include "binomial.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cstddef>

namespace recokit::inline RECOKIT_ABI::significance::detail {
namespace {

constexpr std::size_t table_size = 256;
// From here on a binomial draw costs less than the draws it replaces.
constexpr std::size_t shortest_run = 64;

struct cell {
  std::size_t begin = 0;  // into the values
  std::size_t size = 0;
  bool run = false;  // all values are the same
};

struct cells_of_values {
  std::vector<double> values;
  std::vector<cell> cells;
};

cells_of_values cut(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  cells_of_values cut;
  cut.values.reserve(sorted.size());
  std::vector<double> others;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    const auto from = sorted.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = sorted.begin() + static_cast<std::ptrdiff_t>(end);
    if (end - begin >= shortest_run) {
      cut.cells.push_back({cut.values.size(), end - begin, true});
      cut.values.insert(cut.values.end(), from, to);
    } else {
      others.insert(others.end(), from, to);
    }
    begin = end;
  }
  for (std::size_t begin = 0; begin < others.size(); begin += table_size) {
    cut.cells.push_back(
        {cut.values.size() + begin, std::min(table_size, others.size() - begin), false});
  }
  cut.values.insert(cut.values.end(), others.begin(), others.end());
  return cut;
}

double sum_of_bytes(const double* table, const philox_block& bits) noexcept {
  const auto word = [&](std::uint32_t v) {
    return (table[v & 255] + table[v >> 8 & 255]) + (table[v >> 16 & 255] + table[v >> 24]);
  };
  return (word(bits.word[0]) + word(bits.word[1])) + (word(bits.word[2]) + word(bits.word[3]));
}

// Endless bytes of one resample, sixteen a Philox block.
class byte_blocks {
 public:
  byte_blocks(std::uint64_t seed, std::uint64_t row) noexcept
      : seed_(seed),
        counter_{{0, static_cast<std::uint32_t>(random_purpose::bootstrap_draws),
                  static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(row >> 32)}} {}

  philox_block next() noexcept {
    const auto bits = philox4x32(counter_, seed_);
    ++counter_.word[0];
    return bits;
  }

 private:
  std::uint64_t seed_;
  philox_block counter_;
};

double draw_from_table(const double* table, std::int64_t draws, byte_blocks& bytes) noexcept {
  double sum = 0;
  for (; draws >= 16; draws -= 16) sum += sum_of_bytes(table, bytes.next());
  if (draws > 0) {
    const auto bits = bytes.next();
    for (std::int64_t d = 0; d < draws; ++d) {
      sum += table[bits.word[d / 4] >> (8 * (d % 4)) & 255];
    }
  }
  return sum;
}

double resampled_sum(const cells_of_values& data, std::uint64_t seed, std::uint64_t row) noexcept {
  random_stream stream(seed, random_purpose::bootstrap_counts, row);
  byte_blocks bytes(seed, row);
  auto draws_left = static_cast<std::int64_t>(data.values.size());
  std::size_t values_left = data.values.size();
  double sum = 0;
  for (const auto& c : data.cells) {
    const auto draws = recokit::detail::draw_binomial(
        stream, draws_left, static_cast<double>(c.size) / static_cast<double>(values_left));
    draws_left -= draws;
    values_left -= c.size;
    const double* const table = data.values.data() + c.begin;
    if (c.run) {
      sum += static_cast<double>(draws) * table[0];
    } else if (c.size == table_size) {
      sum += draw_from_table(table, draws, bytes);
    } else {
      for (std::int64_t d = 0; d < draws; ++d) sum += table[stream.below(c.size)];
    }
  }
  return sum;
}

}  // namespace

std::vector<double> bootstrap_sums(const cpu& policy, std::span<const double> values,
                                   std::int64_t resamples, std::uint64_t seed,
                                   std::uint32_t stream) {
  check::fits_memory(
      "the bootstrap sums",
      check::bytes("the bootstrap sums", static_cast<std::uint64_t>(resamples), 1, sizeof(double)));
  const auto data = cut(values);
  std::vector<double> sums(static_cast<std::size_t>(resamples));
  parallel_for(policy, resamples, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const auto row = std::uint64_t{stream} << 32 | static_cast<std::uint64_t>(r);
      sums[static_cast<std::size_t>(r)] = resampled_sum(data, seed, row);
    }
  });
  return sums;
}

}  // namespace recokit::inline RECOKIT_ABI::significance::detail
