// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/metrics/columns.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace rk = recokit;

// What may stand for a column is decided at compile time.
static_assert(std::is_convertible_v<std::vector<float>, rk::real_column>);
static_assert(std::is_convertible_v<std::span<const double>, rk::real_column>);
static_assert(std::is_convertible_v<Eigen::VectorXf, rk::real_column>);
static_assert(std::is_convertible_v<Eigen::RowVectorXd, rk::real_column>);
static_assert(std::is_convertible_v<Eigen::Ref<const Eigen::VectorXd>, rk::real_column>);
static_assert(std::is_convertible_v<Eigen::ArrayXd, rk::real_column>);
static_assert(!std::is_convertible_v<std::vector<int>, rk::real_column>);
static_assert(!std::is_convertible_v<Eigen::MatrixXd, rk::real_column>);
static_assert(
    !std::is_convertible_v<decltype(Eigen::VectorXd() + Eigen::VectorXd()), rk::real_column>);
static_assert(std::is_convertible_v<std::vector<std::uint8_t>, rk::label_column>);
static_assert(std::is_convertible_v<std::array<bool, 3>, rk::label_column>);
static_assert(std::is_convertible_v<Eigen::VectorXi, rk::label_column>);
static_assert(std::is_convertible_v<std::span<const long long>, rk::label_column>);
static_assert(!std::is_convertible_v<std::vector<std::uint64_t>, rk::label_column>);
static_assert(!std::is_convertible_v<std::vector<bool>, rk::label_column>);
static_assert(!std::is_convertible_v<std::string, rk::label_column>);
static_assert(!std::is_convertible_v<std::vector<float>, rk::label_column>);
static_assert(std::is_convertible_v<Eigen::MatrixXf, rk::real_table>);
static_assert(std::is_convertible_v<rk::row_major_matrix<double>, rk::real_table>);
static_assert(!std::is_convertible_v<Eigen::VectorXd, rk::real_table>);

TEST_CASE("a column of a row-major matrix is read with its stride") {
  rk::row_major_matrix<float> matrix(3, 2);
  matrix << 1, 2, 3, 4, 5, 6;
  const rk::real_column column = matrix.col(1);
  REQUIRE(column.size() == 3);
  CHECK(column.is_float());
  std::array<double, 2> values{};
  column.load(1, std::span<double>(values));
  CHECK(values == std::array<double, 2>{4, 6});
  CHECK(column[0] == 2);
}

TEST_CASE("a table gives the same rows and columns in both storage orders") {
  Eigen::MatrixXd by_column(2, 3);
  by_column << 1, 2, 3, 4, 5, 6;
  const rk::row_major_matrix<double> by_row = by_column;
  for (const rk::real_table table : {rk::real_table(by_column), rk::real_table(by_row)}) {
    CHECK(table.rows() == 2);
    CHECK(table.cols() == 3);
    CHECK(table.column(1)[1] == 5);
    CHECK(table.row(1)[2] == 6);
  }
  const rk::real_table block = by_column.block(0, 1, 2, 2);
  CHECK(block.row(1)[0] == 5);
}

TEST_CASE("labels of any width keep their value") {
  const std::vector<std::int64_t> wide{-(std::int64_t{1} << 62), 7};
  const std::vector<std::uint32_t> narrow{4294967295u, 1};
  const Eigen::Array<std::int8_t, 4, 1> strided(-1, 2, -3, 4);
  CHECK(rk::label_column(wide)[0] == -(std::int64_t{1} << 62));
  CHECK(rk::label_column(narrow)[0] == 4294967295);
  const Eigen::Map<const Eigen::Array<std::int8_t, 2, 1>, 0, Eigen::InnerStride<2>> odd(
      strided.data());
  CHECK(rk::label_column(odd)[1] == -3);
}

TEST_CASE("an empty column is given, a default one is not") {
  const std::vector<double> none;
  CHECK(rk::real_column(none).given());
  CHECK_FALSE(rk::real_column().given());
}
