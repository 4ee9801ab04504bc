// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/dense_view.hpp>

namespace rk = recokit;

TEST_CASE("a dense view reads matrices, maps and blocks where they are") {
  rk::row_major_matrix<float> matrix(3, 4);
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 4; ++c) matrix(r, c) = static_cast<float>(10 * r + c);
  }
  const rk::dense_view whole(matrix);
  CHECK(whole.data() == matrix.data());
  CHECK((whole.rows() == 3 && whole.cols() == 4 && whole.stride() == 4));

  const rk::dense_view part(matrix.block(1, 1, 2, 2));
  CHECK((part.rows() == 2 && part.cols() == 2 && part.stride() == 4));
  CHECK((part.row(0)[0] == 11 && part.row(1)[1] == 22));

  const rk::dense_view mapped(Eigen::Map<const rk::row_major_matrix<float>>(matrix.data(), 2, 6));
  CHECK(mapped.row(1)[0] == 12);
  const rk::dense_view one_row(matrix.row(2));
  CHECK((one_row.rows() == 1 && one_row.row(0)[3] == 23));
}

TEST_CASE("a dense view refuses negative sizes, rows that overlap and columns that lie apart") {
  const double values[6] = {};
  CHECK_THROWS_AS((rk::dense_view<double>(values, -1, 2, 2)), rk::dimension_error);
  CHECK_THROWS_AS((rk::dense_view<double>(values, 1, -2, 2)), rk::dimension_error);
  CHECK_THROWS_AS((rk::dense_view<double>(values, 3, 2, 1)), rk::dimension_error);
  using apart = Eigen::Map<const rk::row_major_matrix<double>, 0, Eigen::Stride<-1, -1>>;
  CHECK_THROWS_AS(rk::dense_view<double>(apart(values, 1, 3, Eigen::Stride<-1, -1>(6, 2))),
                  rk::dimension_error);
  CHECK(rk::dense_view<double>().rows() == 0);
}
