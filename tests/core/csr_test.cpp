// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/csr.hpp>

#include <limits>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

// 3 × 4 with rows {0: 1, 2: 5}, {}, {1: 2, 2: 3, 3: 4}.
struct sample {
  std::vector<rk::offset_t> offsets{0, 2, 2, 5};
  std::vector<rk::index_t> indices{0, 2, 1, 2, 3};
  std::vector<float> values{1, 5, 2, 3, 4};

  rk::csr_view<> view() const { return {3, 4, offsets, indices, values}; }
  std::string error() const {
    return error_text<rk::error>([&] { view(); });
  }
};

}  // namespace

TEST_CASE("a view reads rows in place") {
  const sample s;
  const auto view = s.view();
  CHECK(view.rows() == 3);
  CHECK(view.cols() == 4);
  CHECK(view.nonzeros() == 5);
  CHECK(view.row(1).size() == 0);
  REQUIRE(view.row(2).size() == 3);
  CHECK(view.row(2).indices[1] == 2);
  CHECK(view.row(2).value(1) == 3);
  CHECK(view.row(2).indices.data() == s.indices.data() + 2);
  CHECK(view.values().data() == s.values.data());
}

TEST_CASE("a view without values counts every entry as 1") {
  const sample s;
  const rk::csr_view<> pattern(3, 4, s.offsets, s.indices);
  CHECK_FALSE(pattern.has_values());
  CHECK(pattern.values().empty());
  CHECK(pattern.row(0).value(1) == 1);
  CHECK(s.view().pattern().row(0).value(1) == 1);
}

TEST_CASE("an empty matrix has no rows, or rows without entries") {
  CHECK(rk::csr_view<>{}.nonzeros() == 0);
  CHECK(rk::csr_view<>{}.offsets().empty());
  const std::vector<rk::offset_t> offsets{0, 0, 0};
  const rk::csr_view<> view(2, 0, offsets, {});
  CHECK(view.nonzeros() == 0);
  CHECK(view.row(1).size() == 0);
  const std::vector<rk::offset_t> none{0};
  CHECK(rk::csr_view<>(0, 5, none, {}).cols() == 5);
}

TEST_CASE("a view refuses arrays whose sizes disagree") {
  sample s;
  SECTION("offsets") {
    s.offsets.pop_back();
    CHECK(s.error() == "offsets.size() is 3 but rows + 1 is 4: rows is the number of users");
  }
  SECTION("values") {
    s.values.pop_back();
    CHECK(s.error() == "values.size() is 4 but indices.size() is 5");
  }
  SECTION("the last offset") {
    s.offsets.back() = 4;
    CHECK(s.error() == "offsets[rows] is 4 but indices.size() is 5");
  }
  SECTION("the first offset") {
    s.offsets.front() = 1;
    CHECK(s.error() == "offsets[0] = 1: must be 0");
  }
}

TEST_CASE("a view refuses falling offsets before it reads any entry") {
  sample s;
  s.offsets = {0, 1'000'000, 2, 5};
  CHECK(s.error() == "offsets[2] = 2: must not be less than offsets[1] = 1000000");
}

TEST_CASE("a view refuses column ids out of range and asks whether the matrix is transposed") {
  sample s;
  s.indices[4] = 4;
  CHECK_THAT(s.error(), ContainsSubstring("column id in row 2 = 4") &&
                            ContainsSubstring("cols = 4") && ContainsSubstring("transposed"));
  s.indices[4] = 3;
  s.indices[0] = -1;
  CHECK_THAT(s.error(), ContainsSubstring("column id in row 0 = -1"));
}

TEST_CASE("a view refuses unsorted and duplicate columns") {
  sample s;
  std::swap(s.indices[2], s.indices[3]);
  CHECK_THAT(s.error(), ContainsSubstring("row 2 = 1: follows 2") && ContainsSubstring("sort"));
  std::swap(s.indices[2], s.indices[3]);
  s.indices[3] = 1;
  CHECK_THAT(s.error(), ContainsSubstring("row 2 = 1: occurs twice"));
}

TEST_CASE("a view refuses NaN and infinity and says where they are") {
  sample s;
  s.values[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(s.error(), ContainsSubstring("row 2, column 2") && ContainsSubstring("finite"));
  s.values[3] = -std::numeric_limits<float>::infinity();
  CHECK_THAT(s.error(), ContainsSubstring("row 2, column 2 = -inf"));
}

TEST_CASE("a view refuses shapes that are negative or beyond its index type") {
  const std::vector<rk::offset_t> offsets{0};
  CHECK_THROWS_AS(rk::csr_view<>(-1, 2, offsets, {}), rk::value_error);
  CHECK_THROWS_AS(rk::csr_view<>(0, -2, offsets, {}), rk::value_error);
  CHECK_THROWS_AS(rk::csr_view<>(0, std::int64_t{1} << 31, offsets, {}), rk::value_error);
  CHECK_NOTHROW(rk::csr_view<float, std::int64_t>(0, std::int64_t{1} << 31, offsets, {}));
}

TEST_CASE("a row-major Eigen matrix is viewed, not copied") {
  Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(2, 3);
  matrix.insert(0, 1) = 2;
  matrix.insert(1, 0) = 3;
  matrix.insert(1, 2) = 4;
  CHECK_THAT(error_text<rk::value_error>([&] { rk::as_csr(matrix); }),
             ContainsSubstring("makeCompressed"));
  matrix.makeCompressed();
  const auto view = rk::as_csr(matrix);
  STATIC_REQUIRE(
      std::is_same_v<std::remove_const_t<decltype(view)>, rk::csr_view<double, int, int>>);
  CHECK(view.values().data() == matrix.valuePtr());
  CHECK(view.row(1).indices[1] == 2);
}

TEST_CASE("an Eigen map of raw pointers with 64-bit indices is viewed, not copied") {
  std::vector<std::int64_t> offsets{0, 1, 3};
  std::vector<std::int64_t> indices{1, 0, 2};
  std::vector<float> values{2, 3, 4};
  const Eigen::Map<const Eigen::SparseMatrix<float, Eigen::RowMajor, std::int64_t>> map(
      2, 3, 3, offsets.data(), indices.data(), values.data());
  const auto view = rk::as_csr(map);
  CHECK(view.offsets().data() == offsets.data());
  CHECK(view.row(1).value(1) == 4);
  indices[2] = 7;
  CHECK_THROWS_AS(rk::as_csr(map), rk::value_error);
}

TEST_CASE("copies of an owning matrix share their memory and keep it alive") {
  rk::csr_matrix<> copy;
  const float* values = nullptr;
  {
    const rk::csr_matrix<> matrix(2, 2, {0, 1, 2}, {0, 1}, {3, 4});
    values = matrix.view().values().data();
    copy = matrix;
  }
  CHECK(copy.view().values().data() == values);
  CHECK(copy.row(1).value(0) == 4);
}

TEST_CASE("an owning matrix checks what it is given") {
  CHECK_THROWS_AS(rk::csr_matrix<>(1, 2, {0, 2}, {1, 0}, {1, 1}), rk::value_error);
  CHECK_THROWS_AS(rk::csr_matrix<>(1, 2, {0, 2}, {0, 1}, {1}), rk::dimension_error);
}

TEST_CASE("the standard form shares an owning matrix and converts a view") {
  const auto matrix = random_matrix(20, 15, 0.3, 1);
  CHECK(rk::standard_csr(matrix).view().indices().data() == matrix.view().indices().data());
  CHECK(rk::standard_csr(matrix.view()).view().indices().data() != matrix.view().indices().data());
  const auto wide = random_matrix<double, std::int64_t, std::int32_t>(20, 15, 0.3, 1);
  const auto standard = rk::standard_csr(wide.view());
  CHECK(dense(standard.view()) == dense(wide.view()));
  CHECK_FALSE(rk::standard_csr(matrix.view().pattern()).has_values());
}

TEST_CASE("the transpose equals the dense transpose for any number of threads") {
  const int threads = GENERATE(1, 2, 3, 8);
  for (const auto& [rows, cols, density] :
       {std::tuple{1, 1, 1.0}, std::tuple{50, 30, 0.2}, std::tuple{7, 400, 0.5},
        std::tuple{900, 3, 0.4}, std::tuple{40, 40, 0.0}}) {
    const auto matrix = random_matrix(rows, cols, density, 7);
    const auto flipped = rk::transpose(rk::cpu{.threads = threads}, matrix.view());
    CHECK(dense(flipped.view()) == dense(matrix.view()).transpose());
    // The view inside was not checked when it was made; check it now.
    CHECK_NOTHROW(rk::csr_view<>(flipped.rows(), flipped.cols(), flipped.view().offsets(),
                                 flipped.view().indices(), flipped.view().values()));
  }
}

TEST_CASE("the transpose of a large matrix is cut into parts that meet") {
  const auto matrix = random_matrix(3000, 200, 0.1, 3);
  const auto once = rk::transpose(rk::cpu{.threads = 4}, matrix.view());
  const auto twice = rk::transpose(rk::cpu{.threads = 4}, once.view());
  CHECK(dense(twice.view()) == dense(matrix.view()));
}

TEST_CASE("a pattern stays a pattern when transposed") {
  const auto matrix = random_matrix(20, 30, 0.2, 5);
  const auto flipped = rk::transpose(rk::cpu{}, matrix.view().pattern());
  CHECK_FALSE(flipped.has_values());
  CHECK(flipped.nonzeros() == matrix.nonzeros());
}

TEST_CASE("transposing nothing gives nothing") {
  const auto flipped = rk::transpose(rk::cpu{}, rk::csr_view<>{});
  CHECK(flipped.rows() == 0);
  CHECK(flipped.nonzeros() == 0);
}
