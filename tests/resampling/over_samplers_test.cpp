// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// What holds for every sampler that makes rows from numbers.
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/adasyn.hpp>
#include <recokit/resampling/borderline_smote.hpp>
#include <recokit/resampling/random_over.hpp>
#include <recokit/resampling/smote.hpp>

#include <limits>
#include <type_traits>
#include <vector>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;

namespace {

/// A sampler with some params.
template <class Sampler>
struct plain {
  static typename Sampler::params_type params() { return {}; }
  static constexpr rk::resample_function<Sampler> resample{};
  static constexpr bool on_lines = true;
};
using smote = plain<rk::smote::sampler>;
using adasyn = plain<rk::adasyn::sampler>;
using borderline_1 = plain<rk::borderline_smote::sampler>;
struct borderline_2 : borderline_1 {
  static rk::borderline_smote::params params() {
    return {.kind = rk::borderline_smote::kind::borderline_2};
  }
};
using random_over = plain<rk::random_over::sampler>;
struct smoothed : random_over {
  static rk::random_over::params params() { return {.shrinkage = 0.7}; }
  static constexpr bool on_lines = false;
};

template <class Method>
auto resampled(const labelled_rows& data, const sampling_strategy& strategy = {}, int threads = 2) {
  auto params = Method::params();
  params.strategy = strategy;
  return Method::resample(rk::cpu{.threads = threads}, data.rows, data.labels, params);
}

template <class Result>
bool same(const Result& a, const Result& b) {
  return a.rows == b.rows && a.labels == b.labels && a.origins == b.origins && a.unmet == b.unmet;
}

}  // namespace

#define RECOKIT_TEST_SAMPLERS smote, adasyn, borderline_1, borderline_2, random_over, smoothed

TEMPLATE_TEST_CASE("the input comes first, then exactly as many rows as asked, by class", "",
                   RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const auto result = resampled<TestType>(data);
  CHECK(result.rows.topRows(125) == data.rows);
  CHECK(result.inputs() == 125);
  CHECK(result.unmet.empty());
  for (const int label : {0, 1, 2}) CHECK(count_of(result.labels, label) == 60);
  CHECK(std::equal(data.labels.begin(), data.labels.end(), result.labels.begin()));
  CHECK(std::is_sorted(result.labels.begin() + 125, result.labels.end()));
  CHECK(result.rows.rows() == static_cast<Eigen::Index>(result.labels.size()));
}

TEMPLATE_TEST_CASE(
    "new rows lie where their origins say, between rows of which one is of the class", "",
    RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const auto result = resampled<TestType>(data);
  for (std::size_t i = 0; i < result.origins.size(); ++i) {
    const auto& from = result.origins[i];
    CHECK(data.labels[std::size_t(from.base)] == result.labels[125 + i]);
    CHECK(from.step >= 0);
    CHECK(from.step < 1);
    const auto base = data.rows.row(from.base);
    const auto neighbor = data.rows.row(from.neighbor);
    const auto row = result.rows.row(125 + static_cast<Eigen::Index>(i));
    if constexpr (TestType::on_lines) {
      CHECK((row - (base + from.step * (neighbor - base))).norm() < 1e-12);
      CHECK((row.array() >= base.array().min(neighbor.array())).all());
      CHECK((row.array() <= base.array().max(neighbor.array())).all());
    }
  }
}

TEMPLATE_TEST_CASE("classes that are not targeted stay untouched", "", RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const auto result = resampled<TestType>(data, sampling_strategy::counts({{2, 47}}));
  CHECK(result.origins.size() == 7);
  CHECK(count_of(result.labels, 0) == 25);
  CHECK(count_of(result.labels, 1) == 60);
  CHECK(count_of(result.labels, 2) == 47);
  // What another class gets changes nothing for this one.
  const auto both = resampled<TestType>(data, sampling_strategy::counts({{0, 30}, {2, 47}}));
  CHECK(both.rows.bottomRows(7) == result.rows.bottomRows(7));
  const auto none = resampled<TestType>(data, sampling_strategy::counts({{0, 25}}));
  CHECK(none.rows == data.rows);
  CHECK(none.origins.empty());
}

TEMPLATE_TEST_CASE("samplers give the same bits for any number of threads", "",
                   RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const auto strategy = sampling_strategy::counts({{0, 9000}, {2, 5000}});
  const auto one = resampled<TestType>(data, strategy, 1);
  for (const int threads : {2, 5}) CHECK(same(resampled<TestType>(data, strategy, threads), one));
}

TEMPLATE_TEST_CASE("another seed draws other rows, the same seed the same", "",
                   RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  auto params = TestType::params();
  const auto first = TestType::resample(data.rows, data.labels, params);
  CHECK(same(first, TestType::resample(data.rows, data.labels, params)));
  params.seed = 43;
  CHECK_FALSE(first.origins == TestType::resample(data.rows, data.labels, params).origins);
}

TEMPLATE_TEST_CASE("sparse rows give what dense rows give", "", RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const auto expected = resampled<TestType>(data);
  const auto input = sparse(data.rows);
  const auto result =
      TestType::resample(rk::cpu{.threads = 2}, input, data.labels, TestType::params());
  CHECK(result.origins == expected.origins);
  CHECK(result.labels == expected.labels);
  if constexpr (TestType::on_lines) {
    CHECK(dense(result.rows) == expected.rows);
  } else {
    CHECK((dense(result.rows) - expected.rows).norm() < 1e-12);
  }
  // The arrays must also pass the checks of a matrix that comes from outside.
  const auto view = result.rows.view();
  const rk::csr_view<double> checked(view.rows(), view.cols(), view.offsets(), view.indices(),
                                     view.values());
  CHECK(checked.nonzeros() == view.nonzeros());
}

TEMPLATE_TEST_CASE("float rows stay float, near what double rows give", "", RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const rows_t<float> rows = data.rows.template cast<float>();
  const auto result = TestType::resample(rows, data.labels, TestType::params());
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(result.rows)>, rows_t<float>>);
  const labelled_rows rounded{rows.template cast<double>(), data.labels};
  const auto expected = resampled<TestType>(rounded);
  CHECK(result.origins == expected.origins);
  CHECK((result.rows.template cast<double>() - expected.rows).norm() < 1e-5);
}

TEMPLATE_TEST_CASE("a strategy that does not fit is refused before anything is drawn", "",
                   RECOKIT_TEST_SAMPLERS) {
  const auto data = three_clouds();
  const auto refused = [&](const sampling_strategy& strategy) {
    return error_text<rk::value_error>([&] { resampled<TestType>(data, strategy); });
  };
  CHECK_THAT(refused(sampling_strategy::counts({{9, 1}})), ContainsSubstring("class 9"));
  CHECK_THAT(refused(sampling_strategy::counts({{1, 2'000'000'000}, {2, 2'000'000'000}})),
             ContainsSubstring("class 2") && ContainsSubstring("2147483647"));
}

TEMPLATE_TEST_CASE("a class with too few rows is named with its rows, k and the largest legal k",
                   "", smote, adasyn, borderline_1) {
  auto data = three_clouds();
  data.labels[0] = data.labels[10] = data.labels[20] = data.labels[30] = 7;
  data.labels[40] = data.labels[50] = 7;
  auto params = TestType::params();
  params.k_neighbors = 6;
  const auto text = [&] { TestType::resample(data.rows, data.labels, params); };
  CHECK_THAT(error_text<rk::value_error>(text), ContainsSubstring("params.k_neighbors = 6") &&
                                                    ContainsSubstring("class 7 has 6 rows") &&
                                                    ContainsSubstring("must be at most 5"));
  params.k_neighbors = 5;
  CHECK(count_of(TestType::resample(data.rows, data.labels, params).labels, 7) == 60);
  data.labels.assign(125, 1);
  data.labels[3] = 0;
  CHECK_THAT(error_text<rk::value_error>(text),
             ContainsSubstring("class 0 has 1 row") && ContainsSubstring("random_over"));
}

TEMPLATE_TEST_CASE("values that are not finite are refused", "", smote, adasyn, borderline_1) {
  auto data = three_clouds();
  data.rows(7, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(error_text<rk::value_error>([&] { resampled<TestType>(data); }),
             ContainsSubstring("row 7, column 3 = nan"));
}

TEST_CASE("duplicates of a row are its neighbours, the row itself is not") {
  labelled_rows data{rows_t<>::Zero(12, 2), labels_t(12, 1)};
  for (const std::size_t r : {2u, 5u, 9u}) data.labels[r] = 0;
  for (int r = 0; r < 12; ++r) data.rows(r, 0) = r == 9 ? 5 : 1;
  auto params = smote::params();
  params.k_neighbors = 1;
  const auto result = smote::resample(data.rows, data.labels, params);
  for (const auto& from : result.origins) {
    CHECK(from.base != from.neighbor);
    CHECK(from.neighbor == (from.base == 2 ? 5 : 2));
  }
}
