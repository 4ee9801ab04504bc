// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_score_top_k.hpp>

#include "both_backends.hpp"
#include "support/error_text.hpp"

#include <recokit/core/cuda_context.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/score_top_k.hpp>

#include <cstdint>
#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::random_matrix;
using recokit_test::require_same_lists;

/// Small whole numbers, so that products are exact and ties many.
rk::row_major_matrix<float> factors(Eigen::Index rows, std::uint64_t seed) {
  rk::random_stream random(seed, rk::random_purpose::user);
  rk::row_major_matrix<float> m(rows, 3);
  for (Eigen::Index i = 0; i < m.size(); ++i) {
    m.data()[i] = static_cast<float>(random.below(5)) - 2.0f;
  }
  return m;
}

bool same_items(const rk::ranked_lists& a, const rk::ranked_lists& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t u = 0; u < a.size(); ++u) {
    if (!std::equal(a[u].begin(), a[u].end(), b[u].begin(), b[u].end())) return false;
  }
  return true;
}

/// Five lists over 70 items, three of which nobody may have, on the GPU and on the CPU.
bool lists_agree(const rk::cuda& policy, bool exclude_seen, int k, std::int64_t tile) {
  const auto users = factors(12, 1);
  const auto items = factors(70, 2);
  const auto seen = random_matrix(12, 70, 0.4, 3);
  const std::vector<rk::index_t> which = {5, 0, 11, 5, 3};
  const std::vector<rk::index_t> never = {2, 69, 40};
  const rk::item_filter filter({.exclude = never}, 70);
  const auto* const left_out = exclude_seen ? &seen.view() : nullptr;
  return same_items(
      rk::kernels::score_top_k(policy, users, which, left_out, items, filter, k, tile),
      rk::kernels::score_top_k<float>(rk::cpu{.threads = 1}, users, which, left_out, items, filter,
                                      k));
}

}  // namespace

TEST_CASE("lists of a GPU break ties and filter as the CPU does, in any tiles") {
  RECOKIT_REQUIRE_TARGET();
  const auto precision = GENERATE(rk::cuda_precision::fp32, rk::cuda_precision::tf32,
                                  rk::cuda_precision::bf16, rk::cuda_precision::fp16);
  // All items of all queries; tiles of 40 items.
  const std::int64_t tile = GENERATE(std::int64_t{1} << 20, 40 * 1024);
  const int k = GENERATE(6, 70);
  CHECK(lists_agree(rk::cuda{.precision = precision}, GENERATE(true, false), k, tile));
}

TEST_CASE("items that a GPU has no room for come in parts, with the same lists") {
  RECOKIT_REQUIRE_TARGET();
  // Rows of 32 floats: 1 item at a time, 20 (the last part is half), or all.
  const std::uint64_t room = GENERATE(1u, 20u * 128u, 70u * 128u);
  // All at once, or three queries and one item at a time.
  const std::int64_t tile = GENERATE(std::int64_t{1} << 20, 3);
  const int k = GENERATE(6, 70);
  rk::cuda_context context(rk::cuda{}, {.max_data_bytes = room});
  CHECK(lists_agree(rk::cuda{.context = &context}, true, k, tile));
}

TEST_CASE("a tile of one item and one query is a tile") {
  RECOKIT_REQUIRE_TARGET();
  const auto users = factors(2, 1);
  const auto items = factors(7, 2);
  const std::vector<rk::index_t> which = {1, 0};
  const rk::item_filter filter({}, 7);
  CHECK(same_items(
      rk::kernels::score_top_k(rk::cuda{}, users, which, nullptr, items, filter, 3, 1),
      rk::kernels::score_top_k<float>(rk::cpu{}, users, which, nullptr, items, filter, 3)));
}

TEST_CASE("longer lists than a GPU makes are refused, not cut") {
  RECOKIT_REQUIRE_TARGET();
  const auto users = factors(1, 1);
  const auto items = factors(2000, 2);
  const std::vector<rk::index_t> which = {0};
  const rk::item_filter filter({}, 2000);
  CHECK(recokit_test::error_text<rk::value_error>([&] {
          rk::kernels::score_top_k(rk::cuda{}, users, which, nullptr, items, filter, 1025);
        }) == "options.k = 1025: must be at most 1024 on a GPU");
}

TEST_CASE("no queries and no items give no items") {
  RECOKIT_REQUIRE_TARGET();
  const auto users = factors(2, 1);
  const std::vector<rk::index_t> which = {1, 0};
  const auto lists = rk::kernels::score_top_k(rk::cuda{}, users, which, nullptr, factors(0, 2),
                                              rk::item_filter({}, 0), 3);
  REQUIRE(lists.size() == 2);
  CHECK(lists[0].empty());
  CHECK(rk::kernels::score_top_k(rk::cuda{}, users, {}, nullptr, factors(4, 2),
                                 rk::item_filter({}, 4), 3)
            .empty());
}
