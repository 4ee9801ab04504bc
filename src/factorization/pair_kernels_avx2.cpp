// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_kernels.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx2,fma")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "pair_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

struct lanes {
  using vector = __m256;
  static constexpr std::ptrdiff_t count = 8;
  RECOKIT_INLINE vector zero() { return _mm256_setzero_ps(); }
  RECOKIT_INLINE vector all(float x) { return _mm256_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm256_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm256_storeu_ps(to, x); }
  RECOKIT_INLINE vector add(vector a, vector b, vector c) { return _mm256_fmadd_ps(a, b, c); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm256_add_ps(a, b); }
  RECOKIT_INLINE vector minus(vector a, vector b) { return _mm256_sub_ps(a, b); }
  RECOKIT_INLINE vector times(vector a, vector b) { return _mm256_mul_ps(a, b); }
  RECOKIT_INLINE vector over(vector a, vector b) { return _mm256_div_ps(a, b); }
  RECOKIT_INLINE vector root(vector a) { return _mm256_sqrt_ps(a); }
  RECOKIT_INLINE float sum(vector a) {
    __m128 low = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    low = _mm_add_ps(low, _mm_movehl_ps(low, low));
    low = _mm_add_ss(low, _mm_movehdup_ps(low));
    return _mm_cvtss_f32(low);
  }
};

}  // namespace

pair_kernel avx2_pair_kernel() noexcept { return kernel<lanes>("avx2"); }

}  // namespace recokit::inline RECOKIT_ABI::detail

#endif
