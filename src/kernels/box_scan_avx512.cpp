// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "box_scan_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// Switched on for these functions alone, see gemm_avx512.cpp.
#define RECOKIT_TARGET __attribute__((target("avx512f")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "box_scan_loops.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

struct doubles {
  // The zero-masked forms: the plain ones warn with g++ 12.
  using vector = __m512d;
  static constexpr std::size_t lanes = 8;
  RECOKIT_INLINE vector all_of(double x) { return _mm512_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm512_loadu_pd(from); }
  RECOKIT_INLINE vector load(const float* from) {
    return _mm512_maskz_cvtps_pd(0xff, _mm256_loadu_ps(from));
  }
  RECOKIT_INLINE void store(double* to, vector x) { _mm512_storeu_pd(to, x); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm512_add_pd(a, b); }
  RECOKIT_INLINE vector minus(vector a, vector b) { return _mm512_sub_pd(a, b); }
  RECOKIT_INLINE vector times(vector a, vector b) { return _mm512_mul_pd(a, b); }
  RECOKIT_INLINE vector larger(vector a, vector b) { return _mm512_maskz_max_pd(0xff, a, b); }
  RECOKIT_INLINE unsigned at_most(vector x, vector limit) {
    return _mm512_cmp_pd_mask(x, limit, _CMP_LE_OQ);
  }
};

}  // namespace

box_scan<float> avx512_box_scan_float() noexcept {
  return box_loops<doubles, float>::table("avx512f");
}
box_scan<double> avx512_box_scan_double() noexcept {
  return box_loops<doubles, double>::table("avx512f");
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
