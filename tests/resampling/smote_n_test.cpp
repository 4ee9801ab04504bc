// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/smote_n.hpp>

namespace rk = recokit;
using namespace recokit_test;
using rk::smote_n::resample;

namespace {

using codes_t = rk::row_major_matrix<rk::index_t>;

labels_t runs(std::initializer_list<std::pair<int, int>> list) {
  labels_t labels;
  for (const auto& [times, label] : list) {
    labels.insert(labels.end(), static_cast<std::size_t>(times), label);
  }
  return labels;
}

codes_t column(const labels_t& codes) {
  return Eigen::Map<const codes_t>(codes.data(), static_cast<Eigen::Index>(codes.size()), 1);
}

/// 90 rows of three columns; class 1 has 30 of them.
struct drawn {
  codes_t codes{90, 3};
  labels_t labels;
  drawn() {
    rk::random_stream random(3, rk::random_purpose::user);
    for (int r = 0; r < 90; ++r) {
      labels.push_back(r % 3 == 0 ? 1 : 0);
      for (int c = 0; c < 3; ++c) {
        codes(r, c) = static_cast<int>(random.below(4)) * 7 + (r % 3 == 0 ? c : 0);
      }
    }
  }
};

}  // namespace

TEST_CASE("new rows of the class that is mostly blue are blue") {
  // imbalanced-learn, test_smoten_resampling: blue 0, green 1, red 2; apples are class 0.
  // Around a red row three are blue and three red: the smaller code wins.
  const auto codes = column(runs({{5, 1}, {10, 2}, {7, 0}}));
  const auto labels = runs({{5, 0}, {3, 1}, {7, 0}, {5, 1}, {2, 0}});
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    const auto result = resample(codes, labels, {.seed = seed});
    REQUIRE(result.rows.rows() == 28);
    CHECK(result.rows.topRows(22) == codes);
    CHECK((result.rows.bottomRows(6).array() == 0).all());
    CHECK(count_of(result.labels, 1) == 14);
  }
}

TEST_CASE("the value difference metric orders colours by how alike classes are in them") {
  // imbalanced-learn, test_value_difference_metric_property.
  const auto labels = runs({{8, 1}, {5, 0}, {7, 1}, {9, 0}, {1, 1}});
  const auto categories = rk::densified(column(runs({{10, 0}, {10, 1}, {10, 2}})));
  const auto table = rk::value_differences(categories, rk::class_table(labels)).at(0);
  const double green_red = table(0, 1), green_blue = table(0, 2), red_blue = table(1, 2);
  CHECK(green_red < red_blue);
  CHECK(red_blue < green_blue);
  // Apples are 8, 7 and 1 of ten.
  CHECK(green_red == Approx(0.2 * 0.2));
  CHECK(red_blue == Approx(1.2 * 1.2));
  CHECK(green_blue == Approx(1.4 * 1.4));
  CHECK(table == table.transpose());
  CHECK(table.diagonal().isZero(0));
}

TEST_CASE("categories are renumbered in the order of their codes") {
  codes_t codes(4, 2);
  codes << 90, 3, 7, 3, 90, 1, 1'000'000, 3;
  const auto dense = rk::densified(codes);
  codes_t expected(4, 2);
  expected << 1, 1, 0, 1, 1, 0, 2, 1;
  CHECK(dense.codes == expected);
  CHECK(dense.values == std::vector<labels_t>{{7, 90, 1'000'000}, {1, 3}});
}

TEST_CASE("each column of a new row is the smallest of the most frequent codes around its base") {
  const drawn data;
  const auto result = resample(data.codes, data.labels, {.k_neighbors = 4});
  const rk::class_table classes(data.labels);
  const auto dense = rk::densified(data.codes);
  const auto tables = rk::value_differences(dense, classes);
  REQUIRE(result.origins.size() == 30);
  for (std::size_t i = 0; i < 30; ++i) {
    const auto& from = result.origins[i];
    CHECK(data.labels[std::size_t(from.base)] == 1);
    CHECK(from == rk::origin{from.base, from.base, 0});
    std::vector<std::pair<double, int>> others;
    for (const int r : classes.rows_of(1)) {
      if (r == from.base) continue;
      double sum = 0;
      for (int c = 0; c < 3; ++c) {
        sum += tables[std::size_t(c)](dense.codes(from.base, c), dense.codes(r, c));
      }
      others.emplace_back(sum, r);
    }
    std::sort(others.begin(), others.end());
    for (int c = 0; c < 3; ++c) {
      std::map<int, int> votes;
      ++votes[data.codes(from.base, c)];
      for (int v = 0; v < 4; ++v) ++votes[data.codes(others[std::size_t(v)].second, c)];
      const auto winner = std::max_element(votes.begin(), votes.end(),
                                           [](auto& a, auto& b) { return a.second < b.second; });
      CHECK(result.rows(90 + static_cast<Eigen::Index>(i), c) == winner->first);
    }
  }
}

TEST_CASE("rows of categories give the same bits for any number of threads") {
  const drawn data;
  const rk::smote_n::params params{.strategy = rk::sampling_strategy::counts({{1, 9000}})};
  const auto one = resample(rk::cpu{.threads = 1}, data.codes, data.labels, params);
  CHECK(one.rows.rows() == 9060);
  for (const int threads : {2, 5}) {
    const auto other = resample(rk::cpu{.threads = threads}, data.codes, data.labels, params);
    CHECK(other.rows == one.rows);
    CHECK(other.origins == one.origins);
  }
}

TEST_CASE("codes below 0 and classes with too few rows are refused") {
  drawn data;
  CHECK_THAT(
      error_text<rk::value_error>([&] { resample(data.codes, data.labels, {.k_neighbors = 30}); }),
      ContainsSubstring("class 1 has 30 rows") && ContainsSubstring("at most 29"));
  data.codes(2, 1) = -4;
  CHECK_THAT(error_text<rk::value_error>([&] { resample(data.codes, data.labels); }),
             ContainsSubstring("row 2, column 1 = -4"));
}
