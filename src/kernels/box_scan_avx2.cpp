// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "box_scan_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// Switched on for these functions alone, see gemm_avx2.cpp.
#define RECOKIT_TARGET __attribute__((target("avx2")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "box_scan_loops.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

struct doubles {
  using vector = __m256d;
  static constexpr std::size_t lanes = 4;
  RECOKIT_INLINE vector all_of(double x) { return _mm256_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm256_loadu_pd(from); }
  RECOKIT_INLINE vector load(const float* from) { return _mm256_cvtps_pd(_mm_loadu_ps(from)); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm256_storeu_pd(to, x); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm256_add_pd(a, b); }
  RECOKIT_INLINE vector minus(vector a, vector b) { return _mm256_sub_pd(a, b); }
  RECOKIT_INLINE vector times(vector a, vector b) { return _mm256_mul_pd(a, b); }
  RECOKIT_INLINE vector larger(vector a, vector b) { return _mm256_max_pd(a, b); }
  RECOKIT_INLINE unsigned at_most(vector x, vector limit) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(x, limit, _CMP_LE_OQ)));
  }
};

}  // namespace

box_scan<float> avx2_box_scan_float() noexcept { return box_loops<doubles, float>::table("avx2"); }
box_scan<double> avx2_box_scan_double() noexcept {
  return box_loops<doubles, double>::table("avx2");
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
