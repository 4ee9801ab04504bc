// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gemm_kernels.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx512f")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

#include "gemm_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

// 24 sums, two vectors of b and values of a in 32 registers.
constexpr std::ptrdiff_t register_rows = 12;

struct floats {
  using scalar = float;
  using vector = __m512;
  static constexpr std::ptrdiff_t rows = register_rows;
  static constexpr std::ptrdiff_t count = sizeof(vector) / sizeof(scalar);
  RECOKIT_INLINE vector zero() { return _mm512_setzero_ps(); }
  RECOKIT_INLINE vector all(float x) { return _mm512_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm512_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm512_storeu_ps(to, x); }
  RECOKIT_INLINE vector add(vector a, vector b, vector c) { return _mm512_fmadd_ps(a, b, c); }
};

struct doubles {
  using scalar = double;
  using vector = __m512d;
  static constexpr std::ptrdiff_t rows = register_rows;
  static constexpr std::ptrdiff_t count = sizeof(vector) / sizeof(scalar);
  RECOKIT_INLINE vector zero() { return _mm512_setzero_pd(); }
  RECOKIT_INLINE vector all(double x) { return _mm512_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm512_loadu_pd(from); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm512_storeu_pd(to, x); }
  RECOKIT_INLINE vector add(vector a, vector b, vector c) { return _mm512_fmadd_pd(a, b, c); }
};

}  // namespace

gemm_kernel<float> avx512_gemm_float() noexcept { return kernel<floats>("avx512f"); }
gemm_kernel<double> avx512_gemm_double() noexcept { return kernel<doubles>("avx512f"); }

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
