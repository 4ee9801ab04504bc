// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Rows that the selectors of imbalanced-learn 0.14.2 keep of the data in its own tests; where they
// draw, with draws of the same generator.
#include "support/catch.hpp"
#include "support/selector_fixtures.hpp"

#include <recokit/resampling/all_knn.hpp>
#include <recokit/resampling/condensed_nearest_neighbour.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>
#include <recokit/resampling/instance_hardness.hpp>
#include <recokit/resampling/near_miss.hpp>
#include <recokit/resampling/neighbourhood_cleaning_rule.hpp>
#include <recokit/resampling/one_sided_selection.hpp>
#include <recokit/resampling/repeated_edited_nearest_neighbours.hpp>
#include <recokit/resampling/tomek_links.hpp>

namespace rk = recokit;
using namespace recokit_test;
using rk::agreement;
using rk::sampling_strategy;

namespace {

template <class Select>
labels_t kept(const Select& select, const labelled_rows& data,
              const typename Select::params_type& params = {}) {
  return select(data.rows, data.labels, params).rows;
}

}  // namespace

TEST_CASE("tomek_links keeps imbalanced-learn's rows") {
  const auto data = tomek_points();
  CHECK(kept(rk::tomek_links::select, data) ==
        labels_t{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 18, 19});
  CHECK(kept(rk::tomek_links::select, data, {.strategy = sampling_strategy::all()}) ==
        labels_t{0, 1, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 18, 19});
}

TEST_CASE("edited_nearest_neighbours keeps imbalanced-learn's rows") {
  const auto data = edited_points();
  CHECK(kept(rk::edited_nearest_neighbours::select, data) == labels_t{4, 11, 0, 3, 1, 8, 15});
  CHECK(kept(rk::edited_nearest_neighbours::select, data, {.keep = agreement::mode}) ==
        labels_t{4, 11, 0, 2, 3, 1, 5, 6, 8, 9, 10, 13, 15, 16});
}

TEST_CASE("near_miss keeps imbalanced-learn's rows") {
  const auto data = near_miss_points();
  const auto counts = sampling_strategy::counts({{0, 3}, {1, 4}, {2, 4}});
  for (const int version : {1, 2}) {
    CHECK(kept(rk::near_miss::select, data, {.version = version}) ==
          labels_t{3, 10, 11, 2, 8, 5, 9, 1, 6});
    CHECK(kept(rk::near_miss::select, data, {.strategy = counts, .version = version}) ==
          labels_t{11, 10, 3, 2, 8, 5, 0, 9, 1, 6, 12});
  }
  CHECK(kept(rk::near_miss::select, data, {.version = 3}) ==
        labels_t{3, 10, 11, 0, 5, 8, 14, 4, 12});
  CHECK(kept(rk::near_miss::select, data, {.strategy = counts, .version = 3}) ==
        labels_t{3, 10, 11, 0, 5, 8, 2, 14, 4, 12, 6});
}

TEST_CASE("all_knn keeps imbalanced-learn's rows") {
  const auto data = repeated_points();
  const labels_t unanimous{6,  13, 32, 39, 4,  5,  14, 16, 22, 23, 24, 30, 37, 2,
                           11, 12, 17, 20, 21, 25, 26, 28, 31, 33, 34, 35, 36};
  CHECK(kept(rk::all_knn::select, data) == unanimous);
  CHECK(kept(rk::all_knn::select, data, {.allow_minority = true}) == unanimous);
  CHECK(kept(rk::all_knn::select, data, {.keep = agreement::mode}) ==
        labels_t{6, 13, 32, 39, 0,  4,  5,  8,  14, 16, 18, 22, 23, 24, 30, 37,
                 1, 2,  11, 12, 17, 20, 21, 25, 26, 28, 31, 33, 34, 35, 36});
}

TEST_CASE("repeated_edited_nearest_neighbours keeps imbalanced-learn's rows") {
  const auto data = repeated_points();
  CHECK(kept(rk::repeated_edited_nearest_neighbours::select, data) ==
        labels_t{6,  13, 32, 39, 4,  5,  16, 22, 23, 24, 30, 37, 2,
                 11, 12, 17, 20, 21, 25, 26, 28, 31, 33, 34, 35, 36});
  CHECK(kept(rk::repeated_edited_nearest_neighbours::select, data, {.keep = agreement::mode}) ==
        labels_t{6,  13, 32, 39, 0,  4,  5,  8,  10, 14, 16, 18, 19, 22, 23, 24, 29,
                 30, 37, 1,  2,  11, 12, 17, 20, 21, 25, 26, 28, 31, 33, 34, 35, 36});
}

TEST_CASE("neighbourhood_cleaning_rule keeps imbalanced-learn's rows") {
  const auto data = repeated_points();
  CHECK(kept(rk::neighbourhood_cleaning_rule::select, data) ==
        labels_t{1,  2,  4,  5,  6,  10, 11, 12, 13, 14, 16, 17, 19, 20, 21, 22,
                 23, 24, 25, 26, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 39});
  CHECK(kept(rk::neighbourhood_cleaning_rule::select, data, {.k_neighbors = 5}) ==
        labels_t{1,  4,  5,  6,  9,  11, 12, 13, 14, 16, 17, 20, 21, 22,
                 23, 24, 25, 26, 28, 30, 31, 32, 33, 34, 35, 36, 37, 39});
}

TEST_CASE("condensed_nearest_neighbour keeps imbalanced-learn's rows with its draws") {
  CHECK(replayed<rk::condensed_nearest_neighbour::sampler>(edited_points(), 0, {}).rows ==
        labels_t{4, 11, 17, 12, 19, 9, 5, 7, 14, 18});
}

TEST_CASE("one_sided_selection keeps imbalanced-learn's rows with its draws") {
  CHECK(replayed<rk::one_sided_selection::sampler>(one_sided_points(), 0, {}).rows ==
        labels_t{0, 3, 9, 12, 13, 14, 1, 2, 5, 6, 8, 11});
}

TEST_CASE("instance_hardness keeps imbalanced-learn's rows by the probabilities of its forest") {
  const auto data = one_sided_points();
  // Out of fold, of class 1, by the random forest that imbalanced-learn takes with random_state 0.
  const std::vector<double> forest{0.99, 0.83, 0.45, 0.44, 0.41, 0.72, 0.9, 0.86,
                                   0.56, 0.73, 0.81, 0.22, 0.23, 0.41, 0.72};
  const rk::instance_hardness::class_probabilities table =
      [&](std::span<const rk::index_t>, std::span<const rk::index_t> held_out) {
        rows_t<> both(static_cast<Eigen::Index>(held_out.size()), 2);
        for (std::size_t i = 0; i < held_out.size(); ++i) {
          const double one = forest[static_cast<std::size_t>(held_out[i])];
          both.row(static_cast<Eigen::Index>(i)) << 1 - one, one;
        }
        return both;
      };
  CHECK(kept(rk::instance_hardness::select, data, {.probabilities = table}) ==
        labels_t{0, 3, 9, 12, 13, 14, 1, 5, 6, 7, 8, 10});
  CHECK(kept(rk::instance_hardness::select, data,
             {.strategy = sampling_strategy::counts({{0, 3}, {1, 4}}), .probabilities = table}) ==
        labels_t{3, 12, 13, 1, 6, 7, 10});
}
