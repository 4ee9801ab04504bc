// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief EASE on a few neighbours of every item: for catalogues whose items² do not fit.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/restricted_ridge.hpp>
#include <recokit/neighbors/item_weights.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::sparse_ease {

struct params {
  double regularization = 500;  ///< lambda, the squared-norm penalty of the weights; above 0
  int neighbors = 200;          ///< items that may have a weight for each item
  /// Probability in [0, 1) with which EDLAE drops an interaction of the input; 0 is EASE.
  double dropout = 0;
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("regularization", &params::regularization, 1e-6, 1e12,
              "lambda: penalty of squared weights"),
        field("neighbors", &params::neighbors, 1, 100'000,
              "items that may have a weight for each item"),
        field("dropout", &params::dropout, 0, 0.999999,
              "EDLAE: probability of dropping an interaction of the input; 0 is EASE"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Sparse weights from item to item; weights() has at most `neighbors` entries a column.
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "sparse_ease";
  using item_weights_model<model>::item_weights_model;
};

namespace detail_sparse_ease {

/// Row j: all items but j.
inline csr_matrix<> all_others(index_t items) {
  const auto n = static_cast<std::size_t>(items);
  std::vector<offset_t> offsets(n + 1, 0);
  std::vector<index_t> indices;
  indices.reserve(n * std::max<std::size_t>(n, 1) - n);
  for (index_t j = 0; j < items; ++j) {
    for (index_t i = 0; i < items; ++i) {
      if (i != j) indices.push_back(i);
    }
    offsets[static_cast<std::size_t>(j) + 1] = static_cast<offset_t>(indices.size());
  }
  return {items, items, std::move(offsets), std::move(indices)};
}

/// Row j: the items i with the largest |x_i · x_j| / (|x_i| |x_j|) among those that share a user.
template <class Value, class Index, class Offset, class Cancelled>
csr_matrix<> nearest(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                     const csr_view<Value, Index, Offset>& items, int neighbors,
                     const Cancelled& cancelled) {
  if (neighbors >= items.rows() - 1) return all_others(static_cast<index_t>(items.rows()));
  std::vector<double> norm(static_cast<std::size_t>(items.rows()));
  for (std::int64_t i = 0; i < items.rows(); ++i) {
    const auto row = items.row(i);
    double squares = 0;
    for (std::size_t n = 0; n < row.size(); ++n) {
      squares += static_cast<double>(row.value(n)) * static_cast<double>(row.value(n));
    }
    norm[static_cast<std::size_t>(i)] = std::sqrt(squares);
  }
  const auto cosine = [&](std::int64_t i, std::int64_t j, double dot) {
    const double below = norm[static_cast<std::size_t>(i)] * norm[static_cast<std::size_t>(j)];
    return below > 0 ? std::abs(dot) / below : 0.0;
  };
  const auto k = static_cast<std::size_t>(neighbors);
  if (users.has_values()) {
    return kernels::item_similarity<kernels::pair_dot>(
        policy, users, items, k,
        [&](std::int64_t i, std::int64_t j, const kernels::pair_dot& sums) {
          return cosine(i, j, sums.xy);
        },
        kernels::pair_symmetry::symmetric, 1, cancelled);
  }
  return kernels::item_similarity<kernels::pair_count>(
      policy, users, items, k,
      [&](std::int64_t i, std::int64_t j, const kernels::pair_count& sums) {
        return cosine(i, j, static_cast<double>(sums.common));
      },
      kernels::pair_symmetry::symmetric, 1, cancelled);
}

}  // namespace detail_sparse_ease

/// What fit runs. @tparam Scalar of the systems that are solved; weights are float
template <class Scalar>
struct algorithm : one_step_algorithm<algorithm<Scalar>, params, model> {
  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const auto by_user = to_csr(source);
    const auto by_item = transpose(policy, by_user);
    const std::function<bool()> stop = cancelled;
    const auto leave_when_cancelled = [&] {
      if (stop()) throw cancelled_error("sparse_ease::fit");
    };
    const csr_matrix<> support =
        detail_sparse_ease::nearest(policy, by_user, by_item.view(), params.neighbors, stop);
    leave_when_cancelled();
    const std::vector<float> weights = kernels::restricted_ridge<Scalar>(
        policy, by_user, by_item.view(), support.view(),
        {.shift = params.regularization, .scale = params.dropout / (1 - params.dropout)}, stop);
    leave_when_cancelled();
    // Row j of the support holds column j of the weights.
    const auto columns =
        csr_view<>::trusted(support.rows(), support.cols(), support.view().offsets().data(),
                            support.view().indices().data(), weights.data());
    return model(transpose(policy, columns), static_cast<index_t>(by_user.rows()),
                 params.keep_history ? standard_csr(source) : csr_matrix<>{});
  }
};

/// EASE (see ease.hpp) with weights for a few items only: of every item j, the `neighbors` items
/// with the largest |cosine| to it, j left out. Their weights are exact: they solve the ridge
/// regression of x_j on x_i, i in the neighbours, (X_SᵀX_S + Λ_S) w = X_Sᵀ x_j. With neighbors >=
/// items − 1 all others are taken and the weights are those of ease. In the spirit of Steck,
/// "Markov random fields for collaborative filtering", NeurIPS'19, whose approximation shares
/// inverses between neighbourhoods; here each item has its own.
///
/// Scores, explanations and files are those of all models of a sparse item matrix
/// (item_weights_model); values and negative values count as in ease.
///
/// @param source    users × items; values weigh the interactions, pattern-only counts them as 1
/// @param observers called once, at the end; cancel_on is asked between items
/// @throws value_error for params out of range, memory_error, cancelled_error, error when a system
///         is not positive definite, and what as_csr throws
///
/// items · m³/6 multiply-adds for m neighbours, and Σ_u n_u² for the neighbours and for each batch
/// of systems. Memory: 512 MiB of systems (or one, m²/2 scalars), 36 · m bytes an item while
/// fitting, 8 · m after. The same bits for any number of threads.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with systems in another scalar type: fit_as<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::sparse_ease
