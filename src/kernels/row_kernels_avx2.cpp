// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "row_kernels_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx2,fma")))
#define RECOKIT_TARGET_NAME avx2_rows

#include <recokit/kernels/row_micro_kernels.hpp>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

struct floats {
  using scalar = float;
  using vector = __m256;
  static constexpr std::ptrdiff_t count = 8;
  static constexpr bool many = false;
  __attribute__((target("avx2,fma"), always_inline)) static inline vector sqrt(vector x) {
    return _mm256_sqrt_ps(x);
  }
};

struct doubles {
  using scalar = double;
  using vector = __m256d;
  static constexpr std::ptrdiff_t count = 4;
  static constexpr bool many = false;
  __attribute__((target("avx2,fma"), always_inline)) static inline vector sqrt(vector x) {
    return _mm256_sqrt_pd(x);
  }
};

}  // namespace

row_kernels<float> avx2_row_kernels_float() noexcept {
  return avx2_rows::row_micro_kernels<floats>::table("avx2");
}
row_kernels<double> avx2_row_kernels_double() noexcept {
  return avx2_rows::row_micro_kernels<doubles>::table("avx2");
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
