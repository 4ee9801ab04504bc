// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The pass of stochastic gradient descent over a block of ratings, chosen for the machine.
#pragma once

#include <recokit/factorization/sgd_micro_kernel.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace recokit::inline RECOKIT_ABI::sgd {

namespace detail {

/// In scalars, for whatever the machine is; the compiler makes vectors of it as its flags allow.
template <class Scalar>
struct portable_lanes {
  using scalar = Scalar;
  using vector = std::array<Scalar, 64 / sizeof(Scalar)>;
  static constexpr std::ptrdiff_t count = 64 / sizeof(Scalar);
  static constexpr std::ptrdiff_t most_lines = 0;

  static vector load(const Scalar* from) {
    vector v;
    std::copy_n(from, count, v.data());
    return v;
  }
  static void store(Scalar* to, const vector& v) { std::copy_n(v.data(), count, to); }
  static vector all(Scalar x) {
    vector v;
    v.fill(x);
    return v;
  }
  static vector multiply_add(const vector& a, const vector& b, vector c) {
    for (std::size_t l = 0; l < c.size(); ++l) c[l] += a[l] * b[l];
    return c;
  }
  static vector add(vector a, const vector& b) {
    for (std::size_t l = 0; l < a.size(); ++l) a[l] += b[l];
    return a;
  }
  static vector shrink(vector v, const vector& by) {
    for (std::size_t l = 0; l < v.size(); ++l) {
      v[l] = v[l] > by[l] ? v[l] - by[l] : v[l] < -by[l] ? v[l] + by[l] : Scalar{0};
    }
    return v;
  }
  static Scalar sum(vector v) {
    for (std::size_t half = v.size() / 2; half > 0; half /= 2) {
      for (std::size_t l = 0; l < half; ++l) v[l] += v[l + half];
    }
    return v[0];
  }
  /// quotients = x / √a, x / √b, y / √c, y / √d
  static void divide_by_roots(Scalar x, Scalar y, Scalar a, Scalar b, Scalar c, Scalar d,
                              Scalar* quotients) {
    quotients[0] = x / std::sqrt(a);
    quotients[1] = x / std::sqrt(b);
    quotients[2] = y / std::sqrt(c);
    quotients[3] = y / std::sqrt(d);
  }
};

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no function.
template <class Scalar>
std::array<kernel<Scalar>, 2> x86_kernels() noexcept;
template <>
std::array<kernel<float>, 2> x86_kernels() noexcept;
template <>
std::array<kernel<double>, 2> x86_kernels() noexcept;
#endif

}  // namespace detail

/// All kernels that can run here, best first; the last needs nothing of the machine.
template <class Scalar>
std::vector<kernel<Scalar>> all_kernels() {
  std::vector<kernel<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& kernel : detail::x86_kernels<Scalar>()) {
    if (kernel.pass != nullptr) all.push_back(kernel);
  }
#endif
  all.push_back(portable_sgd::micro_kernel<detail::portable_lanes<Scalar>>::table("portable"));
  return all;
}

/// The fastest kernel that can run here. The library brings kernels for AVX-512 and AVX2 and asks
/// the processor; elsewhere, and header-only, the portable one follows the flags of the build.
template <class Scalar>
kernel<Scalar> best_kernel() {
  return all_kernels<Scalar>().front();
}

}  // namespace recokit::inline RECOKIT_ABI::sgd
