// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/core/build_info.hpp>
#include <recokit/resampling/svm_smote.hpp>

#include <algorithm>
#include <cmath>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;
using rk::svm_smote::resample;

namespace {

bool built() { return rk::build_info().libsvm; }

}  // namespace

TEST_CASE("a build without libsvm says which option brings svm_smote") {
  if (built()) return;
  const auto data = twenty_points();
  CHECK_THAT(error_text<rk::not_built_error>([&] { resample(data.rows, data.labels); }),
             ContainsSubstring("svm_smote") && ContainsSubstring("RECOKIT_WITH_LIBSVM"));
}

TEST_CASE("svm_smote gives imbalanced-learn's rows") {
  if (!built()) return;
  const auto result = replayed<rk::svm_smote::sampler>(
      twenty_points(), 42, {.strategy = sampling_strategy::counts({{0, 18}})});
  // Every row of the class is a support vector; row 12 alone is safe.
  CHECK(made_rows(result).isApprox(points({{0.8783291665595011, -0.36935805999046545},
                                           {0.840762930527504, 0.3327523828660762},
                                           {0.232275437508006, -0.1071726796980298},
                                           {0.14187662076669272, -0.048397957630310795},
                                           {0.8847186532219579, 0.354178593184666},
                                           {1.6994061349442022, -0.10855720672096641},
                                           {1.2681075789275404, -1.020144315403848},
                                           {1.4264937999040712, -1.017257286029666},
                                           {1.3316990688688726, -1.1414967240571783},
                                           {1.3429269289324821, -1.0158352090048537}}),
                                   1e-14));
  for (std::size_t i = 6; i < 10; ++i) CHECK(result.origins[i].base == 12);
}

TEST_CASE(
    "vectors in danger go towards neighbours of the class, safe ones away, in exact numbers") {
  if (!built()) return;
  const auto data = three_clouds();
  const rk::svm_smote::params params{.strategy = sampling_strategy::counts({{0, 425}, {2, 60}}),
                                     .out_step = 0.3};
  const auto result = resample(rk::cpu{.threads = 1}, data.rows, data.labels, params);
  CHECK(result.rows.topRows(125) == data.rows);
  CHECK(count_of(result.labels, 0) == 425);
  CHECK(count_of(result.labels, 1) == 60);
  CHECK(count_of(result.labels, 2) == 60);
  const rk::class_table classes(data.labels);
  const auto all = rk::detail::all_rows(125);
  for (std::size_t i = 0; i < result.origins.size(); ++i) {
    const auto& from = result.origins[i];
    const int label = result.labels[125 + i];
    CHECK(data.labels[std::size_t(from.base)] == label);
    CHECK(data.labels[std::size_t(from.neighbor)] == label);
    const auto placed = rk::detail::rows_by_place(
        rk::cpu{}, rk::dense_view(data.rows), classes, std::span<const int>(all),
        std::span<const int>(&from.base, 1), *classes.find(label), 10);
    CHECK(placed.noise.empty());
    if (placed.danger.empty()) {
      CHECK(from.step <= 0);
      CHECK(from.step > -0.3);
    } else {
      CHECK(from.step >= 0);
      CHECK(from.step < 1);
    }
    const auto base = data.rows.row(from.base);
    const auto row = result.rows.row(125 + static_cast<Eigen::Index>(i));
    CHECK((row - (base + from.step * (data.rows.row(from.neighbor) - base))).norm() < 1e-12);
  }
  const auto two = resample(rk::cpu{.threads = 2}, data.rows, data.labels, params);
  CHECK(two.rows == result.rows);
  const auto thin = resample(sparse(data.rows), data.labels, params);
  CHECK(thin.origins == result.origins);
  CHECK(dense(thin.rows) == result.rows);
}

TEST_CASE("when all support vectors are safe, all rows start at them") {
  if (!built()) return;
  labelled_rows data{rows_t<>(60, 1), {}};
  for (int r = 0; r < 60; ++r) {
    data.labels.push_back(r < 20 ? 0 : 1);
    data.rows(r, 0) = r < 20 ? 0.01 * r : 10 + 0.01 * r;
  }
  const auto result = resample(data.rows, data.labels);
  CHECK(result.origins.size() == 20);
  CHECK(result.unmet.empty());
  for (const auto& from : result.origins) CHECK(from.step <= 0);
}

TEST_CASE("a class whose support vectors are all noise is refused") {
  if (!built()) return;
  labelled_rows data{rows_t<>(80, 1), labels_t(80, 1)};
  for (int r = 0; r < 80; ++r) data.rows(r, 0) = r;
  for (const std::size_t r : {10u, 25u, 40u, 55u, 70u}) data.labels[r] = 0;
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { resample(data.rows, data.labels, {.k_neighbors = 2, .m_neighbors = 4}); }),
             ContainsSubstring("class 0") && ContainsSubstring("noise") &&
                 ContainsSubstring("take smote"));
}

TEST_CASE("params of svm_smote are checked") {
  if (!built()) return;
  const auto data = three_clouds();
  const auto refused = [&](const rk::svm_smote::params& params) {
    return error_text<rk::value_error>([&] { resample(data.rows, data.labels, params); });
  };
  CHECK_THAT(refused({.gamma = 0.0}), ContainsSubstring("params.gamma"));
  CHECK_THAT(refused({.out_step = 1.5}), ContainsSubstring("params.out_step"));
  CHECK_THAT(refused({.cost = 0}), ContainsSubstring("params.cost"));
  CHECK_THAT(refused({.m_neighbors = 125}), ContainsSubstring("at most 124"));
  CHECK_THAT(refused({.k_neighbors = 25}), ContainsSubstring("at most 24"));
}

TEST_CASE("the share of rows from vectors in danger is a draw of Beta 10, 10") {
  double sum = 0, squares = 0;
  constexpr int n = 4000;
  for (int i = 0; i < n; ++i) {
    rk::random_stream random(9, rk::random_purpose::resampled_share, std::uint64_t(i));
    const double share = rk::svm_smote::detail_svm_smote::beta_10_10(random);
    sum += share;
    squares += (share - 0.5) * (share - 0.5);
  }
  CHECK(sum / n == Approx(0.5).margin(0.006));
  CHECK(squares / n == Approx(1.0 / 84).epsilon(0.1));
}
