// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What iALS can be told: params, solvers and how values become confidence.
#pragma once

#include <recokit/core/params.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::ials {

/// How a half-step solves its rows. All of them lower the same loss.
enum class solver_kind {
  exact,       ///< each row's least-squares solution
  cg,          ///< cg_steps of conjugate gradients from the row as it was
  block,       ///< block_sweeps over block_size factors at a time (iALS++)
  coordinate,  ///< block_sweeps over one factor at a time (iCD)
};
constexpr std::array<std::string_view, 4> enum_names(solver_kind) {
  return {"exact", "cg", "block", "coordinate"};
}

/// How the value x of an interaction becomes its weight; see fit for the loss.
enum class confidence_kind {
  raw,     ///< weight x on the target 1, beside the unobserved weight on the target 0
  linear,  ///< weight unobserved_weight + confidence_scale · x on the target 1 (Hu et al., eq. 3)
  log,     ///< unobserved_weight + confidence_scale · log(1 + x / confidence_epsilon) on 1 (eq. 6)
};
constexpr std::array<std::string_view, 3> enum_names(confidence_kind) {
  return {"raw", "linear", "log"};
}

struct params {
  int factors = 64;
  int epochs = 16;
  double regularization = 0.003;
  double regularization_exponent = 1;  ///< 0: the same for every row; 1: by the row's weight
  /// nu*: when set, regularization is meant for this exponent, and scaled so that the mean ridge is
  /// the same with the exponent in use (Rendle et al., RecSys'22, section 4.1).
  std::optional<double> reference_exponent = std::nullopt;
  double unobserved_weight = 0.1;
  double popularity_exponent = 0;  ///< of the weights of unobserved items; 0: all the same
  confidence_kind confidence = confidence_kind::raw;
  double confidence_scale = 40;   ///< linear, log: alpha
  double confidence_epsilon = 1;  ///< log
  bool dislikes = false;          ///< negative values: their magnitude is weight on the target 0
  solver_kind solver = solver_kind::exact;
  int cg_steps = 3;
  int block_size = 64;
  int block_sweeps = 1;      ///< of block and coordinate, a half-step
  double init_stddev = 0.1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  std::uint64_t seed = 42;
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "times both sides are solved"),
        field("regularization", &params::regularization, 0, 1e9, "lambda"),
        field("regularization_exponent", &params::regularization_exponent, 0, 10,
              "nu: lambda is scaled by (n + unobserved_weight * size of other side)^nu"),
        field("reference_exponent", &params::reference_exponent,
              "nu*: lambda is rescaled to mean at nu what it means at nu*"),
        field("unobserved_weight", &params::unobserved_weight, 0, 1e6,
              "alpha0: weight of the target 0 of every user and item"),
        field("popularity_exponent", &params::popularity_exponent, 0, 10,
              "unobserved weights of items grow with popularity to this power"),
        field("confidence", &params::confidence, "how values become weights"),
        field("confidence_scale", &params::confidence_scale, 0, 1e9, "alpha of linear and log"),
        field("confidence_epsilon", &params::confidence_epsilon, 1e-12, 1e12, "epsilon of log"),
        field("dislikes", &params::dislikes, "negative values speak against the item"),
        field("solver", &params::solver, "of a half-step"),
        field("cg_steps", &params::cg_steps, 1, 10'000, "of cg, a half-step"),
        field("block_size", &params::block_size, 1, 65536, "factors that block solves at a time"),
        field("block_sweeps", &params::block_sweeps, 1, 10'000,
              "of block and coordinate, a half-step"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("seed", &params::seed, "of the first factors"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

}  // namespace recokit::inline RECOKIT_ABI::ials
