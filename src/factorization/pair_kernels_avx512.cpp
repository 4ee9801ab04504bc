// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_kernels.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx512f")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "pair_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

struct lanes {
  using vector = __m512;
  static constexpr std::ptrdiff_t count = 16;
  RECOKIT_INLINE vector zero() { return _mm512_setzero_ps(); }
  RECOKIT_INLINE vector all(float x) { return _mm512_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm512_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm512_storeu_ps(to, x); }
  RECOKIT_INLINE vector add(vector a, vector b, vector c) { return _mm512_fmadd_ps(a, b, c); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm512_add_ps(a, b); }
  RECOKIT_INLINE vector minus(vector a, vector b) { return _mm512_sub_ps(a, b); }
  RECOKIT_INLINE vector times(vector a, vector b) { return _mm512_mul_ps(a, b); }
  RECOKIT_INLINE vector over(vector a, vector b) { return _mm512_div_ps(a, b); }
  // With a mask of ones: GCC 12 warns of its own intrinsics without.
  RECOKIT_INLINE vector root(vector a) { return _mm512_maskz_sqrt_ps(0xFFFF, a); }
  RECOKIT_INLINE float sum(vector a) {
    const __m512d both = _mm512_castps_pd(a);
    const __m256 half = _mm256_add_ps(_mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xF, both, 0)),
                                      _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xF, both, 1)));
    __m128 low = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
    low = _mm_add_ps(low, _mm_movehl_ps(low, low));
    low = _mm_add_ss(low, _mm_movehdup_ps(low));
    return _mm_cvtss_f32(low);
  }
};

}  // namespace

pair_kernel avx512_pair_kernel() noexcept { return kernel<lanes>("avx512f"); }

}  // namespace recokit::inline RECOKIT_ABI::detail

#endif
