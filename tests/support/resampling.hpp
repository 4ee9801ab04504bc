// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Data for tests of samplers: what imbalanced-learn tests with, and drawn classes.
#pragma once

#include "support/mt19937_draws.hpp"

#include <recokit/core/csr.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace recokit_test {

using labels_t = std::vector<recokit::index_t>;
template <class Scalar = double>
using rows_t = recokit::row_major_matrix<Scalar>;

struct labelled_rows {
  rows_t<> rows;
  labels_t labels;
};

inline rows_t<> points(std::initializer_list<std::initializer_list<double>> list) {
  rows_t<> rows(static_cast<Eigen::Index>(list.size()),
                static_cast<Eigen::Index>(list.begin()->size()));
  Eigen::Index r = 0;
  for (const auto& point : list) {
    std::copy(point.begin(), point.end(), rows.row(r++).data());
  }
  return rows;
}

/// imbalanced-learn, test_smote.py and others; classes of 8 and 12 rows.
inline labelled_rows twenty_points() {
  return {points({{0.11622591, -0.0317206},  {0.77481731, 0.60935141},   {1.25192108, -0.22367336},
                  {0.53366841, -0.30312976}, {1.52091956, -0.49283504},  {-0.28162401, -2.10400981},
                  {0.83680821, 1.72827342},  {0.3084254, 0.33299982},    {0.70472253, -0.73309052},
                  {0.28893132, -0.38761769}, {1.15514042, 0.0129463},    {0.88407872, 0.35454207},
                  {1.31301027, -0.92648734}, {-1.11515198, -0.93689695}, {-0.18410027, -0.45194484},
                  {0.9281014, 0.53085498},   {-0.14374509, 0.27370049},  {-0.41635887, -0.38299653},
                  {0.08711622, 0.93259929},  {1.70580611, -0.11219234}}),
          {0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0}};
}

/// imbalanced-learn, test_random_over_sampler.py; classes of 3 and 7 rows.
inline labelled_rows ten_points() {
  return {points({{0.04352327, -0.20515826},
                  {0.92923648, 0.76103773},
                  {0.20792588, 1.49407907},
                  {0.47104475, 0.44386323},
                  {0.22950086, 0.33367433},
                  {0.15490546, 0.3130677},
                  {0.09125309, -0.85409574},
                  {0.12372842, 0.6536186},
                  {0.13347175, 0.12167502},
                  {0.094035, -2.55298982}}),
          {1, 0, 1, 0, 1, 1, 1, 1, 0, 1}};
}

/// Overlapping clouds of 25, 60 and 40 rows, of classes 0, 1 and 2, in mixed order; about half of
/// the values are 0, and some rows occur twice.
inline labelled_rows three_clouds(int cols = 6) {
  labelled_rows data{rows_t<>(125, cols), {}};
  recokit::random_stream random(5, recokit::random_purpose::user);
  for (int r = 0; r < 125; ++r) {
    const int label = r % 5 == 0                                               ? 0
                      : r % 5 == 1 || r % 5 == 3 || r % 25 == 4 || r % 25 == 9 ? 1
                                                                               : 2;
    data.labels.push_back(label);
    for (int c = 0; c < cols; ++c) {
      const double value = random.normal() + (c == label ? 1 : 0);
      data.rows(r, c) = random.uniform() < 0.5 ? 0 : value;
    }
  }
  data.rows.row(20) = data.rows.row(15);
  data.rows.row(35) = data.rows.row(15);
  data.rows.row(31) = data.rows.row(41);
  return data;
}

template <class Scalar>
recokit::csr_matrix<Scalar> sparse(const rows_t<Scalar>& dense) {
  std::vector<recokit::offset_t> offsets{0};
  std::vector<recokit::index_t> indices;
  std::vector<Scalar> values;
  for (Eigen::Index r = 0; r < dense.rows(); ++r) {
    for (Eigen::Index c = 0; c < dense.cols(); ++c) {
      if (dense(r, c) == 0) continue;
      indices.push_back(static_cast<recokit::index_t>(c));
      values.push_back(dense(r, c));
    }
    offsets.push_back(static_cast<recokit::offset_t>(indices.size()));
  }
  return {dense.rows(), dense.cols(), std::move(offsets), std::move(indices), std::move(values)};
}

template <class Scalar>
rows_t<Scalar> dense(const recokit::csr_matrix<Scalar>& sparse) {
  rows_t<Scalar> rows = rows_t<Scalar>::Zero(sparse.rows(), sparse.cols());
  for (recokit::index_t r = 0; r < sparse.rows(); ++r) {
    const auto row = sparse.row(r);
    for (std::size_t e = 0; e < row.size(); ++e) rows(r, row.indices[e]) = row.value(e);
  }
  return rows;
}

/// A sampler with the draws of numpy.random.RandomState(seed).
template <class Sampler>
auto replayed(const labelled_rows& data, std::uint32_t seed,
              const typename Sampler::params_type& params) {
  mt19937_draws draws(seed);
  return Sampler::draw(recokit::cpu{.threads = 1}, recokit::dense_view(data.rows),
                       std::span<const recokit::index_t>(data.labels),
                       recokit::class_table(data.labels), params, draws);
}

template <class Result>
auto made_rows(const Result& result) {
  return result.rows.bottomRows(static_cast<Eigen::Index>(result.origins.size())).eval();
}

/// How many rows have a label.
inline std::int64_t count_of(const labels_t& labels, recokit::index_t label) {
  return std::count(labels.begin(), labels.end(), label);
}

}  // namespace recokit_test
