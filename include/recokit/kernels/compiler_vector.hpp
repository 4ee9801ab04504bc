// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Vectors that the compiler turns into the instructions that the build allows.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <cstddef>
#include <cstring>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Some Scalars that are added and multiplied at once: as many as the -m flags of this unit allow,
/// which are in the name of the ABI.
template <class Scalar>
struct compiler_vector {
  static constexpr std::ptrdiff_t bytes = EIGEN_MAX_ALIGN_BYTES >= 64   ? 64
                                          : EIGEN_MAX_ALIGN_BYTES == 32 ? 32
                                                                        : 16;
  static constexpr std::ptrdiff_t lanes = bytes / static_cast<std::ptrdiff_t>(sizeof(Scalar));

#if defined(__GNUC__)
  typedef Scalar type __attribute__((vector_size(bytes)));

  static void load(type& to, const Scalar* from) noexcept { std::memcpy(&to, from, sizeof(type)); }
  static void store(Scalar* to, const type& from) noexcept { std::memcpy(to, &from, sizeof(type)); }
  static void multiply_add(type& sum, Scalar x, const type& y) noexcept { sum += x * y; }
#else
  using type = std::array<Scalar, static_cast<std::size_t>(lanes)>;

  static void load(type& to, const Scalar* from) noexcept {
    std::memcpy(to.data(), from, sizeof(type));
  }
  static void store(Scalar* to, const type& from) noexcept {
    std::memcpy(to, from.data(), sizeof(type));
  }
  static void multiply_add(type& sum, Scalar x, const type& y) noexcept {
    for (std::size_t l = 0; l < sum.size(); ++l) sum[l] += x * y[l];
  }
#endif
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
