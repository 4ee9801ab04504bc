// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/selectors.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/instance_hardness.hpp>

#include <limits>
#include <set>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;
using rk::instance_hardness::params;
using ids = std::span<const rk::index_t>;

TEST_CASE("every row is held out once, and each class is spread evenly over the folds") {
  const auto data = three_clouds();
  labels_t held;
  int folds = 0;
  params settings{.folds = 4};
  settings.probabilities = [&](ids train, ids held_out) {
    ++folds;
    CHECK(std::is_sorted(train.begin(), train.end()));
    CHECK(std::is_sorted(held_out.begin(), held_out.end()));
    std::set<int> both(train.begin(), train.end());
    both.insert(held_out.begin(), held_out.end());
    CHECK(both.size() == 125);
    CHECK(train.size() + held_out.size() == 125);
    const auto labels = rk::gather_labels(data.labels, held_out);
    for (const auto& [label, rows] : {std::pair{0, 25}, {1, 60}, {2, 40}}) {
      CHECK(count_of(labels, label) >= rows / 4);
      CHECK(count_of(labels, label) <= rows / 4 + 1);
    }
    held.insert(held.end(), held_out.begin(), held_out.end());
    return rows_t<>(rows_t<>::Constant(static_cast<Eigen::Index>(held_out.size()), 3, 0.5));
  };
  const auto first = rk::instance_hardness::select(data.rows, data.labels, settings).rows;
  CHECK(folds == 4);
  std::sort(held.begin(), held.end());
  for (int r = 0; r < 125; ++r) CHECK(held[static_cast<std::size_t>(r)] == r);
  // All alike: the first rows of each class.
  const rk::class_table classes(data.labels);
  labels_t expected;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto head = classes.rows_of(c).first(25);
    expected.insert(expected.end(), head.begin(), head.end());
  }
  CHECK(first == expected);
  settings.keep_ties = true;
  CHECK(rk::instance_hardness::select(data.rows, data.labels, settings).rows.size() == 125);
}

TEST_CASE("the classifier by neighbours gives the shares among the nearest rows of other folds") {
  const auto data = three_clouds();
  const naive_selectors reference(data.rows, data.labels);
  params settings{.folds = 3, .k_neighbors = 7, .seed = 5};
  const auto expected = rk::instance_hardness::select(data.rows, data.labels, settings).rows;
  settings.probabilities = [&](ids train, ids held_out) {
    rows_t<> shares = rows_t<>::Zero(static_cast<Eigen::Index>(held_out.size()), 3);
    for (std::size_t i = 0; i < held_out.size(); ++i) {
      const auto list = reference.neighbors(held_out[i], {train.begin(), train.end()});
      for (std::size_t n = 0; n < 7; ++n) {
        shares(static_cast<Eigen::Index>(i), reference.label(list[n].second)) += 1.0 / 7;
      }
    }
    return shares;
  };
  CHECK(rk::instance_hardness::select(data.rows, data.labels, settings).rows == expected);
  settings.k_neighbors = 1;
  CHECK(rk::instance_hardness::select(data.rows, data.labels, settings).rows == expected);
  settings.probabilities = {};
  CHECK(rk::instance_hardness::select(data.rows, data.labels, settings).rows != expected);
}

TEST_CASE("the rows that the classifier is surest of are kept, whatever the labels are") {
  const labelled_rows data{points({{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}}),
                           {-5, 90, 90, -5, 90, 90, 90, 90}};
  params settings{.strategy = sampling_strategy::counts({{-5, 1}, {90, 3}}), .folds = 2};
  const std::vector<double> own{0.2, 0.5, 0.9, 0.3, 0.5, 0.1, 0.8, 0.5};
  settings.probabilities = [&](ids, ids held_out) {
    rows_t<> both = rows_t<>::Constant(static_cast<Eigen::Index>(held_out.size()), 2, 0.95);
    for (std::size_t i = 0; i < held_out.size(); ++i) {
      const auto r = static_cast<std::size_t>(held_out[i]);
      both(static_cast<Eigen::Index>(i), data.labels[r] == 90 ? 1 : 0) = own[r];
    }
    return both;
  };
  CHECK(rk::instance_hardness::select(data.rows, data.labels, settings).rows ==
        labels_t{3, 1, 2, 6});
  settings.keep_ties = true;
  CHECK(rk::instance_hardness::select(data.rows, data.labels, settings).rows ==
        labels_t{3, 1, 2, 4, 6, 7});
}

TEST_CASE("instance_hardness refuses folds, neighbours and probabilities that do not fit") {
  const labelled_rows data{points({{0}, {1}, {2}, {3}}), {0, 1, 1, 0}};
  const auto text = [&](const params& settings) {
    return error_text<rk::error>(
        [&] { rk::instance_hardness::select(data.rows, data.labels, settings); });
  };
  CHECK(text({.folds = 5}) == "params.folds = 5: must be in [2, 4]");
  CHECK_THAT(text({.folds = 1}), ContainsSubstring("params.folds = 1"));
  CHECK(text({.folds = 2, .k_neighbors = 3}) ==
        "params.k_neighbors = 3: must be in [1, 2]: a fold leaves 2 rows to learn from");
  const auto giving = [](Eigen::Index rows, Eigen::Index cols, double value) {
    return [=](ids, ids) { return rows_t<>(rows_t<>::Constant(rows, cols, value)); };
  };
  CHECK_THAT(text({.folds = 2, .probabilities = giving(3, 2, 0)}),
             ContainsSubstring("probabilities.rows() is 3 but held_out.size() is 2"));
  CHECK_THAT(text({.folds = 2, .probabilities = giving(2, 3, 0)}),
             ContainsSubstring("probabilities.cols() is 3 but classes is 2"));
  CHECK_THAT(text({.folds = 2, .probabilities = giving(2, 2, 1.5)}), ContainsSubstring("1.5"));
  CHECK_THAT(
      text({.folds = 2, .probabilities = giving(2, 2, std::numeric_limits<double>::quiet_NaN())}),
      ContainsSubstring("nan"));
}
