// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/lists.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/metrics/item_distance.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool same(double a, double b, double tolerance = 1e-9) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

// The definitions, on rows written out in full.
double naive(const std::string& name, const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  if (name == "cosine") {
    const double scale = a.norm() * b.norm();
    return scale > 0 ? 1 - a.dot(b) / scale : not_a_number;
  }
  if (name == "euclidean") return (a - b).norm();
  double differ = 0;
  double both = 0;
  double either = 0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    differ += a[i] != b[i] ? 1 : 0;
    both += a[i] != 0 && b[i] != 0 ? 1 : 0;
    either += a[i] != 0 || b[i] != 0 ? 1 : 0;
  }
  if (name == "hamming") return differ;
  if (name == "hamming(share)") return differ / static_cast<double>(a.size());
  return a.any() && b.any() ? 1 - both / either : not_a_number;
}

void check_against_naive(const rk::item_distance& distance, const Eigen::MatrixXd& full) {
  CAPTURE(distance.name());
  REQUIRE(distance.items() == full.rows());
  rk::item_distance::scratch work;
  for (std::uint64_t round = 0; round < 20; ++round) {
    rk::random_stream random(9, rk::random_purpose::user, round);
    std::vector<rk::index_t> items;
    std::vector<rk::index_t> others;
    const auto length = random.below(30);
    while (items.size() < length) {
      items.push_back(
          static_cast<rk::index_t>(random.below(static_cast<std::uint64_t>(full.rows()))));
      others.push_back(
          static_cast<rk::index_t>(random.below(static_cast<std::uint64_t>(full.rows()))));
    }
    const auto between = [&](rk::index_t a, rk::index_t b) {
      return naive(distance.name(), full.row(a).transpose(), full.row(b).transpose());
    };
    std::vector<double> sums(items.size());
    distance.how().sums_to_earlier(items, sums, work);
    bool good = true;
    for (std::size_t j = 0; j < items.size(); ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < j; ++i) {
        sum += between(items[i], items[j]);
        good = good && same(distance(items[i], items[j]), between(items[i], items[j]));
      }
      good = good && same(sums[j], sum);
    }
    CHECK(good);
    if (items.empty()) continue;
    distance.how().means_to(items, others, sums, work);
    for (std::size_t j = 0; j < items.size(); ++j) {
      double sum = 0;
      for (const auto other : others) sum += between(items[j], other);
      good = good && same(sums[j], sum / static_cast<double>(others.size()));
    }
    CHECK(good);
  }
}

}  // namespace

TEST_CASE("distances over sparse features are those of the rows written out") {
  const auto features = recokit_test::random_matrix(60, 25, 0.3, 4, 3);
  const auto full = recokit_test::dense(features.view());
  check_against_naive(rk::cosine_distance(features), full);
  check_against_naive(rk::euclidean_distance(features), full);
  check_against_naive(rk::hamming_distance(features), full);
  check_against_naive(rk::hamming_distance(features, rk::hamming_scale::share), full);
  check_against_naive(rk::jaccard_distance(features), full);
}

TEST_CASE("distances over dense features are those of the definitions, in float and double") {
  const auto full = recokit_test::dense(recokit_test::random_matrix(60, 25, 0.4, 5, 3).view());
  const rk::row_major_matrix<double> wide = full;
  const rk::row_major_matrix<float> narrow = full.cast<float>();
  check_against_naive(rk::cosine_distance(wide), full);
  check_against_naive(rk::euclidean_distance(wide), full);
  check_against_naive(rk::hamming_distance(wide), full);
  check_against_naive(rk::jaccard_distance(wide), full);
  check_against_naive(rk::cosine_distance(narrow), full);
  check_against_naive(rk::euclidean_distance(narrow), full);
  check_against_naive(rk::hamming_distance(narrow, rk::hamming_scale::share), full);
  check_against_naive(rk::jaccard_distance(narrow), full);
}

TEST_CASE("features may be a block of a wider matrix") {
  const Eigen::MatrixXd full =
      recokit_test::dense(recokit_test::random_matrix(40, 30, 0.5, 6, 3).view());
  const rk::row_major_matrix<double> wide = full;
  const auto block = wide.middleCols(3, 20);
  check_against_naive(rk::cosine_distance(block), full.middleCols(3, 20));
  check_against_naive(rk::euclidean_distance(block), full.middleCols(3, 20));
}

TEST_CASE("a row of NaN is an item whose distances are unknown") {
  rk::row_major_matrix<double> features(3, 2);
  features << 1, 0, not_a_number, not_a_number, 0, 1;
  rk::item_distance::scratch work;
  const std::vector<rk::index_t> items{0, 2, 1, 0};
  for (const auto& distance : {rk::cosine_distance(features), rk::euclidean_distance(features),
                               rk::hamming_distance(features), rk::jaccard_distance(features)}) {
    CAPTURE(distance.name());
    CHECK(std::isnan(distance(0, 1)));
    CHECK(std::isnan(distance(1, 1)));
    CHECK_FALSE(std::isnan(distance(0, 2)));
    std::vector<double> sums(4);
    distance.how().sums_to_earlier(items, sums, work);
    CHECK(sums[0] == 0);
    CHECK(sums[1] == Approx(distance(0, 2)));
    CHECK(std::isnan(sums[2]));
    CHECK(std::isnan(sums[3]));
    // An unknown first item spoils no pair but its own.
    const std::vector<rk::index_t> known{0, 2};
    distance.how().means_to(items, known, sums, work);
    CHECK_FALSE(std::isnan(sums[0]));
    CHECK(std::isnan(sums[2]));
    distance.how().means_to(known, items, sums, work);
    CHECK(std::isnan(sums[0]));
  }
}

TEST_CASE("an item without features can stand farthest from all") {
  rk::row_major_matrix<double> features(3, 2);
  features << 1, 0, not_a_number, not_a_number, 0, 0;
  const auto farthest = rk::missing_features::farthest;
  rk::item_distance::scratch work;
  for (const auto& distance :
       {rk::cosine_distance(features, farthest), rk::jaccard_distance(features, farthest)}) {
    CAPTURE(distance.name());
    CHECK_THAT(distance.name(), ContainsSubstring("(missing=1)"));
    CHECK(distance(0, 1) == 1);
    CHECK(distance(0, 2) == 1);
    CHECK(distance(1, 2) == 1);
    CHECK(distance(0, 0) == 0);
    const std::vector<rk::index_t> items{1, 0, 2, 0};
    std::vector<double> sums(4);
    distance.how().sums_to_earlier(items, sums, work);
    CHECK(sums == std::vector<double>{0, 1, 2, 2});
    distance.how().means_to(items, items, sums, work);
    CHECK(sums == std::vector<double>{1, 0.5, 1, 0.5});
  }
}

TEST_CASE("points that lie close together far from the origin keep their distance") {
  rk::row_major_matrix<double> features(4, 3);
  features << 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6 + 1e-3, 1e6, 1e6, 2e6, 1e6, 1e6;
  const auto distance = rk::euclidean_distance(features);
  const std::vector<rk::index_t> items{3, 0, 1, 2};
  std::vector<double> sums(4);
  rk::item_distance::scratch work;
  distance.how().sums_to_earlier(items, sums, work);
  CHECK(sums[0] == 0);
  CHECK(sums[1] == Approx(1e6).epsilon(1e-14));
  CHECK(sums[2] == Approx(1e6).epsilon(1e-14));
  CHECK(sums[3] - distance(3, 2) == Approx(2e-3).epsilon(1e-6));
  CHECK(distance(0, 1) == 0);
}

TEST_CASE("co-occurrence compares the users of two items") {
  // The training part of diversity_data in the tests of Microsoft's recommenders.
  const auto train = recokit_test::pattern_of(6, {{0, 1, 3}, {2, 3}, {2, 3, 4}});
  const auto distance = rk::cooccurrence_distance(train);
  CHECK(distance.items() == 6);
  CHECK(distance(0, 1) == Approx(0).margin(1e-15));
  CHECK(distance(2, 4) == Approx(1 - 1 / std::sqrt(2.0)));
  CHECK(distance(1, 4) == 1);
  CHECK(distance(2, 3) == Approx(1 - 2 / std::sqrt(6.0)));
  CHECK(distance(5, 0) == 1);  // nobody has it
}

TEST_CASE("any callable is a distance") {
  const rk::item_distance distance("apart", [](rk::index_t a, rk::index_t b) {
    return std::abs(static_cast<double>(a) - static_cast<double>(b));
  });
  CHECK(distance.name() == "apart");
  CHECK(distance.items() == -1);
  std::vector<double> sums(3);
  rk::item_distance::scratch work;
  const std::vector<rk::index_t> items{5, 1, 9};
  const std::vector<rk::index_t> others{0, 2};
  distance.how().sums_to_earlier(items, sums, work);
  CHECK(sums == std::vector<double>{0, 4, 12});
  distance.how().means_to(items, others, sums, work);
  CHECK(sums == std::vector<double>{4, 1, 8});
  CHECK_FALSE(static_cast<bool>(rk::item_distance{}));
}

TEST_CASE("an infinite feature is refused with its place") {
  rk::row_major_matrix<float> features = rk::row_major_matrix<float>::Zero(3, 2);
  features(2, 1) = -std::numeric_limits<float>::infinity();
  CHECK_THAT(error_text<rk::value_error>([&] { rk::cosine_distance(features); }),
             ContainsSubstring("features(2, 1) = -inf"));
  const rk::row_major_matrix<float> none(3, 0);
  CHECK_THAT(error_text<rk::value_error>([&] { rk::euclidean_distance(none); }),
             ContainsSubstring("features.cols()"));
}
