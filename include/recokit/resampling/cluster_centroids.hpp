// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Cluster centroids: a class is replaced by centres of its clusters, or the rows at them.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/kernels/kmeans.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::cluster_centroids {

struct params {
  sampling_strategy strategy{};  ///< rows to keep of each class: its clusters
  int iterations = 300;          ///< of k-means, at most
  double tolerance = 1e-4;       ///< see kernels::kmeans_options
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{field("iterations", &params::iterations, 1, 1'000'000'000, "at most"),
                      field("tolerance", &params::tolerance, 0, 1e300,
                            "iterations end when centres move less, over the mean variance"),
                      field("seed", &params::seed, "of the first centres")};
  }
};

namespace detail_cluster_centroids {

/// The clusters of one targeted class.
struct class_clusters {
  std::size_t position = 0;
  row_major_matrix<double> centers;
  std::vector<index_t> rows;  ///< of each cluster the row that is nearest to the centre
};

/// Of each cluster the row that is nearest to its centre; of equally near ones the first.
std::vector<index_t> rows_at_centers(const kernels::kmeans_result& clusters,
                                     std::span<const index_t> rows);
/// The rows of classes that are not targeted, and rows in place of those that are, by class.
selection kept_by_class(const class_table& classes, const std::vector<class_clusters>& clusters);
/// The rows of classes without clusters, in their order.
std::vector<index_t> untouched_rows(const class_table& classes,
                                    const std::vector<class_clusters>& clusters);

/// Of all targeted classes, ascending; those with target 0 have no centres.
template <class Rows>
std::vector<class_clusters> find_clusters(const cpu& policy, const Rows& rows,
                                          const class_table& classes, const params& params) {
  std::vector<class_clusters> all;
  for (const auto& [label, target] : under_targets(params.strategy, classes)) {
    const std::size_t position = classes.find(label).value();
    all.push_back({position, row_major_matrix<double>(0, rows.cols()), {}});
    if (target == 0) continue;
    auto clusters = kernels::kmeans(policy, rows, classes.rows_of(position),
                                    {.clusters = target,
                                     .iterations = params.iterations,
                                     .tolerance = params.tolerance,
                                     .seed = params.seed,
                                     .stream = static_cast<std::uint32_t>(label)});
    all.back().rows = rows_at_centers(clusters, classes.rows_of(position));
    all.back().centers = std::move(clusters.centers);
  }
  return all;
}

/// The rows `kept`, then all centres.
template <class Scalar>
row_major_matrix<Scalar> with_centers(const dense_view<Scalar>& rows, std::span<const index_t> kept,
                                      const std::vector<class_clusters>& clusters) {
  auto result = gather_rows(rows, kept);
  for (const auto& each : clusters) {
    const auto before = result.rows();
    result.conservativeResize(before + each.centers.rows(), Eigen::NoChange);
    result.bottomRows(each.centers.rows()) = each.centers.template cast<Scalar>();
  }
  return result;
}
/// Centres have an entry wherever a row of their cluster has one that does not cancel.
template <class Value, class Index, class Offset>
csr_matrix<Value> with_centers(const csr_view<Value, Index, Offset>& rows,
                               std::span<const index_t> kept,
                               const std::vector<class_clusters>& clusters) {
  std::vector<offset_t> offsets{0};
  std::vector<index_t> indices;
  std::vector<Value> values;
  const auto end_row = [&] { offsets.push_back(static_cast<offset_t>(indices.size())); };
  for (const index_t r : kept) {
    const auto row = rows.row(r);
    for (std::size_t i = 0; i < row.size(); ++i) {
      indices.push_back(static_cast<index_t>(row.indices[i]));
      values.push_back(row.value(i));
    }
    end_row();
  }
  for (const auto& each : clusters) {
    for (Eigen::Index k = 0; k < each.centers.rows(); ++k) {
      for (Eigen::Index c = 0; c < each.centers.cols(); ++c) {
        if (each.centers(k, c) == 0) continue;
        indices.push_back(static_cast<index_t>(c));
        values.push_back(static_cast<Value>(each.centers(k, c)));
      }
      end_row();
    }
  }
  const auto count = static_cast<std::int64_t>(offsets.size()) - 1;
  return {count, rows.cols(), std::move(offsets), std::move(indices), std::move(values)};
}

/// What select runs.
struct selector {
  using params_type = params;
  static constexpr bool takes_nan = false;
  static constexpr bool has_cuda = false;

  template <class Rows>
  static selection run(const cpu& policy, const Rows& rows, std::span<const index_t>,
                       const class_table& classes, const params& params) {
    return kept_by_class(classes, find_clusters(policy, rows, classes, params));
  }
};

/// What resample runs.
struct generator {
  using params_type = params;
  static constexpr bool takes_nan = false;
  static constexpr bool has_cuda = false;

  template <class Rows>
  static auto run(const cpu& policy, const Rows& rows, std::span<const index_t> labels,
                  const class_table& classes, const params& params) {
    const auto clusters = find_clusters(policy, rows, classes, params);
    auto kept = untouched_rows(classes, clusters);
    using matrix = std::remove_cvref_t<decltype(with_centers(rows, kept, clusters))>;
    kept_and_new_rows<matrix> result;
    result.rows = with_centers(rows, kept, clusters);
    result.labels = gather_labels(labels, kept);
    result.kept = std::move(kept);
    for (const auto& each : clusters) {
      for (const index_t r : each.rows) {
        result.labels.push_back(classes.label(each.position));
        result.origins.push_back({r, r, 0});
      }
    }
    return result;
  }
};

}  // namespace detail_cluster_centroids

/// Cuts each targeted class into as many clusters as rows are asked (kernels::kmeans) and keeps of
/// each cluster the row that is nearest to its centre, of equally near ones the first: "hard" in
/// imbalanced-learn, whose rows may repeat because it looks for them in the whole class. Rows come
/// by class; in a targeted class by cluster.
///
/// @throws value_error and dimension_error as resample_function and under_targets say
///
/// Time: kernels::kmeans of each targeted class. A result depends on the seed, and for one seed it
/// is the same for any number of threads.
inline constexpr resample_function<detail_cluster_centroids::selector> select{};

/// Replaces each targeted class by the centres of its clusters, as new rows: "soft" in
/// imbalanced-learn, which gives all rows by class. origins[i] names the row of the cluster that is
/// nearest to its centre, twice, with step 0.
/// @return kept_and_new_rows of a row_major_matrix or csr_matrix of the scalar of the rows
inline constexpr resample_function<detail_cluster_centroids::generator> resample{};

}  // namespace recokit::inline RECOKIT_ABI::cluster_centroids
