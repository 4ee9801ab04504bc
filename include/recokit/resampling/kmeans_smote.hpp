// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief KMeans-SMOTE: SMOTE inside clusters where a class is frequent, most where it is sparse.
#pragma once

#include <recokit/core/all_rows.hpp>
#include <recokit/core/backend.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/kmeans.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kmeans_smote {

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int clusters = 8;              ///< at most the number of rows
  int k_neighbors = 2;           ///< neighbours of a row, in class and cluster, to be joined with
  /// The share of its rows that must be of the class for a cluster to get new ones, not NaN; none:
  /// half of the class's share of all new rows. One cluster always gets them.
  std::optional<double> balance_threshold{};
  /// How strongly sparse clusters are preferred, finite; none: 0.16 · (log_1.6 of the rows of the
  /// class in the cluster)^1.8.
  std::optional<double> density_exponent{};
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("clusters", &params::clusters, 1, std::numeric_limits<int>::max(),
              "clusters of all rows"),
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row, in class and cluster, to be joined with"),
        field("balance_threshold", &params::balance_threshold,
              "least share of the class in a cluster; none: half of its share of new rows"),
        field("density_exponent", &params::density_exponent,
              "how strongly sparse clusters are preferred; none: by the rows in the cluster"),
        field("seed", &params::seed, "of the clusters and the draws"),
    };
  }
};

namespace detail_kmeans_smote {

/// @throws value_error for a number that params cannot have
void check(const params& params, std::int64_t rows);

/// The rows of the class at `position` in every cluster that may get new ones, by cluster.
/// @throws value_error when there is no such cluster
std::vector<std::vector<index_t>> usable_clusters(const kernels::kmeans_result& clusters,
                                                  const class_table& classes,
                                                  const detail::class_target& target,
                                                  std::int64_t wanted_in_all, const params& params);

/// Weights from mean distances within clusters of `rows` rows: distance^exponent / rows, up to a
/// factor; all alike when every distance is 0.
std::vector<double> sparsity_weights(std::span<const double> mean_distances,
                                     std::span<const std::size_t> rows,
                                     const std::optional<double>& exponent);

template <class Scalar>
double squared_distance(const dense_view<Scalar>& rows, index_t a, index_t b) {
  const Scalar* const x = rows.row(a);
  const Scalar* const y = rows.row(b);
  double sum = 0;
  for (std::int64_t c = 0; c < rows.cols(); ++c) {
    const double gap = static_cast<double>(x[c]) - static_cast<double>(y[c]);
    sum += gap * gap;
  }
  return sum;
}
template <class Value, class Index, class Offset>
double squared_distance(const csr_view<Value, Index, Offset>& rows, index_t a, index_t b) {
  double sum = 0;
  detail::over_union(rows.row(a), rows.row(b), [&](Index, Value x, Value y) {
    const double gap = static_cast<double>(x) - static_cast<double>(y);
    sum += gap * gap;
  });
  return sum;
}

/// The mean Euclidean distance of all pairs of at least two rows; keeps none of them.
template <class Rows>
double mean_distance(const cpu& policy, const Rows& rows, std::span<const index_t> which) {
  const auto n = static_cast<std::int64_t>(which.size());
  const double sum = parallel_reduce(
      policy, n, 64, 0.0,
      [&](std::int64_t begin, std::int64_t end) {
        double part = 0;
        for (std::int64_t i = begin; i < end; ++i) {
          for (std::int64_t j = 0; j < i; ++j) {
            part += std::sqrt(squared_distance(rows, which[static_cast<std::size_t>(i)],
                                               which[static_cast<std::size_t>(j)]));
          }
        }
        return part;
      },
      [](double& all, double part) { all += part; });
  return sum / (static_cast<double>(n) * static_cast<double>(n - 1) / 2);
}

}  // namespace detail_kmeans_smote

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows, class Draws>
  static auto draw(const Policy& policy, const Rows& rows, std::span<const index_t> labels,
                   const class_table& classes, const params& params, Draws& draws) {
    const cpu host = detail::host_of(policy);
    detail_kmeans_smote::check(params, classes.rows());
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_class_neighbors("params.k_neighbors", params.k_neighbors, wanted, classes);
    std::int64_t wanted_in_all = 0;
    for (const auto& target : wanted) wanted_in_all += target.rows;
    detail::new_rows made;
    if (!wanted.empty()) {
      const auto all = detail::all_rows(static_cast<index_t>(classes.rows()));
      const auto clusters =
          kernels::kmeans(host, rows, all, {.clusters = params.clusters, .seed = params.seed});
      for (const auto& target : wanted) {
        const auto usable =
            detail_kmeans_smote::usable_clusters(clusters, classes, target, wanted_in_all, params);
        draw_class(policy, rows, target, usable, params, draws, made);
      }
    }
    return detail::interpolate(host, rows, labels, std::move(made));
  }

 private:
  template <backend Policy, class Rows, class Draws>
  static void draw_class(const Policy& policy, const Rows& rows, const detail::class_target& target,
                         const std::vector<std::vector<index_t>>& clusters, const params& params,
                         Draws& draws, detail::new_rows& made) {
    const cpu host = detail::host_of(policy);
    std::vector<double> weights{1};
    if (clusters.size() > 1) {
      std::vector<double> distances;
      std::vector<std::size_t> sizes;
      for (const auto& members : clusters) {
        distances.push_back(detail_kmeans_smote::mean_distance(host, rows, members));
        sizes.push_back(members.size());
      }
      weights = detail_kmeans_smote::sparsity_weights(distances, sizes, params.density_exponent);
    }
    const auto parts = detail::shares(target.rows, weights);
    const auto added = made.add(target.label, target.rows);
    std::int64_t first = 0;
    for (std::size_t c = 0; c < clusters.size(); ++c) {
      if (parts[c] == 0) continue;
      const std::span<const index_t> members = clusters[c];
      const auto neighbors =
          kernels::nearest_rows(policy, rows, members, members, params.k_neighbors);
      detail::draw_origins(
          host, draws, target.label, first, members, neighbors, 1,
          added.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(parts[c])));
      first += parts[c];
    }
  }
};

/// Adds rows to the classes that the strategy names, as smote does, but inside clusters of all
/// rows: those in which at least a share of the rows (balance_threshold) and more than k_neighbors
/// rows are of the class. A cluster with n rows of the class, at mean distance m from each other,
/// gets new rows in proportion to m^density_exponent / n; both rows that one is made from are of
/// the class and the cluster. Douzas, Bacao and Last, "Improving imbalanced learning through a
/// heuristic oversampling method based on k-means and SMOTE", Information Sciences 465, 2018.
///
/// Shares are rounded down and the rest goes to the largest remainders, so that as many rows are
/// made as asked; imbalanced-learn rounds up and makes more. It clusters by mini-batches, this by
/// all rows: see kernels/kmeans.hpp. One cluster makes what smote makes.
///
/// @param source rows × columns, dense or sparse; new sparse rows have entries where either of
/// their
///               two rows has one
/// @param labels the class of each row
/// @return resampled or sparse_resampled of the scalar of the rows
/// @throws value_error for params or values out of range, fewer than two classes, a strategy that
///         does not fit them, more clusters than rows, a class of at most k_neighbors rows (the
///         text has the largest that is legal), or one that no cluster can take; dimension_error
///         unless each row has a label; memory_error
///
/// Time: k-means of all rows, distances of all pairs of rows of a class within a cluster (none when
/// one cluster takes all), and neighbours within clusters. Memory beside the result: 12 · k bytes a
/// row of a cluster, and what k-means takes. The same bits for any number of threads on one
/// machine.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::kmeans_smote
