// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How a half-step of alternating least squares solves its rows, and which side it solves.
#pragma once

#include <recokit/kernels/exact_rows.hpp>

#include <cstdint>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The two factor matrices of a model.
enum class factor_side : std::uint8_t { users, items };

constexpr factor_side other_side(factor_side side) noexcept {
  return side == factor_side::users ? factor_side::items : factor_side::users;
}

enum class row_solver : std::uint8_t {
  exact,  ///< exact_rows
  cg,     ///< cg_rows
  block,  ///< block_rows; with a block of 1, one factor after the other
};

struct row_method {
  row_solver solver = row_solver::exact;
  row_form form = row_form::adaptive;  ///< of exact
  int steps = 3;                       ///< of cg
  int block = 64;                      ///< factors at a time
  int sweeps = 1;                      ///< of block
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
