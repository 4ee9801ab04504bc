// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "row_kernels_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx512f")))
#define RECOKIT_TARGET_NAME avx512_rows

#include <recokit/kernels/row_micro_kernels.hpp>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

struct floats {
  using scalar = float;
  using vector = __m512;
  static constexpr std::ptrdiff_t count = 16;
  static constexpr bool many = true;
  __attribute__((target("avx512f"), always_inline)) static inline vector sqrt(vector x) {
    return _mm512_maskz_sqrt_ps(0xffff, x);  // the plain one warns with g++ 12
  }
};

struct doubles {
  using scalar = double;
  using vector = __m512d;
  static constexpr std::ptrdiff_t count = 8;
  static constexpr bool many = true;
  __attribute__((target("avx512f"), always_inline)) static inline vector sqrt(vector x) {
    return _mm512_maskz_sqrt_pd(0xff, x);
  }
};

}  // namespace

row_kernels<float> avx512_row_kernels_float() noexcept {
  return avx512_rows::row_micro_kernels<floats>::table("avx512f");
}
row_kernels<double> avx512_row_kernels_double() noexcept {
  return avx512_rows::row_micro_kernels<doubles>::table("avx512f");
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
