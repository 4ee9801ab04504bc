// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/nearest_rows.hpp"

#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/box_tree.hpp>

#include <cmath>
#include <numeric>
#include <vector>

namespace rk = recokit;
using rk::index_t;
using rk::kernels::detail::box_tree;

namespace {

template <class Scalar>
void check(const rk::row_major_matrix<Scalar>& x, int k) {
  std::vector<index_t> among;
  for (index_t r = 0; r < x.rows(); r += 2) among.push_back(r);
  std::vector<index_t> queries;
  for (index_t r = 0; r < x.rows(); r += 5) queries.push_back(r);
  const auto expected = recokit_test::naive_nearest(
      among, queries, k, true, false,
      [&](index_t i, index_t j) { return recokit_test::naive_squared(x, i, x, j); });
  for (const int threads : {1, 3}) {
    const box_tree<Scalar> tree(rk::cpu{.threads = threads}, rk::dense_view<Scalar>(x), among);
    typename box_tree<Scalar>::scratch space;
    for (std::size_t q = 0; q < queries.size(); ++q) {
      space.query.assign(x.row(queries[q]).begin(), x.row(queries[q]).end());
      tree.search(static_cast<std::size_t>(k), queries[q], space);
      const auto found = space.heap.sorted();
      INFO(x.rows() << " x " << x.cols() << ", query " << q);
      REQUIRE(found.size() == static_cast<std::size_t>(k));
      for (std::size_t n = 0; n < found.size(); ++n) {
        REQUIRE(found[n].row == expected.rows[q][n]);
        REQUIRE(std::sqrt(found[n].key) == expected.distances[q][n]);
      }
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a tree finds the neighbours of a brute force", "", float, double) {
  rk::random_stream random(3, rk::random_purpose::user);
  for (const Eigen::Index rows : {130, 600, 1100, 2500}) {
    for (const Eigen::Index cols : {1, 2, 5, 11}) {
      rk::row_major_matrix<TestType> x(rows, cols);
      for (Eigen::Index i = 0; i < x.size(); ++i) {
        x.data()[i] = static_cast<TestType>(random.uniform() * random.uniform() - 0.3);
      }
      check(x, 6);
      check(x, 40);
      for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = std::round(x.data()[i] * 5);
      check(x, 6);
    }
  }
}

TEST_CASE("points that are all equal are found by their ids, without a look at all of them") {
  const rk::row_major_matrix<float> x = rk::row_major_matrix<float>::Constant(3000, 4, 0.1f);
  check(x, 5);
  std::vector<index_t> among(3000);
  std::iota(among.begin(), among.end(), index_t{0});
  const box_tree<float> tree(rk::cpu{.threads = 1}, rk::dense_view<float>(x), among);
  box_tree<float>::scratch space;
  space.query.assign(4, static_cast<double>(0.1f));
  tree.search(5, 2000, space);
  REQUIRE(space.effort.points <= 100);
}

TEST_CASE("the loops of a tree give the same bits with all instructions") {
  rk::random_stream random(8, rk::random_purpose::user);
  for (const std::size_t columns : {1u, 4u, 13u}) {
    for (const std::size_t width : {8u, 24u, 32u, 64u}) {
      std::vector<float> points(columns * width);
      for (auto& x : points) x = static_cast<float>(random.uniform());
      std::vector<float> ends(columns * 16);
      for (std::size_t n = 0; n < ends.size(); ++n) {
        ends[n] = static_cast<float>(random.uniform() / 2 + (n % 16 < 8 ? 0 : 0.5));
      }
      std::vector<double> query(columns);
      for (auto& x : query) x = 3 * random.uniform() - 1;
      const auto all = rk::kernels::box_scans<float>();
      std::vector<double> expected(width), found(width);
      const double limit = static_cast<double>(columns) * 0.8;
      const auto points_reached =
          all.back().points(query.data(), points.data(), columns, width, limit, expected.data());
      for (std::size_t n = 0; n < width; ++n) {
        REQUIRE(((points_reached >> n) & 1) == (expected[n] <= limit ? 1 : 0));
      }
      for (const auto& scan : all) {
        INFO(scan.name);
        REQUIRE(scan.points(query.data(), points.data(), columns, width, limit, found.data()) ==
                points_reached);
        REQUIRE(found == expected);
      }
      std::vector<double> boxes(8), others(8);
      const auto boxes_reached =
          all.back().boxes(query.data(), ends.data(), columns, limit / 2, boxes.data());
      for (const auto& scan : all) {
        REQUIRE(scan.boxes(query.data(), ends.data(), columns, limit / 2, others.data()) ==
                boxes_reached);
        REQUIRE(others == boxes);
      }
    }
  }
}
