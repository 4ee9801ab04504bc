// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sgd_kernels_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx512f")))
#define RECOKIT_TARGET_NAME avx512_sgd

#include <recokit/factorization/sgd_micro_kernel.hpp>

#define RECOKIT_INLINE \
  __attribute__((target("avx512f"))) __attribute__((always_inline)) static inline

namespace recokit::inline RECOKIT_ABI::sgd::detail {

namespace {

struct floats {
  using scalar = float;
  using vector = __m512;
  static constexpr std::ptrdiff_t count = 16;
  static constexpr std::ptrdiff_t most_lines = 8;
  RECOKIT_INLINE vector load(const float* from) { return _mm512_load_ps(from); }
  RECOKIT_INLINE void store(float* to, vector v) { _mm512_store_ps(to, v); }
  RECOKIT_INLINE vector all(float x) { return _mm512_set1_ps(x); }
  RECOKIT_INLINE vector multiply_add(vector a, vector b, vector c) {
    return _mm512_fmadd_ps(a, b, c);
  }
  RECOKIT_INLINE vector add(vector a, vector b) { return _mm512_add_ps(a, b); }
  RECOKIT_INLINE vector shrink(vector v, vector by) {
    const vector none{};
    return v > by ? v - by : v < -by ? v + by : none;
  }
  RECOKIT_INLINE float sum(vector v) {
    // Not _mm512_reduce_add_ps: GCC 12 warns about the undefined register in it.
    const __m256 half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                        __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
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
  using vector = __m512d;
  static constexpr std::ptrdiff_t count = 8;
  static constexpr std::ptrdiff_t most_lines = 8;
  RECOKIT_INLINE vector load(const double* from) { return _mm512_load_pd(from); }
  RECOKIT_INLINE void store(double* to, vector v) { _mm512_store_pd(to, v); }
  RECOKIT_INLINE vector all(double x) { return _mm512_set1_pd(x); }
  RECOKIT_INLINE vector multiply_add(vector a, vector b, vector c) {
    return _mm512_fmadd_pd(a, b, c);
  }
  RECOKIT_INLINE vector add(vector a, vector b) { return _mm512_add_pd(a, b); }
  RECOKIT_INLINE vector shrink(vector v, vector by) {
    const vector none{};
    return v > by ? v - by : v < -by ? v + by : none;
  }
  RECOKIT_INLINE double sum(vector v) {
    // Not _mm512_reduce_add_pd: GCC 12 warns about the undefined register in it.
    const __m256d half =
        __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(half), _mm256_extractf128_pd(half, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }
  RECOKIT_INLINE void divide_by_roots(double x, double y, double a, double b, double c, double d,
                                      double* quotients) {
    _mm256_store_pd(quotients, _mm256_div_pd(_mm256_set_pd(y, y, x, x),
                                             _mm256_sqrt_pd(_mm256_set_pd(d, c, b, a))));
  }
};

}  // namespace

kernel<float> avx512_kernel_float() noexcept {
  return avx512_sgd::micro_kernel<floats>::table("avx512f");
}
kernel<double> avx512_kernel_double() noexcept {
  return avx512_sgd::micro_kernel<doubles>::table("avx512f");
}

}  // namespace recokit::inline RECOKIT_ABI::sgd::detail

#endif
