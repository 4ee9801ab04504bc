// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/rows_of.hpp"

#include <recokit/resampling/resampled.hpp>

#include <vector>

namespace rk = recokit;
using ids = std::vector<rk::index_t>;

TEST_CASE("kept rows are gathered in their order, from a block as from a matrix") {
  rk::row_major_matrix<double> matrix(3, 3);
  matrix << 1, 2, 3, 4, 5, 6, 7, 8, 9;
  const ids kept{2, 0, 2};
  const auto block = matrix.rightCols(2);
  const auto rows = rk::gather_rows(rk::dense_view(block), kept);
  rk::row_major_matrix<double> expected(3, 2);
  expected << 8, 9, 2, 3, 8, 9;
  CHECK(rows == expected);
  CHECK(rk::gather_labels(ids{5, 6, 7}, kept) == ids{7, 5, 7});
}

TEST_CASE("rows that are not there are not gathered") {
  const rk::row_major_matrix<double> matrix = rk::row_major_matrix<double>::Ones(3, 2);
  const rk::csr_matrix<> sparse = recokit_test::rows_of(2, {{0}, {1}, {}});
  const ids labels{1, 0, 1};
  for (const ids& wrong : {ids{0, 3}, ids{-1}}) {
    CHECK_THROWS_AS(rk::gather_rows(rk::dense_view(matrix), wrong), rk::value_error);
    CHECK_THROWS_AS(rk::gather_rows(sparse.view(), wrong), rk::value_error);
    CHECK_THROWS_AS(rk::gather_labels(labels, wrong), rk::value_error);
  }
}

TEST_CASE("rows that were there before are those without an origin") {
  rk::resampled<float> result;
  result.labels = {0, 1, 1};
  result.origins = {{1, 1, 0}};
  CHECK(result.inputs() == 2);
}
