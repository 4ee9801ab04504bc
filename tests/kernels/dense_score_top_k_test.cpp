// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/kernels/dense_score_top_k.hpp>

#include <algorithm>

namespace rk = recokit;
using recokit_test::dense;
using recokit_test::random_matrix;

namespace {

// Small whole numbers: sums are exact in float, so ties are real and order is defined.
template <class Scalar>
rk::row_major_matrix<Scalar> whole_numbers(int n, std::uint64_t seed) {
  rk::row_major_matrix<Scalar> matrix(n, n);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (int i = 0; i < matrix.size(); ++i) {
    matrix.data()[i] = static_cast<Scalar>(random.below(9)) - 4;
  }
  return matrix;
}

}  // namespace

TEMPLATE_TEST_CASE("sparse rows times a dense matrix are ranked as if all were scored", "", float,
                   double) {
  const int items = 1100;  // more than one tile of columns
  const auto weights = whole_numbers<TestType>(items, 1);
  const auto histories = random_matrix(90, items, 0.06, 2, 3);
  const Eigen::MatrixXd scores = dense(histories.view()) * weights.template cast<double>();
  std::vector<rk::index_t> all;
  for (rk::index_t q = 89; q >= 0; --q) all.push_back(q);
  all.push_back(7);  // rows may come in any order and twice
  const std::vector<rk::index_t> exclude{0, 31, 32, 1023, 1024, 1099};
  // All of them read copies of columns, three read the rows as they are.
  for (const std::size_t queries : {all.size(), std::size_t{3}}) {
    const auto which = std::span(all).first(queries);
    for (const int k : {1, 10, 1100}) {
      for (const bool with_filter : {false, true}) {
        for (const bool exclude_history : {false, true}) {
          const rk::item_filter filter(
              with_filter ? rk::recommend_options{.exclude = exclude} : rk::recommend_options{},
              items);
          const auto lists = rk::kernels::dense_score_top_k(
              rk::cpu{.threads = 2}, histories.view(), which, weights, filter, k, exclude_history);
          REQUIRE(lists.size() == queries);
          for (std::size_t q = 0; q < queries; ++q) {
            const auto known = histories.row(which[q]).indices;
            const auto expected =
                recokit_test::rank_all(scores.row(which[q]).transpose(), k, [&](int item) {
                  return filter.allows(item) &&
                         !(exclude_history && std::binary_search(known.begin(), known.end(), item));
                });
            REQUIRE(std::equal(lists[q].begin(), lists[q].end(), expected.begin(), expected.end()));
          }
        }
      }
    }
  }
}

TEST_CASE("scores of single items are those of the lists, to the last bit") {
  const int items = 300;
  rk::row_major_matrix<float> weights(items, items);
  rk::random_stream random(3, rk::random_purpose::user);
  for (int i = 0; i < weights.size(); ++i) {
    weights.data()[i] = static_cast<float>(random.normal());
  }
  const auto histories = random_matrix(100, items, 0.2, 4);
  const rk::item_filter filter({}, items);
  const auto all = rk::detail::all_rows(100);
  const auto many = rk::kernels::dense_score_top_k(rk::cpu{.threads = 2}, histories.view(), all,
                                                   weights, filter, items, false);
  for (const rk::index_t q : all) {
    const auto one = rk::kernels::dense_score_top_k(
        rk::cpu{.threads = 1}, histories.view(), std::span(&q, 1), weights, filter, items, false);
    const auto list = many[static_cast<std::size_t>(q)];
    REQUIRE(std::equal(list.begin(), list.end(), one[0].begin(), one[0].end()));
    for (const auto& entry : list) {
      float score = 0;
      rk::kernels::dense_score(histories.row(q), weights, std::span(&entry.item, 1),
                               std::span(&score, 1));
      REQUIRE(score == entry.score);
    }
  }
}
