// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Every sampler that needs neighbours makes and keeps the same rows on a GPU as on the CPU.
#include "support/resampling.hpp"
#include "support/catch.hpp"
#include "support/target.hpp"

#include <recokit/core/build_info.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/resampling/adasyn.hpp>
#include <recokit/resampling/all_knn.hpp>
#include <recokit/resampling/borderline_smote.hpp>
#include <recokit/resampling/condensed_nearest_neighbour.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>
#include <recokit/resampling/instance_hardness.hpp>
#include <recokit/resampling/kmeans_smote.hpp>
#include <recokit/resampling/near_miss.hpp>
#include <recokit/resampling/neighbourhood_cleaning_rule.hpp>
#include <recokit/resampling/one_sided_selection.hpp>
#include <recokit/resampling/repeated_edited_nearest_neighbours.hpp>
#include <recokit/resampling/smote.hpp>
#include <recokit/resampling/smote_enn.hpp>
#include <recokit/resampling/smote_tomek.hpp>
#include <recokit/resampling/svm_smote.hpp>
#include <recokit/resampling/tomek_links.hpp>

#include <vector>

namespace {

namespace rk = recokit;
using namespace recokit_test;

/// The first `rows` of three clouds, with zeros and duplicates.
template <class Scalar>
struct clouds {
  rows_t<Scalar> rows;
  labels_t labels;

  explicit clouds(int count) {
    auto all = three_clouds(3);
    rows = all.rows.topRows(count).template cast<Scalar>();
    labels.assign(all.labels.begin(), all.labels.begin() + count);
  }
};

/// With new rows: made and kept must be the same, to the bit.
template <class Resample, class Scalar>
void makes_the_same(const Resample& resample, const clouds<Scalar>& data,
                    const typename Resample::params_type& params = {}) {
  const auto gpu = resample(rk::cuda{}, data.rows, data.labels, params);
  const auto cpu = resample(rk::cpu{.threads = 1}, data.rows, data.labels, params);
  CHECK(gpu.rows == cpu.rows);
  CHECK(gpu.labels == cpu.labels);
  CHECK(gpu.origins == cpu.origins);
  CHECK(gpu.unmet == cpu.unmet);
  REQUIRE_FALSE(cpu.origins.empty());
}

template <class Select, class Scalar>
void keeps_the_same(const Select& select, const clouds<Scalar>& data,
                    const typename Select::params_type& params = {}) {
  const auto gpu = select(rk::cuda{}, data.rows, data.labels, params);
  const auto cpu = select(rk::cpu{.threads = 1}, data.rows, data.labels, params);
  CHECK(gpu.rows == cpu.rows);
  REQUIRE(cpu.rows.size() < data.labels.size());
  REQUIRE_FALSE(cpu.rows.empty());
}

}  // namespace

TEMPLATE_TEST_CASE("samplers that make rows make the same on a GPU", "", float, double) {
  RECOKIT_REQUIRE_TARGET();
  const clouds<TestType> data(60);
  makes_the_same(rk::smote::resample, data);
  makes_the_same(rk::adasyn::resample, data);
  using rk::borderline_smote::kind;
  makes_the_same(rk::borderline_smote::resample, data, {.kind = kind::borderline_1});
  makes_the_same(rk::borderline_smote::resample, data, {.kind = kind::borderline_2});
  makes_the_same(rk::kmeans_smote::resample, data,
                 {.clusters = 2, .k_neighbors = 2, .balance_threshold = 0.0});
  if (rk::build_info().libsvm) makes_the_same(rk::svm_smote::resample, data);
}

TEST_CASE("samplers that make rows and clean them keep the same on a GPU") {
  RECOKIT_REQUIRE_TARGET();
  const clouds<double> data(60);
  const auto check = [&](const auto& resample) {
    makes_the_same(resample, data);
    const auto gpu = resample(rk::cuda{}, data.rows, data.labels);
    CHECK(gpu.kept == resample(rk::cpu{}, data.rows, data.labels).kept);
    CHECK(gpu.kept.size() < data.labels.size());
  };
  check(rk::smote_enn::resample);
  check(rk::smote_tomek::resample);
}

TEMPLATE_TEST_CASE("cleaners keep the same rows on a GPU", "", float, double) {
  RECOKIT_REQUIRE_TARGET();
  const clouds<TestType> data(50);
  keeps_the_same(rk::tomek_links::select, data);
  keeps_the_same(rk::edited_nearest_neighbours::select, data);
  keeps_the_same(rk::repeated_edited_nearest_neighbours::select, data);
  keeps_the_same(rk::all_knn::select, data);
  keeps_the_same(rk::neighbourhood_cleaning_rule::select, data);
}

TEST_CASE("selectors that rank rows or go by prototypes keep the same rows on a GPU") {
  RECOKIT_REQUIRE_TARGET();
  const clouds<double> data(50);
  for (const int version : {1, 2, 3}) {
    keeps_the_same(rk::near_miss::select, data, {.version = version, .candidates = 15});
  }
  keeps_the_same(rk::one_sided_selection::select, data);
  keeps_the_same(rk::condensed_nearest_neighbour::select, data);
  keeps_the_same(rk::instance_hardness::select, data);
}

TEST_CASE("a sampler works in the context that it is given, and leaves it for the next") {
  RECOKIT_REQUIRE_TARGET();
  const clouds<float> data(40);
  rk::cuda_context context;
  const rk::cuda policy{.context = &context};
  CHECK(context.reserved_bytes() == 0);
  const auto first = rk::smote::resample(policy, data.rows, data.labels);
  const auto held = context.reserved_bytes();
  CHECK(held > 0);
  CHECK(rk::smote::resample(policy, data.rows, data.labels).rows == first.rows);
  CHECK(context.reserved_bytes() == held);
}
