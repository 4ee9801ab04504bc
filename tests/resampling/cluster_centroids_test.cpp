// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/cluster_centroids.hpp>

#include <set>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;

namespace {

/// 4 rows of class 3 and 90 of class 1 in three far clouds, in turns.
labelled_rows far_clouds() {
  labelled_rows data{rows_t<>(94, 2), {}};
  rk::random_stream random(3, rk::random_purpose::user);
  for (int r = 0; r < 94; ++r) {
    const bool small = r % 24 == 5;
    data.labels.push_back(small ? 3 : 1);
    data.rows.row(r) << 100.0 * (r % 3) + random.normal(), random.normal();
  }
  return data;
}

}  // namespace

TEST_CASE("centres replace the rows of their clusters, after the rows of other classes") {
  const auto data = far_clouds();
  const rk::class_table classes(data.labels);
  const rk::cluster_centroids::params params{.strategy = sampling_strategy::counts({{1, 3}}),
                                             .tolerance = 0};
  const auto result = rk::cluster_centroids::resample(data.rows, data.labels, params);
  CHECK(result.labels == labels_t{3, 3, 3, 3, 1, 1, 1});
  CHECK(result.inputs() == 4);
  CHECK(result.kept == labels_t{5, 29, 53, 77});
  CHECK(result.rows.topRows(4) == rk::gather_rows(rk::dense_view(data.rows), classes.rows_of(1)));
  const auto hard = rk::cluster_centroids::select(data.rows, data.labels, params).rows;
  REQUIRE(hard.size() == 7);
  std::set<int> clouds;
  for (int n = 0; n < 3; ++n) {
    const auto& from = result.origins[static_cast<std::size_t>(n)];
    CHECK(from.base == from.neighbor);
    CHECK(from.step == 0);
    CHECK(from.base == hard[static_cast<std::size_t>(n)]);
    // The cloud by plain loops: its mean, and the row nearest to that.
    const int cloud = from.base % 3;
    clouds.insert(cloud);
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(2);
    int count = 0;
    for (const int r : classes.rows_of(0)) {
      if (r % 3 != cloud) continue;
      mean += data.rows.row(r);
      ++count;
    }
    mean /= count;
    CHECK((result.rows.row(4 + n) - mean).norm() < 1e-12);
    for (const int r : classes.rows_of(0)) {
      CHECK((data.rows.row(from.base) - mean).norm() <= (data.rows.row(r) - mean).norm());
    }
  }
  CHECK(clouds.size() == 3);
  for (std::size_t n = 3; n < 7; ++n) CHECK(hard[n] == classes.rows_of(1)[n - 3]);
}

TEST_CASE("sparse rows give the same centres") {
  const auto data = three_clouds();
  const rk::cluster_centroids::params params{.tolerance = 0};
  const auto from_dense = rk::cluster_centroids::resample(data.rows, data.labels, params);
  const auto from_sparse = rk::cluster_centroids::resample(sparse(data.rows), data.labels, params);
  CHECK(from_sparse.labels == from_dense.labels);
  CHECK(from_sparse.origins == from_dense.origins);
  CHECK((dense(from_sparse.rows) - from_dense.rows).cwiseAbs().maxCoeff() < 1e-12);
  const rows_t<float> narrow = data.rows.cast<float>();
  const auto small = rk::cluster_centroids::resample(narrow, data.labels, params);
  CHECK(small.labels == from_dense.labels);
  CHECK((small.rows.cast<double>() - from_dense.rows).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("as many clusters as rows leave every row its own centre, even if rows are equal") {
  labelled_rows data{rows_t<>::Zero(8, 2), {0, 1, 1, 1, 1, 0, 0, 0}};
  data.rows(3, 0) = 1;
  const auto result =
      rk::cluster_centroids::select(data.rows, data.labels, {.strategy = sampling_strategy::all()});
  CHECK(std::set<int>(result.rows.begin(), result.rows.end()).size() == 8);
}

TEST_CASE("a target of no rows removes the class") {
  const auto data = far_clouds();
  const rk::cluster_centroids::params params{.strategy = sampling_strategy::counts({{1, 0}})};
  CHECK(rk::cluster_centroids::select(data.rows, data.labels, params).rows.size() == 4);
  const auto result = rk::cluster_centroids::resample(data.rows, data.labels, params);
  CHECK(result.labels == labels_t(4, 3));
  CHECK(result.rows.rows() == 4);
}

TEST_CASE("centres have the same bits for any number of threads") {
  const auto data = three_clouds();
  const auto run = [&](int threads) {
    return rk::cluster_centroids::resample(rk::cpu{.threads = threads}, data.rows, data.labels);
  };
  const auto one = run(1);
  for (const int threads : {2, 5}) {
    CHECK(run(threads).rows == one.rows);
    CHECK(run(threads).origins == one.origins);
  }
}
