// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_scan_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// Switched on for these functions alone, see gemm_avx2.cpp.
#define RECOKIT_TARGET __attribute__((target("avx2")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "pair_scan_loops.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

struct floats {
  using scalar = float;
  using vector = __m256;
  static constexpr std::size_t lanes = 8;
  RECOKIT_INLINE vector all_of(float x) { return _mm256_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm256_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm256_storeu_ps(to, x); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm256_add_ps(a, b); }
  RECOKIT_INLINE vector smaller(vector a, vector b) { return _mm256_min_ps(a, b); }
  RECOKIT_INLINE unsigned reach(vector x, vector floor) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(x, floor, _CMP_GE_OQ)));
  }
};

struct doubles {
  using scalar = double;
  using vector = __m256d;
  static constexpr std::size_t lanes = 4;
  RECOKIT_INLINE vector all_of(double x) { return _mm256_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm256_loadu_pd(from); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm256_storeu_pd(to, x); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm256_add_pd(a, b); }
  RECOKIT_INLINE vector smaller(vector a, vector b) { return _mm256_min_pd(a, b); }
  RECOKIT_INLINE unsigned reach(vector x, vector floor) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(x, floor, _CMP_GE_OQ)));
  }
};

}  // namespace

pair_scan<float> avx2_pair_scan_float() noexcept { return pair_loops<floats>::table("avx2"); }
pair_scan<double> avx2_pair_scan_double() noexcept { return pair_loops<doubles>::table("avx2"); }

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
