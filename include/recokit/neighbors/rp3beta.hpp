// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief RP3beta: walks of three steps, popular items held back.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/neighbors/item_weights.hpp>
#include <recokit/neighbors/three_step_walk.hpp>

#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::rp3beta {

struct params {
  int neighbors = 100;  ///< best items kept for each item
  double alpha = 1;     ///< power of the probabilities of steps; in [0, 10]
  double beta = 0.6;    ///< power of its popularity by which an item is divided; in [0, 10]
  walk_side side = walk_side::history;  ///< whose best items are kept
  bool normalize_weights = false;       ///< make the weights of each item of a history sum to 1
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("neighbors", &params::neighbors, 1, 1'000'000, "best items kept for each item"),
        field("alpha", &params::alpha, 0, 10, "power of the probabilities of steps"),
        field("beta", &params::beta, 0, 10, "power of its popularity by which an item is divided"),
        field("side", &params::side, "whose best items are kept"),
        field("normalize_weights", &params::normalize_weights,
              "make the weights of each item of a history sum to 1"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Weights from item to item; the score of an item j for a user is Σ_h x_uh · W(h, j).
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "rp3beta";
  using item_weights_model<model>::item_weights_model;
};

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  static constexpr bool has_cuda = true;

  template <class Policy, class Source, class Cancelled>
  static model make(const Policy& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const auto by_user = to_csr(source);
    const detail::walk_options options{.neighbors = static_cast<std::size_t>(params.neighbors),
                                       .alpha = params.alpha,
                                       .beta = params.beta,
                                       .side = params.side,
                                       .normalize = params.normalize_weights};
    const csr_matrix<> weights = detail::walk_weights(policy, by_user, options, cancelled);
    if (cancelled()) throw cancelled_error("rp3beta::fit");
    return model(weights, static_cast<index_t>(by_user.rows()),
                 params.keep_history ? standard_csr(source) : csr_matrix<>{});
  }
};

/// W(i, j) = Σ_u (1 / n_i)^alpha · (x_uj / Σ_k x_uk)^alpha / n_j^beta: P3alpha (see p3alpha::fit,
/// also for the conventions of other libraries) with the weight of every item divided by a power of
/// the number n_j of its users, before the best are kept.
///
/// Paudel, Christoffel, Newell, Bernstein, TiiS 7(1), 2017.
/// @param source users × items; values, at least 0, weigh the interactions, pattern-only counts
///               them as 1
/// @throws value_error for params out of range or a negative value, and what as_csr throws
/// Σ_u n_u² additions and no items × items array; see kernels::item_similarity. With cuda the GPU
/// finds the best, at most 1024 an item, with the bits of the CPU; see kernels::similarity_device.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::rp3beta
