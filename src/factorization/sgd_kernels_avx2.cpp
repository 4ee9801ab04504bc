// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sgd_kernels_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx2,fma")))
#define RECOKIT_TARGET_NAME avx2_sgd

#include <recokit/factorization/sgd_micro_kernel.hpp>

#define RECOKIT_INLINE \
  __attribute__((target("avx2,fma"))) __attribute__((always_inline)) static inline

namespace recokit::inline RECOKIT_ABI::sgd::detail {

namespace {

struct floats {
  using scalar = float;
  using vector = __m256;
  static constexpr std::ptrdiff_t count = 8;
  static constexpr std::ptrdiff_t most_lines = 4;
  RECOKIT_INLINE vector load(const float* from) { return _mm256_load_ps(from); }
  RECOKIT_INLINE void store(float* to, vector v) { _mm256_store_ps(to, v); }
  RECOKIT_INLINE vector all(float x) { return _mm256_set1_ps(x); }
  RECOKIT_INLINE vector multiply_add(vector a, vector b, vector c) {
    return _mm256_fmadd_ps(a, b, c);
  }
  RECOKIT_INLINE vector add(vector a, vector b) { return _mm256_add_ps(a, b); }
  RECOKIT_INLINE vector shrink(vector v, vector by) {
    const vector zero = _mm256_setzero_ps();
    const vector up = _mm256_max_ps(_mm256_sub_ps(v, by), zero);
    return _mm256_add_ps(up, _mm256_min_ps(_mm256_add_ps(v, by), zero));
  }
  RECOKIT_INLINE float sum(vector v) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  RECOKIT_INLINE void divide_by_roots(float x, float y, float a, float b, float c, float d,
                                      float* quotients) {
    _mm_store_ps(quotients,
                 _mm_div_ps(_mm_set_ps(y, y, x, x), _mm_sqrt_ps(_mm_set_ps(d, c, b, a))));
  }
};

struct doubles {
  using scalar = double;
  using vector = __m256d;
  static constexpr std::ptrdiff_t count = 4;
  static constexpr std::ptrdiff_t most_lines = 4;
  RECOKIT_INLINE vector load(const double* from) { return _mm256_load_pd(from); }
  RECOKIT_INLINE void store(double* to, vector v) { _mm256_store_pd(to, v); }
  RECOKIT_INLINE vector all(double x) { return _mm256_set1_pd(x); }
  RECOKIT_INLINE vector multiply_add(vector a, vector b, vector c) {
    return _mm256_fmadd_pd(a, b, c);
  }
  RECOKIT_INLINE vector add(vector a, vector b) { return _mm256_add_pd(a, b); }
  RECOKIT_INLINE vector shrink(vector v, vector by) {
    const vector zero = _mm256_setzero_pd();
    const vector up = _mm256_max_pd(_mm256_sub_pd(v, by), zero);
    return _mm256_add_pd(up, _mm256_min_pd(_mm256_add_pd(v, by), zero));
  }
  RECOKIT_INLINE double sum(vector v) {
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }
  RECOKIT_INLINE void divide_by_roots(double x, double y, double a, double b, double c, double d,
                                      double* quotients) {
    _mm256_store_pd(quotients, _mm256_div_pd(_mm256_set_pd(y, y, x, x),
                                             _mm256_sqrt_pd(_mm256_set_pd(d, c, b, a))));
  }
};

}  // namespace

kernel<float> avx2_kernel_float() noexcept { return avx2_sgd::micro_kernel<floats>::table("avx2"); }
kernel<double> avx2_kernel_double() noexcept {
  return avx2_sgd::micro_kernel<doubles>::table("avx2");
}

}  // namespace recokit::inline RECOKIT_ABI::sgd::detail

#endif
