// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The choice of the inner loops of row solves for the machine at hand.
#pragma once

#include <recokit/kernels/compiler_vector.hpp>
#include <recokit/kernels/row_kernel_table.hpp>
#include <recokit/kernels/row_micro_kernels.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// What the flags of the build allow.
template <class Scalar>
struct portable_lanes {
  using scalar = Scalar;
  using vector = typename compiler_vector<Scalar>::type;
  static constexpr std::ptrdiff_t count = compiler_vector<Scalar>::lanes;
  static constexpr bool many = compiler_vector<Scalar>::bytes == 64;
  static vector sqrt(vector x) {
    for (std::ptrdiff_t l = 0; l < count; ++l) x[l] = std::sqrt(x[l]);
    return x;
  }
};

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no functions.
template <class Scalar>
std::array<row_kernels<Scalar>, 2> x86_row_kernels() noexcept;
template <>
std::array<row_kernels<float>, 2> x86_row_kernels() noexcept;
template <>
std::array<row_kernels<double>, 2> x86_row_kernels() noexcept;
#endif

}  // namespace detail

/// All kernels that can run here, best first; the last needs nothing of the machine.
template <class Scalar>
std::vector<row_kernels<Scalar>> all_row_kernels() {
  std::vector<row_kernels<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& kernels : detail::x86_row_kernels<Scalar>()) {
    if (kernels.lanes != 0) all.push_back(kernels);
  }
#endif
  all.push_back(
      portable_rows::row_micro_kernels<detail::portable_lanes<Scalar>>::table("portable"));
  return all;
}

/// The fastest that can run here. The library brings kernels for AVX-512 and AVX2 and asks the
/// processor; elsewhere, and header-only, the portable ones follow the flags of the build.
template <class Scalar>
row_kernels<Scalar> best_row_kernels() {
  return all_row_kernels<Scalar>().front();
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
