// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A product that no compiler fuses with an addition; free of Eigen for use in .cu.
#pragma once

namespace recokit {

/// a · b, rounded before it is added to anything: a build that fuses the two would order rows
/// differently.
template <class Real>
inline Real rounded_product(const Real& a, const Real& b) noexcept {
  const Real product = a * b;
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
  return __builtin_assoc_barrier(product);
#else
  return product;  // Clang fuses inside one expression only
#endif
}

}  // namespace recokit
