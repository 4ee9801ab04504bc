// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_kernels.hpp"

#include "../kernels/x86_choice.hpp"

#include <cmath>
#include <cstring>

#define RECOKIT_TARGET
#define RECOKIT_INLINE static inline

#include "pair_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

// Vectors of the compiler: whatever the machine is.
struct lanes {
  typedef float vector __attribute__((vector_size(16)));
  static constexpr std::ptrdiff_t count = 4;
  static vector zero() { return vector{}; }
  static vector all(float x) { return vector{x, x, x, x}; }
  static vector load(const float* from) {
    vector x;
    std::memcpy(&x, from, sizeof x);
    return x;
  }
  static void store(float* to, vector x) { std::memcpy(to, &x, sizeof x); }
  static vector add(vector a, vector b, vector c) { return a * b + c; }
  static vector plus(vector a, vector b) { return a + b; }
  static vector minus(vector a, vector b) { return a - b; }
  static vector times(vector a, vector b) { return a * b; }
  static vector over(vector a, vector b) { return a / b; }
  static vector root(vector a) {
    return vector{std::sqrt(a[0]), std::sqrt(a[1]), std::sqrt(a[2]), std::sqrt(a[3])};
  }
  static float sum(vector a) { return (a[0] + a[2]) + (a[1] + a[3]); }
};

}  // namespace

std::array<pair_kernel, 3> pair_kernels() noexcept {
  std::array<pair_kernel, 3> kernels{};
  std::size_t found = 0;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const pair_kernel& each :
       recokit::kernels::detail::usable(avx512_pair_kernel(), avx2_pair_kernel())) {
    if (each.bpr != nullptr) kernels[found++] = each;
  }
#endif
  kernels[found] = kernel<lanes>("portable");
  return kernels;
}

const pair_kernel& best_pair_kernel() noexcept {
  static const pair_kernel best = pair_kernels().front();
  return best;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
