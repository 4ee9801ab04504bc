// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/merge.hpp>

#include <algorithm>

namespace rk = recokit;
using recokit_test::dense;
using recokit_test::random_matrix;

TEST_CASE("merging keeps what either has and decides by the rule where both have") {
  const auto a = random_matrix(30, 20, 0.2, 1);
  const auto b = random_matrix(20, 25, 0.3, 2);
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(30, 25);
  Eigen::MatrixXd y = x;
  x.leftCols(20) = dense(a.view());
  y.topRows(20) = dense(b.view());
  const Eigen::MatrixXd last = (y.array() != 0).select(y, x);
  CHECK(dense(rk::merge(a.view(), b.view()).view()) == last);
  CHECK(dense(rk::merge(a.view(), b.view(), rk::duplicate_rule::sum).view()) == x + y);
  CHECK(dense(rk::merge(a.view(), b.view(), rk::duplicate_rule::max).view()) == x.cwiseMax(y));
}

TEST_CASE("merging patterns gives a pattern, and a pattern counts as ones beside values") {
  const rk::csr_matrix<> a(2, 3, {0, 1, 2}, {0, 2});
  const rk::csr_matrix<> b(2, 3, {0, 2, 2}, {0, 1});
  const auto both = rk::merge(a.view(), b.view(), rk::duplicate_rule::sum);
  CHECK_FALSE(both.has_values());
  CHECK(both.nonzeros() == 3);
  const rk::csr_matrix<> values(1, 3, {0, 1}, {1}, {5});
  Eigen::MatrixXd expected(2, 3);
  expected << 1, 5, 0, 0, 0, 1;
  CHECK(dense(rk::merge(a.view(), values.view()).view()) == expected);
}

TEST_CASE("under the rule error a known pair is named") {
  const rk::csr_matrix<> a(2, 3, {0, 1, 2}, {0, 2});
  const rk::csr_matrix<> b(2, 3, {0, 0, 1}, {2});
  CHECK_THAT(recokit_test::error_text<rk::value_error>(
                 [&] { rk::merge(a.view(), b.view(), rk::duplicate_rule::error); }),
             recokit_test::ContainsSubstring("user 1, item 2"));
  const rk::csr_matrix<> other(2, 3, {0, 0, 1}, {1});
  CHECK(rk::merge(a.view(), other.view(), rk::duplicate_rule::error).nonzeros() == 3);
}
