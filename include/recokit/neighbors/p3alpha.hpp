// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief P3alpha: items by the probability that a random walk of three steps ends there.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/neighbors/item_weights.hpp>
#include <recokit/neighbors/three_step_walk.hpp>

#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::p3alpha {

struct params {
  int neighbors = 100;                  ///< best items kept for each item
  double alpha = 1;                     ///< power of the probabilities of steps; in [0, 10]
  walk_side side = walk_side::history;  ///< whose best items are kept
  bool normalize_weights = false;       ///< make the weights of each item of a history sum to 1
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("neighbors", &params::neighbors, 1, 1'000'000, "best items kept for each item"),
        field("alpha", &params::alpha, 0, 10, "power of the probabilities of steps"),
        field("side", &params::side, "whose best items are kept"),
        field("normalize_weights", &params::normalize_weights,
              "make the weights of each item of a history sum to 1"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Weights from item to item: the walk of three steps from a user starts with an item of the
/// history, x_uh, and goes on over a user of that item to another of theirs, W(h, j).
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "p3alpha";
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
                                       .beta = 0,
                                       .side = params.side,
                                       .normalize = params.normalize_weights};
    const csr_matrix<> weights = detail::walk_weights(policy, by_user, options, cancelled);
    if (cancelled()) throw cancelled_error("p3alpha::fit");
    return model(weights, static_cast<index_t>(by_user.rows()),
                 params.keep_history ? standard_csr(source) : csr_matrix<>{});
  }
};

/// W(i, j) = Σ_u (1 / n_i)^alpha · (x_uj / Σ_k x_uk)^alpha over the users u of both i and j, where
/// n_i counts the users of item i. The probability of each step is raised to alpha by itself, after
/// the division, as in Elliot and in the code of Ferrari Dacrema et al. (RecSys 2019): the step to
/// a user counts the users of the item, that from a user goes by value. irspack raises the
/// interactions to alpha before they are divided, which changes nothing when all are 1. The first
/// step, from the user at hand to an item of their history, is not part of W; those libraries take
/// x_uh for it as well, as this model does.
///
/// Elliot and Ferrari Dacrema et al. keep the best of rows and then of columns (side = both),
/// irspack the best of columns (side = candidate).
///
/// Cooper, Lee, Radinsky, Siskos, WWW 2014.
/// @param source users × items; values, at least 0, weigh the interactions, pattern-only counts
///               them as 1
/// @throws value_error for params out of range or a negative value, and what as_csr throws
/// Σ_u n_u² additions and no items × items array; see kernels::item_similarity. With cuda the GPU
/// finds the best, at most 1024 an item, with the bits of the CPU; see kernels::similarity_device.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::p3alpha
