// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_scan_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// Switched on for these functions alone, see gemm_avx512.cpp.
#define RECOKIT_TARGET __attribute__((target("avx512f")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "pair_scan_loops.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

// The zero-masked minimum: the plain one warns with g++ 12.
struct floats {
  using scalar = float;
  using vector = __m512;
  static constexpr std::size_t lanes = 16;
  RECOKIT_INLINE vector all_of(float x) { return _mm512_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm512_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm512_storeu_ps(to, x); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm512_add_ps(a, b); }
  RECOKIT_INLINE vector smaller(vector a, vector b) { return _mm512_maskz_min_ps(0xffff, a, b); }
  RECOKIT_INLINE unsigned reach(vector x, vector floor) {
    return _mm512_cmp_ps_mask(x, floor, _CMP_GE_OQ);
  }
};

struct doubles {
  using scalar = double;
  using vector = __m512d;
  static constexpr std::size_t lanes = 8;
  RECOKIT_INLINE vector all_of(double x) { return _mm512_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm512_loadu_pd(from); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm512_storeu_pd(to, x); }
  RECOKIT_INLINE vector plus(vector a, vector b) { return _mm512_add_pd(a, b); }
  RECOKIT_INLINE vector smaller(vector a, vector b) { return _mm512_maskz_min_pd(0xff, a, b); }
  RECOKIT_INLINE unsigned reach(vector x, vector floor) {
    return _mm512_cmp_pd_mask(x, floor, _CMP_GE_OQ);
  }
};

}  // namespace

pair_scan<float> avx512_pair_scan_float() noexcept { return pair_loops<floats>::table("avx512f"); }
pair_scan<double> avx512_pair_scan_double() noexcept {
  return pair_loops<doubles>::table("avx512f");
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
