// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/exact_neighbors.hpp"

#include "reference/nearest_rows.hpp"
#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
namespace rk = recokit;
using recokit_test::Approx;

template <class Scalar>
using matrix = rk::row_major_matrix<Scalar>;

template <class Scalar>
matrix<Scalar> uniform(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  rk::random_stream random(seed, rk::random_purpose::user);
  matrix<Scalar> made(rows, columns);
  for (Eigen::Index i = 0; i < made.size(); ++i) {
    made.data()[i] = static_cast<Scalar>(random.uniform() - 0.5);
  }
  return made;
}

template <class T>
ck::device_buffer<T> on_device(const std::vector<T>& host) {
  return {host, nullptr};
}
template <class Scalar>
ck::device_buffer<Scalar> on_device(const matrix<Scalar>& host) {
  return {std::span(host.data(), static_cast<std::size_t>(host.size())), nullptr};
}

/// A search with everything on the device.
template <class Scalar>
struct search {
  matrix<Scalar> points;
  matrix<Scalar> asked;
  std::vector<std::int32_t> self;  ///< of each query, or empty
  bool farthest = false;

  struct result {
    std::vector<std::int32_t> points;
    std::vector<double> squared;
    std::vector<unsigned char> open;
  };
  /// @param chosen `window` candidates a query and their bounds; no candidates: all points
  result run(std::int64_t k, const std::vector<std::int32_t>& numbers = {},
             const std::vector<std::int32_t>& chosen = {}, const std::vector<float>& bounds = {},
             std::int64_t window = 0) const {
    const auto queries = static_cast<std::size_t>(asked.rows());
    const auto device_points = on_device(points);
    const auto device_asked = on_device(asked);
    const auto device_self = on_device(self);
    const auto device_numbers = on_device(numbers);
    const auto device_chosen = on_device(chosen);
    const auto device_bounds = on_device(bounds);
    const auto halves = on_device(std::vector<float>(queries, 0.0f));
    const auto places = queries * static_cast<std::size_t>(k);
    auto found = on_device(std::vector<std::int32_t>(places, -7));
    auto squared = on_device(std::vector<double>(places, -7));
    auto open = on_device(std::vector<unsigned char>(queries, 7));
    ck::exact_neighbors<Scalar>(
        {device_points.data(), points.rows(), device_asked.data(), points.cols(), nullptr,
         self.empty() ? nullptr : device_self.data(), farthest},
        {chosen.empty() ? nullptr : device_chosen.data(), device_bounds.data(), window,
         halves.data(), 1, 0},
        numbers.empty() ? nullptr : device_numbers.data(),
        numbers.empty() ? asked.rows() : std::ssize(numbers), k,
        {found.data(), squared.data(), open.data()}, nullptr);
    return {found.to_host(nullptr), squared.to_host(nullptr), open.to_host(nullptr)};
  }
};

/// Whether query q got the naive answer.
template <class Scalar>
bool is_naive(const search<Scalar>& s, const typename search<Scalar>::result& found, int k,
              std::int32_t q) {
  std::vector<rk::index_t> among(static_cast<std::size_t>(s.points.rows()));
  std::iota(among.begin(), among.end(), 0);
  if (!s.self.empty()) std::erase(among, s.self[static_cast<std::size_t>(q)]);
  const std::vector<rk::index_t> queries = {q};
  const auto expected = recokit_test::naive_nearest(
      among, queries, k, false, s.farthest, [&](rk::index_t i, rk::index_t j) {
        return recokit_test::naive_squared(s.asked, i, s.points, j);
      });
  bool same = true;
  for (int n = 0; n < k; ++n) {
    const auto at = static_cast<std::size_t>(q * k + n);
    const auto place = static_cast<std::size_t>(n);
    same = same && found.points[at] == expected.rows[0][place] &&
           std::sqrt(found.squared[at]) == expected.distances[0][place];
  }
  return same;
}

}  // namespace

TEMPLATE_TEST_CASE("centred rows are moved, padded with zeros, and their norms halved", "", float,
                   double) {
  RECOKIT_REQUIRE_TARGET();
  const auto rows = uniform<TestType>(5, 37, 1);
  std::vector<double> centre(37);
  for (std::size_t c = 0; c < centre.size(); ++c) centre[c] = 0.01 * static_cast<double>(c);
  const bool takes_some = GENERATE(true, false);
  const std::vector<std::int32_t> which =
      takes_some ? std::vector<std::int32_t>{4, 0, 4} : std::vector<std::int32_t>{0, 1, 2, 3, 4};
  const auto device_rows = on_device(rows);
  const auto device_which = on_device(which);
  const auto device_centre = on_device(centre);
  ck::device_buffer<float> centred(which.size() * 40);
  ck::device_buffer<float> halves(which.size());
  ck::centre_rows<TestType>(device_rows.data(), takes_some ? device_which.data() : nullptr,
                            std::ssize(which), 37, {device_centre.data(), 8}, -0.5, centred.data(),
                            40, halves.data(), nullptr);
  const auto moved = centred.to_host(nullptr);
  const auto half = halves.to_host(nullptr);
  for (std::size_t n = 0; n < which.size(); ++n) {
    double norm = 0;
    for (std::size_t c = 0; c < 40; ++c) {
      const double x =
          c < 37
              ? (static_cast<double>(rows(which[n], static_cast<Eigen::Index>(c))) - centre[c]) * 8
              : 0;
      norm += x * x;
      REQUIRE(moved[n * 40 + c] == static_cast<float>(x));
    }
    CHECK(static_cast<double>(half[n]) == Approx(-norm / 2).epsilon(1e-6));
  }
}

TEMPLATE_TEST_CASE("of all points the nearest and the farthest are those of a brute force", "",
                   float, double) {
  RECOKIT_REQUIRE_TARGET();
  search<TestType> s{uniform<TestType>(70, 5, 1), uniform<TestType>(3, 5, 2), {}};
  // Equal points on both sides of a block's width, and a query that is one of them.
  for (const Eigen::Index twin : {3, 40, 69}) s.points.row(twin) = s.points.row(12);
  s.asked.row(1) = s.points.row(12);
  s.farthest = GENERATE(false, true);
  if (GENERATE(false, true)) s.self = {-1, 12, 69};
  const int k = GENERATE(1, 6, 69);
  const auto found = s.run(k);
  for (const std::int32_t q : {0, 1, 2}) CHECK(is_naive(s, found, k, q));
  CHECK(found.open == std::vector<unsigned char>(3, 0));
}

TEST_CASE("lists longer than a block are sorted, too") {
  RECOKIT_REQUIRE_TARGET();
  const search<float> s{uniform<float>(320, 1, 1), uniform<float>(1, 1, 2), {}};
  CHECK(is_naive(s, s.run(300), 300, 0));
}

TEST_CASE("only the queries that are numbered are answered") {
  RECOKIT_REQUIRE_TARGET();
  const search<double> s{uniform<double>(9, 3, 1), uniform<double>(4, 3, 2), {}};
  const auto found = s.run(2, {3, 1});
  CHECK(is_naive(s, found, 2, 1));
  CHECK(is_naive(s, found, 2, 3));
  for (const std::size_t place : {0u, 1u, 4u, 5u}) CHECK(found.points[place] == -7);
}

TEST_CASE("a query is open when a point that was not chosen could be as near as the last") {
  RECOKIT_REQUIRE_TARGET();
  // Squared distances of the one query: 1, 4, 9, 16.
  search<float> s{matrix<float>(4, 1), matrix<float>::Zero(1, 1), {}};
  s.points << 1, 2, 3, 4;
  // Two of three chosen are kept; what was left out has at least −2 × the last bound.
  const auto open_at = [&](float last) {
    const auto found = s.run(2, {}, {0, 1, 2}, {-0.5f, -2, last}, 3);
    CHECK(found.points == std::vector<std::int32_t>{0, 1});
    CHECK(found.squared == std::vector<double>{1, 4});
    return found.open[0];
  };
  CHECK(open_at(-2.001f) == 0);
  CHECK(open_at(-2) == 1);
  CHECK(open_at(0) == 1);
  SECTION("or when fewer than asked were chosen, beside the query itself") {
    s.self = {1};
    const auto found = s.run(2, {}, {0, 1}, {-0.5f, -2}, 2);
    CHECK(found.open[0] == 1);
    s.farthest = true;
    CHECK(s.run(2, {}, {3, 1}, {8, 2}, 2).open[0] == 1);
  }
  SECTION("not when the list has all there are") {
    const auto found = s.run(2, {}, {1, 0, -1}, {-0.5f, -2, 0}, 3);
    CHECK(found.points == std::vector<std::int32_t>{0, 1});
    CHECK(found.open[0] == 0);
    CHECK(s.run(2, {}, {3, 1, 0, 2}, {0, 0, 0, 0}, 4).open[0] == 0);
  }
  SECTION("of the farthest by minus the squared distance") {
    s.farthest = true;
    const auto found = s.run(2, {}, {3, 2, 1}, {8, 4.5f, 4.499f}, 3);
    CHECK(found.points == std::vector<std::int32_t>{3, 2});
    CHECK(found.squared == std::vector<double>{16, 9});
    CHECK(found.open[0] == 0);
    CHECK(s.run(2, {}, {3, 2, 1}, {8, 4.5f, 4.5f}, 3).open[0] == 1);
  }
}

TEST_CASE("numbers of neighbours that no list holds are refused") {
  RECOKIT_REQUIRE_TARGET();
  const search<float> s{uniform<float>(4, 1, 1), uniform<float>(1, 1, 2), {}};
  CHECK_THROWS_AS(s.run(0), rk::value_error);
  CHECK(recokit_test::error_text<rk::value_error>([&] { s.run(1025); }) ==
        "k = 1025: must be in [1, 1024]");
  CHECK(recokit_test::error_text<rk::value_error>([&] { s.run(5); }) ==
        "chosen.window = 4: must be at least k");
}
