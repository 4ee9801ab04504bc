// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/similar_rows.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/scored_item.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
namespace measures = recokit::pair_measures;
using list = std::vector<recokit::scored_item<>>;

/// Rows of a sparse matrix: column and value.
struct matrix {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> indices;
  std::vector<float> values;

  std::size_t rows() const { return offsets.size() - 1; }
};

matrix transposed(const matrix& x, std::size_t columns) {
  matrix out;
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < x.rows(); ++r) {
      for (auto n = static_cast<std::size_t>(x.offsets[r]);
           n < static_cast<std::size_t>(x.offsets[r + 1]); ++n) {
        if (static_cast<std::size_t>(x.indices[n]) != c) continue;
        out.indices.push_back(static_cast<std::int32_t>(r));
        out.values.push_back(x.values[n]);
      }
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.indices.size()));
  }
  return out;
}

/// Ragged: row 0 has all columns, column 0 all rows, every seventh row nothing. Values do not add
/// up without rounding.
constexpr std::size_t columns = 37;
matrix ragged(std::size_t rows) {
  matrix out;
  recokit::random_stream random(4, recokit::random_purpose::user);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const bool there = random.uniform() < 0.25;
      if (r % 7 == 3 || !(there || r == 0 || c == 0)) continue;
      out.indices.push_back(static_cast<std::int32_t>(c));
      out.values.push_back(static_cast<float>(random.normal()));
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.indices.size()));
  }
  return out;
}

/// What the rows share, column by column, then everything sorted.
template <class Measure>
std::vector<list> by_hand(const matrix& x, const Measure& measure, std::int64_t least,
                          std::size_t k, bool with_values) {
  std::vector<list> lists(x.rows());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < x.rows(); ++j) {
      typename Measure::sums_type sums;
      auto n = static_cast<std::size_t>(x.offsets[i]);
      auto m = static_cast<std::size_t>(x.offsets[j]);
      while (n < static_cast<std::size_t>(x.offsets[i + 1]) &&
             m < static_cast<std::size_t>(x.offsets[j + 1])) {
        if (x.indices[n] == x.indices[m]) {
          sums.add(with_values ? static_cast<double>(x.values[n]) : 1.0,
                   with_values ? static_cast<double>(x.values[m]) : 1.0);
        }
        const bool first = x.indices[n] <= x.indices[m];
        m += x.indices[m] <= x.indices[n] ? 1 : 0;
        n += first ? 1 : 0;
      }
      if (i == j || sums.common < least) continue;
      lists[i].push_back({static_cast<std::int32_t>(j),
                          static_cast<float>(measure(static_cast<std::int64_t>(i),
                                                     static_cast<std::int64_t>(j), sums))});
    }
    std::sort(lists[i].begin(), lists[i].end(), recokit::by_rank{});
    if (lists[i].size() > k) lists[i].resize(k);
  }
  return lists;
}

struct layout {
  std::vector<std::int32_t> edges;  ///< warps + 1 a tile
  std::uint32_t threads;
};

template <class T>
ck::device_buffer<T> put(const std::vector<T>& host) {
  return {std::span<const T>(host), nullptr};
}

template <class Measure>
std::vector<list> on_device(const matrix& x, Measure measure, std::int64_t least, std::size_t k,
                            bool with_values, const layout& tiles) {
  const matrix other = transposed(x, columns);
  const auto facts = std::vector<double>(measure.first, measure.first + x.rows());
  const auto more_facts = std::vector<double>(measure.second, measure.second + x.rows());
  const auto first = put(facts);
  const auto second = put(more_facts);
  measure.first = first.data();
  measure.second = second.data();
  const std::uint32_t warps = tiles.threads / 32;
  const auto count = static_cast<std::uint32_t>(tiles.edges.size() / (warps + 1));
  std::vector<ck::similarity_task> tasks;
  for (std::size_t r = x.rows(); r-- > 0;)
    tasks.push_back({static_cast<std::int32_t>(r), 0, count});
  std::int64_t widest = 0;
  for (std::uint32_t t = 0; t < count; ++t) {
    const std::size_t at = t * (warps + 1);
    widest = std::max<std::int64_t>(widest, tiles.edges[at + warps] - tiles.edges[at]);
  }
  const auto offsets = put(x.offsets);
  const auto indices = put(x.indices);
  const auto values = put(x.values);
  const auto other_offsets = put(other.offsets);
  const auto other_indices = put(other.indices);
  const auto other_values = put(other.values);
  const auto work = put(tasks);
  const auto edges = put(tiles.edges);
  ck::device_buffer<ck::similar_row> found(tasks.size() * k);
  const ck::similarity_plan<float> plan{
      .vectors = {offsets.data(), indices.data(), with_values ? values.data() : nullptr},
      .transposed = {other_offsets.data(), other_indices.data(),
                     with_values ? other_values.data() : nullptr},
      .tasks = work.data(),
      .count = tasks.size(),
      .edges = edges.data(),
      .rows = static_cast<std::int32_t>(x.rows()),
      .threads = tiles.threads,
      .tile_rows = widest,
      .least_common = least,
      .k = static_cast<std::int64_t>(k)};
  ck::similar_rows(plan, measure, found.data(), nullptr);
  const auto all = found.to_host(nullptr);
  std::vector<list> lists(x.rows());
  for (std::size_t n = 0; n < tasks.size(); ++n) {
    auto& to = lists[static_cast<std::size_t>(tasks[n].row)];
    bool ended = false;
    for (std::size_t p = n * k; p < (n + 1) * k; ++p) {
      REQUIRE(all[p].row >= -1);
      REQUIRE((!ended || all[p].row == -1));
      ended = all[p].row == -1;
      if (!ended) to.push_back({all[p].row, all[p].score});
    }
  }
  return lists;
}

}  // namespace

TEST_CASE("similar rows are those found column by column, in one tile or several") {
  RECOKIT_REQUIRE_TARGET();
  const matrix x = ragged(41);
  std::vector<double> facts;
  for (std::size_t r = 0; r < x.rows(); ++r) facts.push_back(0.3 + 0.1 * static_cast<double>(r));
  struct asked {
    layout tiles;
    std::size_t k;
    std::int64_t least;
  };
  // The second has warps without rows.
  const auto [tiles, k, least] =
      GENERATE(asked{{{0, 41}, 32}, 60, 1}, asked{{{0, 1, 20, 20, 35, 35, 35, 35, 41}, 64}, 10, 4},
               asked{{{0, 4, 4, 41}, 32}, 1, 1});
  CAPTURE(tiles.edges, k, least);
  const measures::product_measure<measures::pair_dot> dot{facts.data(), facts.data(), 1, 0.5, {}};
  const bool with_values = k != 1;
  CHECK(on_device(x, dot, least, k, with_values, tiles) == by_hand(x, dot, least, k, with_values));
  const measures::ratio_measure ratio{facts.data(), facts.data(), 0.25, 0.5, 1, {3, 1}};
  CHECK(on_device(x, ratio, least, k, true, tiles) == by_hand(x, ratio, least, k, true));
}

TEST_CASE("equal similarities rank by row, and a row that shares nothing has no neighbours") {
  RECOKIT_REQUIRE_TARGET();
  // Rows 0, 2 and 3 have column 1; row 4 alone has column 2; row 1 is empty.
  const matrix x{{0, 1, 1, 2, 3, 4}, {1, 1, 1, 2}, {1, 1, 1, 1}};
  const std::vector<double> facts(5, 1.0);
  const measures::product_measure<measures::pair_count> counts{
      facts.data(), facts.data(), 1, 0, {}};
  const auto found = on_device(x, counts, 1, 3, false, {{0, 2, 2, 5}, 32});
  CHECK(found == std::vector<list>{{{2, 1}, {3, 1}}, {}, {{0, 1}, {3, 1}}, {{0, 1}, {2, 1}}, {}});
}

TEST_CASE("similar rows refuse blocks and lists of sizes that they cannot have") {
  RECOKIT_REQUIRE_TARGET();
  const measures::common_measure measure{true, 0, {}};
  const auto text = [&](std::uint32_t threads, std::int64_t tile_rows, std::int64_t k) {
    ck::similarity_plan<float> plan{};
    plan.threads = threads;
    plan.tile_rows = tile_rows;
    plan.k = k;
    return recokit_test::error_text<recokit::value_error>(
        [&] { ck::similar_rows(plan, measure, nullptr, nullptr); });
  };
  CHECK(text(32, 1, 0) == "k = 0: must be in [1, 1024]");
  CHECK(text(32, 1, 1025) == "k = 1025: must be in [1, 1024]");
  CHECK(text(1024, 1, 1) == "threads = 1024: must be a power of two in [32, 512]");
  CHECK(text(96, 1, 1) == "threads = 96: must be a power of two in [32, 512]");
  CHECK(text(32, 0, 1) == "tile_rows = 0: must be in [1, 2^24]");
}
