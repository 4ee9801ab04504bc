// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gemm_kernels.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <numeric>

#include <immintrin.h>

// The instructions are switched on for these functions alone: a flag for the file would let the
// linker take inline functions of headers from here for machines that do not have them.
#define RECOKIT_TARGET __attribute__((target("avx2,fma")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

// 12 sums, two vectors of b and one value of a in 16 registers.
constexpr std::ptrdiff_t rows = 6;

struct floats {
  using scalar = float;
  using vector = __m256;
  RECOKIT_INLINE vector zero() { return _mm256_setzero_ps(); }
  RECOKIT_INLINE vector all(float x) { return _mm256_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm256_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm256_storeu_ps(to, x); }
  RECOKIT_INLINE vector add(vector a, vector b, vector c) { return _mm256_fmadd_ps(a, b, c); }
};

struct doubles {
  using scalar = double;
  using vector = __m256d;
  RECOKIT_INLINE vector zero() { return _mm256_setzero_pd(); }
  RECOKIT_INLINE vector all(double x) { return _mm256_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm256_loadu_pd(from); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm256_storeu_pd(to, x); }
  RECOKIT_INLINE vector add(vector a, vector b, vector c) { return _mm256_fmadd_pd(a, b, c); }
};

template <class Lanes>
constexpr std::ptrdiff_t lanes = 32 / sizeof(typename Lanes::scalar);

template <class Lanes>
RECOKIT_TARGET void multiply(std::ptrdiff_t depth, const typename Lanes::scalar* a,
                             const typename Lanes::scalar* b, typename Lanes::scalar sign,
                             typename Lanes::scalar* c, std::ptrdiff_t leading) {
  using vector = typename Lanes::vector;
  constexpr std::ptrdiff_t step = lanes<Lanes>;
  vector sums[rows][2];
#pragma GCC unroll 16
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    // What is added to last is often far away: its lines travel while the sums are made.
    __builtin_prefetch(c + r * leading, 1);
    __builtin_prefetch(c + r * leading + 2 * step - 1, 1);
    sums[r][0] = Lanes::zero();
    sums[r][1] = Lanes::zero();
  }
  for (std::ptrdiff_t p = 0; p < depth; ++p) {
    const vector b0 = Lanes::load(b);
    const vector b1 = Lanes::load(b + step);
#pragma GCC unroll 16
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      const vector x = Lanes::all(a[r]);
      sums[r][0] = Lanes::add(x, b0, sums[r][0]);
      sums[r][1] = Lanes::add(x, b1, sums[r][1]);
    }
    a += rows;
    b += 2 * step;
  }
  const vector signs = Lanes::all(sign);
#pragma GCC unroll 16
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    auto* const to = c + r * leading;
    Lanes::store(to, Lanes::add(signs, sums[r][0], Lanes::load(to)));
    Lanes::store(to + step, Lanes::add(signs, sums[r][1], Lanes::load(to + step)));
  }
}

template <class Lanes>
constexpr gemm_kernel<typename Lanes::scalar> kernel() noexcept {
  constexpr std::ptrdiff_t columns = 2 * lanes<Lanes>;
  return {"avx2", rows, columns, std::lcm(rows, columns), multiply<Lanes>};
}

}  // namespace

gemm_kernel<float> avx2_gemm_float() noexcept { return kernel<floats>(); }
gemm_kernel<double> avx2_gemm_double() noexcept { return kernel<doubles>(); }

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
