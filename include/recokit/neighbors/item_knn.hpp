// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Item-based collaborative filtering with cosine similarity.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/neighbors/item_weights.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::item_knn {

struct params {
  int neighbors = 100;       ///< most similar items kept for each item
  double shrinkage = 0;      ///< added to the denominator; damps similarities of few common users
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("neighbors", &params::neighbors, 1, 1'000'000,
              "most similar items kept for each item"),
        field("shrinkage", &params::shrinkage, 0, 1e9,
              "added to the denominator, damps similarities that rest on few users"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Items with their nearest neighbours. A user's score of an item is the sum of its similarities to
/// what the user took, weighted with the values of the interactions.
///
/// Sarwar, Karypis, Konstan, Riedl, WWW'01; Deshpande and Karypis, TOIS 2004 (neighbours are kept a
/// row, the row of every item the user took is added up).
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "item_knn";
  using item_weights_model<model>::item_weights_model;
};

/// What fit runs.
struct algorithm {
  using params_type = params;
  using model_type = model;
  static constexpr bool has_cuda = false;

  template <class Source, class... Observers>
  static model run(const cpu& policy, const Source& source, const params& params,
                   Observers&... observers) {
    const auto begin = std::chrono::steady_clock::now();
    const auto by_user = to_csr(source);
    const auto by_item = transpose(policy, by_user);
    const auto items = static_cast<std::size_t>(by_item.rows());
    std::vector<double> norm(items, 0);
    for (std::size_t i = 0; i < items; ++i) {
      const auto row = by_item.row(static_cast<std::int64_t>(i));
      double squares = row.values.empty() ? static_cast<double>(row.size()) : 0;
      for (const auto x : row.values) squares += static_cast<double>(x) * static_cast<double>(x);
      norm[i] = std::sqrt(squares);
    }
    const auto cosine = [&](std::int64_t i, std::int64_t j, auto dot) {
      const double below =
          norm[static_cast<std::size_t>(i)] * norm[static_cast<std::size_t>(j)] + params.shrinkage;
      return below > 0 ? static_cast<double>(dot) / below : 0.0;
    };
    const model fitted(kernels::item_similarity(policy, by_user, by_item.view(),
                                                static_cast<std::size_t>(params.neighbors), cosine),
                       static_cast<index_t>(by_user.rows()),
                       params.keep_history ? standard_csr(source) : csr_matrix<>{});
    detail::notify({1, 1, detail::seconds_since(begin)}, fitted, observers...);
    return fitted;
  }
};

/// Computes the cosine between the columns of the interactions and keeps the best neighbours:
/// similarity(i, j) = x_i · x_j / (|x_i| |x_j| + shrinkage).
///
/// @param source users × items; values weigh the interactions, pattern-only counts them as 1
/// @throws value_error for params out of range, and what as_csr throws
/// Σ_u n_u² multiply-adds; memory 8 · neighbors bytes an item, one transpose of the interactions
/// and O(items) a thread while fitting.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::item_knn
