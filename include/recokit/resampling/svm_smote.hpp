// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SVM-SMOTE: new rows around the support vectors of a class.
#pragma once

#include <recokit/core/all_rows.hpp>
#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/column_spread.hpp>
#include <recokit/resampling/danger.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::svm_smote {

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int k_neighbors = 5;           ///< neighbours of a row that it may be joined with
  int m_neighbors = 10;          ///< neighbours, of every class, that say where a row lies
  double out_step = 0.5;         ///< how far at most a safe row goes away from its neighbour
  double cost = 1;               ///< C of the support vector machine
  /// Of its kernel exp(−γ |a − b|²), above 0; none: 1 / (columns · variance of all values).
  std::optional<double> gamma{};
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row that it may be joined with"),
        field("m_neighbors", &params::m_neighbors, 1, 65536,
              "neighbours, of every class, that say where a row lies"),
        field("out_step", &params::out_step, 0, 1,
              "how far at most a safe row goes away from its neighbour"),
        field("cost", &params::cost, 1e-9, 1e9, "C of the support vector machine"),
        field("gamma", &params::gamma, "of its kernel; none: 1 / (columns * variance)"),
        field("seed", &params::seed, "of the draws"),
    };
  }
};

namespace detail_svm_smote {

/// Ids of the support vectors of every class, each list ascending, by position of the class.
/// @throws not_built_error without libsvm, value_error when gamma is not above 0
std::vector<std::vector<index_t>> support_vectors(const csr_view<double>& rows,
                                                  const class_table& classes, const params& params);

/// @throws not_built_error when this build has no libsvm
void check_built();

[[noreturn]] void throw_all_noise(index_t label, std::size_t support_vectors, int m);

/// The values that are not 0, in double.
template <class Rows>
csr_matrix<double> nonzeros(const Rows& rows) {
  std::vector<offset_t> offsets{0};
  std::vector<index_t> columns;
  std::vector<double> values;
  for (index_t r = 0; r < static_cast<index_t>(rows.rows()); ++r) {
    detail::over_entries(rows, r, [&](std::int64_t column, double value) {
      if (value == 0) return;
      columns.push_back(static_cast<index_t>(column));
      values.push_back(value);
    });
    offsets.push_back(static_cast<offset_t>(columns.size()));
  }
  return {static_cast<std::int64_t>(rows.rows()), static_cast<std::int64_t>(rows.cols()),
          std::move(offsets), std::move(columns), std::move(values)};
}

/// Gamma(10, 1): Marsaglia and Tsang, "A simple method for generating gamma variables", TOMS 2000.
template <class Random>
double gamma_10(Random& random) {
  const double d = 10 - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = random.uniform();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return d * v;
    if (std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
  }
}

/// Beta(10, 10).
template <class Random>
double beta_10_10(Random& random) {
  const double a = gamma_10(random);
  return a / (a + gamma_10(random));
}

}  // namespace detail_svm_smote

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows, class Draws>
  static auto draw(const Policy& policy, const Rows& rows, std::span<const index_t> labels,
                   const class_table& classes, const params& params, Draws& draws) {
    detail_svm_smote::check_built();
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_all_neighbors("params.m_neighbors", params.m_neighbors, classes.rows());
    detail::check_class_neighbors("params.k_neighbors", params.k_neighbors, wanted, classes);
    detail::new_rows made;
    if (!wanted.empty()) {
      const auto vectors =
          detail_svm_smote::support_vectors(detail_svm_smote::nonzeros(rows), classes, params);
      for (const auto& target : wanted) {
        draw_class(policy, rows, classes, target, vectors[target.position], params, draws, made);
      }
    }
    return detail::interpolate(detail::host_of(policy), rows, labels, std::move(made));
  }

 private:
  template <backend Policy, class Rows, class Draws>
  static void draw_class(const Policy& policy, const Rows& rows, const class_table& classes,
                         const detail::class_target& target, std::span<const index_t> vectors,
                         const params& params, Draws& draws, detail::new_rows& made) {
    const auto members = classes.rows_of(target.position);
    const auto all = detail::all_rows(static_cast<index_t>(classes.rows()));
    const auto placed = detail::rows_by_place(policy, rows, classes, all, vectors, target.position,
                                              params.m_neighbors);
    if (placed.danger.empty() && placed.safe.empty()) {
      detail_svm_smote::throw_all_noise(target.label, vectors.size(), params.m_neighbors);
    }
    auto&& random = draws.stream(random_purpose::resampled_share, target.label, 0);
    const double share = detail_svm_smote::beta_10_10(random);
    auto inside = static_cast<std::int64_t>(share * static_cast<double>(target.rows + 1));
    if (placed.danger.empty()) inside = 0;
    if (placed.safe.empty()) inside = target.rows;
    const auto added = made.add(target.label, target.rows);
    const auto add = [&](std::span<const index_t> bases, std::int64_t first, std::int64_t last,
                         double longest) {
      if (bases.empty()) return;
      const auto neighbors =
          kernels::nearest_rows(policy, rows, members, bases, params.k_neighbors);
      detail::draw_origins(
          detail::host_of(policy), draws, target.label, first, bases, neighbors, longest,
          added.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)));
    };
    add(placed.danger, 0, inside, 1);
    add(placed.safe, inside, target.rows, -params.out_step);
  }
};

/// Adds rows to the classes that the strategy names, around the support vectors of the class in a
/// support vector machine of all classes (C-SVC, each class against each other one). A support
/// vector is noise when its m nearest rows are all of other classes, in danger when at least half
/// are, else safe. Of the new rows a share drawn from Beta(10, 10) starts at vectors in danger,
///   base + u · (neighbor − base),             u uniform in [0, 1),
/// and the rest at safe ones, away from the neighbour,
///   base − out_step · u · (neighbor − base),
/// with neighbours among the k nearest of the class. Nguyen, Cooper and Kamei, "Borderline
/// over-sampling for imbalanced data classification", IJKESDP 3, 2011, with the draws of
/// imbalanced-learn.
///
/// When only one of the two kinds of vectors is there, all rows start at it; imbalanced-learn then
/// makes the share alone. A row is left out of its neighbours by its id.
///
/// @param source rows × columns, dense or sparse; new sparse rows have entries where either of
/// their
///               two rows has one
/// @param labels the class of each row
/// @return resampled or sparse_resampled of the scalar of the rows; steps of rows made from safe
///         vectors are not above 0
/// @throws not_built_error when recokit was built without libsvm; value_error for params or values
///         out of range, fewer than two classes, a strategy that does not fit them, a class of at
///         most k_neighbors rows or no more than m_neighbors rows in all (the text has the largest
///         that is legal), or one whose support vectors are all noise; dimension_error unless each
///         row has a label; memory_error
///
/// libsvm takes between rows² and rows³ · columns time, on one thread, and 28 bytes an entry beside
/// its cache of 200 MB. The same bits for any number of threads.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::svm_smote
