// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/kernels/score_top_k.hpp>

#include <cmath>
#include <limits>

namespace rk = recokit;
using recokit_test::check_lists;
using recokit_test::random_matrix;

namespace {

// Small whole numbers: products are exact in float, so ties are real and order is defined.
rk::row_major_matrix<float> whole_numbers(int rows, int cols, std::uint64_t seed) {
  rk::row_major_matrix<float> matrix(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) matrix(r, c) = static_cast<float>(random.below(5)) - 2;
  }
  return matrix;
}

}  // namespace

TEST_CASE("tiled scoring agrees with scoring and sorting everything") {
  // 1300 items cross the tiles of 256; 150 queries cross the blocks of 32.
  const auto queries = whole_numbers(150, 9, 1);
  const auto items = whole_numbers(1300, 9, 2);
  const auto seen = random_matrix(150, 1300, 0.05, 3);
  const Eigen::MatrixXd scores = queries.cast<double>() * items.cast<double>().transpose();
  std::vector<rk::index_t> which;
  for (rk::index_t q = 149; q >= 0; --q) which.push_back(q);
  which.push_back(7);  // rows may come in any order and twice
  const std::vector<rk::index_t> exclude{0, 511, 512, 513, 1299};
  for (const int k : {1, 10, 600, 1300}) {
    for (const bool with_filter : {false, true}) {
      const rk::item_filter filter(
          with_filter ? rk::recommend_options{.exclude = exclude} : rk::recommend_options{}, 1300);
      for (const rk::csr_view<>* known :
           {&seen.view(), static_cast<const rk::csr_view<>*>(nullptr)}) {
        const auto lists = rk::kernels::score_top_k(rk::cpu{.threads = 2}, queries, which, known,
                                                    items, filter, k);
        check_lists(lists, scores, known, which, filter, k);
      }
    }
  }
}

TEST_CASE("items of very different lengths are ranked as if all were scored") {
  const auto queries = whole_numbers(300, 6, 1);
  auto items = whole_numbers(4000, 6, 2);
  // Powers of two keep products exact. Rows fall steeply, so most queries stop early.
  for (int i = 0; i < 4000; ++i) {
    items.row(i) *= static_cast<float>(std::ldexp(1.0, -((i * 37) % 9)));
  }
  const auto seen = random_matrix(300, 4000, 0.02, 3);
  const Eigen::MatrixXd scores = queries.cast<double>() * items.cast<double>().transpose();
  std::vector<rk::index_t> which;
  // Enough for large blocks: every query many times.
  for (rk::index_t n = 0; n < 4200; ++n) which.push_back(n % 300);
  std::vector<rk::index_t> only;
  for (rk::index_t i = 0; i < 4000; i += 3) only.push_back(i);
  for (const int k : {1, 250}) {
    for (const bool with_filter : {false, true}) {
      const rk::item_filter filter(
          with_filter ? rk::recommend_options{.only = only} : rk::recommend_options{}, 4000);
      const auto lists = rk::kernels::score_top_k(rk::cpu{.threads = 2}, queries, which,
                                                  &seen.view(), items, filter, k);
      REQUIRE(lists.size() == which.size());
      const rk::ranked_lists first =
          rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, std::span(which).first(300),
                                   &seen.view(), items, filter, k);
      check_lists(first, scores, &seen.view(), std::span(which).first(300), filter, k);
      for (std::size_t n = 0; n < which.size(); ++n) {
        REQUIRE(std::equal(lists[n].begin(), lists[n].end(), first[n % 300].begin(),
                           first[n % 300].end()));
      }
    }
  }
}

TEST_CASE("many queries find the items that one query alone finds, NaN factors and zeros too") {
  auto queries = whole_numbers(70, 4, 5);
  queries.row(3).setZero();
  auto items = whole_numbers(640, 4, 6);
  items(17, 2) = std::numeric_limits<float>::quiet_NaN();
  items(18, 0) = std::numeric_limits<float>::infinity();
  std::vector<rk::index_t> which;
  for (rk::index_t q = 0; q < 70; ++q) which.push_back(q);
  const rk::item_filter all({}, 640);
  const auto many =
      rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, which, nullptr, items, all, 30);
  for (const rk::index_t q : which) {
    const auto one = rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, std::span(&q, 1),
                                              nullptr, items, all, 30);
    REQUIRE(many[static_cast<std::size_t>(q)].size() == 30);
    for (std::size_t i = 0; i < 30; ++i) {
      CHECK(many[static_cast<std::size_t>(q)][i].item == one[0][i].item);
    }
  }
}
