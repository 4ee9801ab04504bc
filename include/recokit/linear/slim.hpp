// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SLIM and fs-SLIM: every item explained by the others with an elastic net.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/elastic_net.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/neighbors/item_weights.hpp>

#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::slim {

using solver = kernels::elastic_net_method;

struct params {
  double l1 = 1;             ///< penalty of the sum of magnitudes: the larger, the sparser
  double l2 = 100;           ///< penalty of the sum of squares
  bool non_negative = true;  ///< allow no weight below 0
  int neighbors = 0;         ///< fs-SLIM: only the items nearest by cosine may explain one; 0: all
  int top_k = 0;             ///< largest weights kept of each item, after solving; 0: all
  int epochs = 1000;         ///< most passes over the active weights of an item
  double tolerance = 1e-6;   ///< of the duality gap of an item, relative to its squared norm
  slim::solver solver = slim::solver::automatic;  ///< see kernels::elastic_net_method
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("l1", &params::l1, 0, 1e12, "penalty of the sum of magnitudes"),
        field("l2", &params::l2, 0, 1e12, "penalty of half the sum of squares"),
        field("non_negative", &params::non_negative, "allow no weight below 0"),
        field("neighbors", &params::neighbors, 0, 1'000'000'000,
              "fs-SLIM: only the items nearest by cosine may explain one; 0 for all"),
        field("top_k", &params::top_k, 0, 1'000'000'000,
              "largest weights kept of each item; 0 for all"),
        field("epochs", &params::epochs, 1, 1'000'000'000,
              "most passes over the active weights of an item"),
        field("tolerance", &params::tolerance, 1e-12, 1,
              "of the duality gap, relative to the squared norm of the item"),
        field("solver", &params::solver, "arithmetic by XᵀX or by residuals of users"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Sparse weights from item to item; the score of an item j for a user is Σ_h x_uh · W(h, j) over
/// the user's history h: the regression of column j on the other columns.
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "slim";
  using item_weights_model<model>::item_weights_model;
};

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const auto by_user = to_csr(source);
    const auto by_item = transpose(policy, by_user);
    csr_matrix<> nearest;
    const bool selects = params.neighbors > 0 && params.neighbors < by_item.rows() - 1;
    if (selects) nearest = nearest_items(policy, by_user, by_item.view(), params.neighbors);
    const kernels::elastic_net net{.l1 = params.l1,
                                   .l2 = params.l2,
                                   .non_negative = params.non_negative,
                                   .epochs = params.epochs,
                                   .tolerance = params.tolerance};
    const auto columns = kernels::elastic_net_columns(
        policy, by_user, by_item.view(), net, selects ? &nearest.view() : nullptr,
        static_cast<std::size_t>(params.top_k), params.solver, cancelled);
    if (cancelled()) throw cancelled_error("slim::fit");
    return model(transpose(policy, columns.view()), static_cast<index_t>(by_user.rows()),
                 params.keep_history ? standard_csr(source) : csr_matrix<>{});
  }

 private:
  template <class Value, class Index, class Offset>
  static csr_matrix<> nearest_items(const cpu& policy,
                                    const csr_view<Value, Index, Offset>& by_user,
                                    const csr_view<Value, Index, Offset>& by_item, int neighbors) {
    const auto squares = kernels::squared_norms(by_item);
    const auto cosine = [&](std::int64_t i, std::int64_t j, const kernels::pair_dot& pair) {
      const double below =
          std::sqrt(squares[static_cast<std::size_t>(i)] * squares[static_cast<std::size_t>(j)]);
      return below > 0 ? pair.xy / below : 0.0;
    };
    return kernels::item_similarity<kernels::pair_dot>(policy, by_user, by_item,
                                                       static_cast<std::size_t>(neighbors), cosine);
  }
};

/// Minimises, for every item j,
///   ½‖x_j − X w‖² + ½ l2 ‖w‖² + l1 ‖w‖₁  over w with w_j = 0 (and w >= 0 with non_negative),
/// where x_j is column j of the users × items interactions X, and makes w column j of the weights.
///
/// Ning, Karypis, ICDM 2011; with `neighbors`, fs-SLIM of the same paper. The minimum is exact up
/// to `tolerance`: a column is done when its duality gap, an upper bound of what the objective is
/// above its minimum, is at most tolerance · ‖x_j‖², the rule of scikit-learn's ElasticNet. A
/// column that reaches `epochs` is kept as it stands. scikit-learn divides the objective by the n
/// users:
///   l1 = n · alpha · l1_ratio and l2 = n · alpha · (1 − l1_ratio).
///
/// Not for l1 = 0 with non_negative = false on many items: all weights are then in use, and EASE
/// solves nearly the same problem at a fixed price.
///
/// @param source users × items; values weigh the interactions, pattern-only counts them as 1
/// @throws value_error for params out of range, memory_error when XᵀX does not fit (solver = gram),
///         cancelled_error, and what as_csr throws
/// See kernels::elastic_net_columns for time and memory.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::slim
