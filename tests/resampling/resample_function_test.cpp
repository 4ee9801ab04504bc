// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/resampling/resample_function.hpp>

#include <Eigen/SparseCore>

#include <limits>
#include <tuple>
#include <type_traits>
#include <vector>

namespace rk = recokit;
using ids = std::vector<rk::index_t>;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

struct settings {
  int k = 5;
  static constexpr auto fields() {
    return std::tuple{rk::field("k", &settings::k, 1, 100, "neighbours")};
  }
};

/// Tells what it was given.
template <bool TakesNan>
struct witness {
  using params_type = settings;
  static constexpr bool takes_nan = TakesNan;
  static constexpr bool has_cuda = false;
  struct seen {
    int threads;
    bool sparse;
    double sum;
    std::size_t classes;
    int k;
  };
  template <class Rows>
  static seen run(const rk::cpu& policy, const Rows& rows, std::span<const rk::index_t>,
                  const rk::class_table& classes, const settings& params) {
    seen result{policy.threads, false, 0, classes.classes(), params.k};
    if constexpr (requires { rows.nonzeros(); }) {
      result.sparse = true;
      for (const auto value : rows.values()) result.sum += value;
    } else {
      for (int r = 0; r < rows.rows(); ++r) {
        for (int c = 0; c < rows.cols(); ++c) result.sum += rows.row(r)[c];
      }
    }
    return result;
  }
};

constexpr rk::resample_function<witness<false>> strict{};
constexpr rk::resample_function<witness<true>> lenient{};

rk::row_major_matrix<double> matrix() {
  rk::row_major_matrix<double> rows(3, 2);
  rows << 1, 2, 3, 4, 5, 6;
  return rows;
}

}  // namespace

TEST_CASE("a sampler takes matrices, views, blocks and sparse rows, with and without a policy") {
  const ids labels{0, 1, 0};
  const auto rows = matrix();
  CHECK(strict(rows, labels).sum == 21);
  CHECK(strict(rk::cpu{.threads = 2}, rows, labels).threads == 2);
  CHECK(strict(rk::dense_view(rows), labels, {.k = 7}).k == 7);
  const auto block = rows.rightCols(1);
  CHECK(strict(block, labels).sum == 12);
  Eigen::SparseMatrix<float, Eigen::RowMajor> sparse(3, 2);
  sparse.insert(1, 1) = 2;
  sparse.makeCompressed();
  const auto seen = strict(rk::cpu{}, sparse, labels);
  CHECK(seen.sparse);
  CHECK(seen.sum == 2);
  CHECK(seen.classes == 2);
}

TEST_CASE("one label a row, and two classes, or the call is refused") {
  const auto rows = matrix();
  CHECK_THAT(error_text<rk::dimension_error>([&] {
               strict(rows, ids{0, 1});
             }),
             ContainsSubstring("labels.size() is 2") && ContainsSubstring("rows.rows() is 3"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               strict(rows, ids{4, 4, 4});
             }),
             ContainsSubstring("class 4 only") && ContainsSubstring("two classes"));
  CHECK_THAT(error_text<rk::value_error>([&] { strict(rk::row_major_matrix<float>(0, 2), ids{}); }),
             ContainsSubstring("no rows"));
}

TEST_CASE("params are checked against their table") {
  CHECK_THAT(error_text<rk::value_error>([] {
               strict(matrix(), ids{0, 1, 0}, {.k = 0});
             }),
             ContainsSubstring("params.k = 0"));
}

TEST_CASE("a value that is not finite is named by row and column unless the sampler takes it") {
  const ids labels{0, 1, 0};
  auto rows = matrix();
  rows(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(error_text<rk::value_error>([&] { strict(rows, labels); }),
             ContainsSubstring("row 2, column 1 = nan"));
  CHECK(std::isnan(lenient(rows, labels).sum));
  rows(2, 1) = -std::numeric_limits<double>::infinity();
  CHECK_THAT(error_text<rk::value_error>([&] { strict(rows, labels); }),
             ContainsSubstring("= -inf"));
}

TEST_CASE("labels are integers: real ones do not compile") {
  using rows = rk::row_major_matrix<double>;
  CHECK_FALSE(std::is_invocable_v<decltype(strict), rows, std::vector<double>>);
  CHECK(std::is_invocable_v<decltype(strict), rows, ids>);
}
