// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/kernels/kmeans.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using rk::kernels::kmeans;
using rk::kernels::kmeans_options;

namespace {

std::vector<rk::index_t> all_of(std::int64_t rows) {
  std::vector<rk::index_t> ids(static_cast<std::size_t>(rows));
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}

/// `groups` clouds around corners that lie `apart`.
template <class Scalar>
rk::row_major_matrix<Scalar> clouds(int rows, int cols, int groups, double apart,
                                    std::uint64_t seed) {
  rk::row_major_matrix<Scalar> points(rows, cols);
  for (int r = 0; r < rows; ++r) {
    rk::random_stream random(seed, rk::random_purpose::user, static_cast<std::uint64_t>(r));
    for (int c = 0; c < cols; ++c) {
      const double corner = (r % groups >> c % 8 & 1) != 0 ? apart : 0;
      points(r, c) = static_cast<Scalar>(corner + random.normal());
    }
  }
  return points;
}

/// Every centre is the mean of its rows and every row is at its nearest centre, by plain loops.
void check_fixed_point(const rk::row_major_matrix<double>& points,
                       const std::vector<rk::index_t>& among,
                       const rk::kernels::kmeans_result& result, double tolerance) {
  rk::row_major_matrix<double> means =
      rk::row_major_matrix<double>::Zero(result.centers.rows(), points.cols());
  std::vector<std::int64_t> counts(static_cast<std::size_t>(means.rows()), 0);
  double inertia = 0;
  REQUIRE(result.assignments.size() == among.size());
  for (std::size_t n = 0; n < among.size(); ++n) {
    const auto c = result.assignments[n];
    REQUIRE(c >= 0);
    REQUIRE(c < means.rows());
    means.row(c) += points.row(among[n]);
    ++counts[static_cast<std::size_t>(c)];
    const Eigen::VectorXd squares =
        (result.centers.rowwise() - points.row(among[n])).rowwise().squaredNorm();
    inertia += squares[c];
    CHECK(result.squared_distances[n] == Approx(squares[c]).epsilon(1e-9).margin(1e-9));
    CHECK(squares[c] <= squares.minCoeff() * (1 + 1e-12) + 1e-12);
  }
  CHECK(counts == result.counts);
  CHECK(result.inertia == Approx(inertia).epsilon(1e-12).margin(1e-12));
  for (Eigen::Index c = 0; c < means.rows(); ++c) {
    REQUIRE(counts[static_cast<std::size_t>(c)] > 0);
    means.row(c) /= static_cast<double>(counts[static_cast<std::size_t>(c)]);
  }
  CHECK((means - result.centers).cwiseAbs().maxCoeff() <= tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("k-means ends where centres are means and rows are at their nearest centre", "",
                   float, double) {
  // More clusters than a block of centres, more rows than a block of rows, one column, one cluster.
  for (const auto& [rows, cols, clusters] :
       {std::tuple{700, 5, 9}, {1500, 3, 600}, {300, 1, 4}, {40, 33, 1}, {20, 2, 20}}) {
    CAPTURE(rows, cols, clusters);
    const auto points = clouds<TestType>(rows, cols, 7, 2.0, 3);
    const auto ids = all_of(rows);
    const auto result = kmeans(rk::cpu{}, rk::dense_view<TestType>(points), ids,
                               {.clusters = clusters, .iterations = 1000, .tolerance = 0});
    CHECK(result.iterations < 1000);
    check_fixed_point(points.template cast<double>(), ids, result, 1e-9);
  }
}

TEST_CASE("with a tolerance rows are still at the nearest of the centres returned") {
  const auto points = clouds<double>(800, 4, 5, 1.0, 8);
  const auto ids = all_of(800);
  const auto early =
      kmeans(rk::cpu{}, rk::dense_view<double>(points), ids, {.clusters = 12, .tolerance = 1e-2});
  const auto late =
      kmeans(rk::cpu{}, rk::dense_view<double>(points), ids, {.clusters = 12, .tolerance = 0});
  CHECK(early.iterations < late.iterations);
  CHECK(late.inertia < early.inertia);
  check_fixed_point(points, ids, early, 0.5);
  const auto one = kmeans(rk::cpu{}, rk::dense_view<double>(points), ids,
                          {.clusters = 12, .iterations = 1, .tolerance = 0});
  CHECK(one.iterations == 1);
  check_fixed_point(points, ids, one, 2.0);
}

TEST_CASE("clouds far apart are found, each whole") {
  const auto points = clouds<float>(800, 3, 8, 60.0, 4);
  const auto ids = all_of(800);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto result =
        kmeans(rk::cpu{}, rk::dense_view<float>(points), ids, {.clusters = 8, .seed = seed});
    std::set<rk::index_t> used;
    for (int r = 0; r < 800; ++r) {
      const auto i = static_cast<std::size_t>(r);
      CHECK(result.assignments[i] == result.assignments[i % 8]);
      used.insert(result.assignments[i]);
    }
    CHECK(used.size() == 8);
  }
}

TEST_CASE("k-means has the same bits for any number of threads") {
  const auto points = clouds<float>(9000, 6, 16, 1.5, 5);
  const auto ids = all_of(9000);
  const kmeans_options options{.clusters = 5, .seed = 7};
  const auto one = kmeans(rk::cpu{.threads = 1}, rk::dense_view<float>(points), ids, options);
  for (const int threads : {2, 5}) {
    const auto more =
        kmeans(rk::cpu{.threads = threads}, rk::dense_view<float>(points), ids, options);
    CHECK(more.centers == one.centers);
    CHECK(more.assignments == one.assignments);
    CHECK(more.inertia == one.inertia);
    CHECK(more.squared_distances == one.squared_distances);
    CHECK(more.iterations == one.iterations);
  }
}

TEST_CASE("sparse rows are clustered as the same rows written out") {
  const auto sparse = recokit_test::random_matrix<double>(400, 30, 0.2, 11);
  const rk::row_major_matrix<double> points = recokit_test::dense(sparse.view());
  std::vector<rk::index_t> ids;
  for (int r = 3; r < 400; r += 2) ids.push_back(r);
  const kmeans_options options{.clusters = 10, .tolerance = 0, .seed = 2};
  const auto from_sparse = kmeans(rk::cpu{}, sparse.view(), ids, options);
  const auto from_dense = kmeans(rk::cpu{}, rk::dense_view<double>(points), ids, options);
  check_fixed_point(points, ids, from_sparse, 1e-9);
  CHECK(from_sparse.assignments == from_dense.assignments);
  CHECK((from_sparse.centers - from_dense.centers).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("only the rows asked for are clustered") {
  auto points = clouds<double>(100, 2, 4, 5.0, 6);
  std::vector<rk::index_t> ids;
  for (int r = 0; r < 100; r += 3) ids.push_back(r);
  const auto before = kmeans(rk::cpu{}, rk::dense_view<double>(points), ids, {.clusters = 4});
  points.row(1).setConstant(1e6);
  points.row(2).setConstant(std::numeric_limits<double>::quiet_NaN());
  const auto after = kmeans(rk::cpu{}, rk::dense_view<double>(points), ids, {.clusters = 4});
  CHECK(after.centers == before.centers);
  CHECK(after.assignments == before.assignments);
}

TEST_CASE("no cluster is empty though rows repeat") {
  rk::row_major_matrix<double> points(12, 2);
  for (int r = 0; r < 12; ++r) points.row(r) << r % 3, 1;
  const auto ids = all_of(12);
  for (const int clusters : {3, 4, 7, 12}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const auto result = kmeans(rk::cpu{}, rk::dense_view<double>(points), ids,
                                 {.clusters = clusters, .seed = seed});
      CAPTURE(clusters, seed);
      CHECK(result.inertia == 0);
      CHECK(*std::min_element(result.counts.begin(), result.counts.end()) >= 1);
      CHECK(result.iterations < 10);
    }
  }
}

TEST_CASE("seeds and streams draw different starts, and seeding beats chance") {
  const auto points = clouds<double>(2000, 3, 8, 6.0, 9);
  const auto ids = all_of(2000);
  const auto start = [&](std::uint64_t seed, std::uint64_t stream) {
    return kmeans(rk::cpu{}, rk::dense_view<double>(points), ids,
                  {.clusters = 40, .iterations = 1, .seed = seed, .stream = stream});
  };
  const auto first = start(1, 1);
  CHECK(first.centers == start(1, 1).centers);
  CHECK(first.centers != start(2, 1).centers);
  CHECK(first.centers != start(1, 2).centers);
  // Rows drawn evenly: the first 40 of shuffled clouds.
  double even = 0;
  for (int r = 0; r < 2000; ++r) {
    even += (points.topRows(40).rowwise() - points.row(r)).rowwise().squaredNorm().minCoeff();
  }
  CHECK(first.inertia < 0.8 * even);
}

TEST_CASE("k-means refuses more clusters than rows and a negative tolerance") {
  const auto points = clouds<double>(5, 2, 2, 1.0, 1);
  const auto ids = all_of(5);
  const auto text = [&](const kmeans_options& options) {
    return recokit_test::error_text<rk::value_error>(
        [&] { kmeans(rk::cpu{}, rk::dense_view<double>(points), ids, options); });
  };
  CHECK(text({.clusters = 6}) == "clusters = 6: must be in [1, 5]");
  CHECK(text({.clusters = 0}) == "clusters = 0: must be in [1, 5]");
  CHECK(text({.clusters = 2, .iterations = 0}) == "iterations = 0: must be at least 1");
  CHECK(text({.clusters = 2, .tolerance = -1}) == "tolerance = -1: must be at least 0");
}
