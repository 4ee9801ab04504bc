// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/quantized_rows.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

#include <cstring>

// Switched on for this function alone, see gemm_avx512.cpp.
#define RECOKIT_TARGET __attribute__((target("avx512f,avx512bw,avx512vnni")))

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

// sum += the products of four bytes a lane. As assembly: around the intrinsic g++ 12 copies the
// sums from register to register.
RECOKIT_TARGET __attribute__((always_inline)) inline void add(__m512i& sum, __m512i items,
                                                              __m512i query) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(items), "v"(query));
}

RECOKIT_TARGET void multiply(std::ptrdiff_t steps, const std::int8_t* a, const std::uint8_t* b,
                             const quantized_kernel::row_parts& left,
                             const quantized_kernel::column_parts& right, float* scores,
                             std::ptrdiff_t leading) {
  constexpr std::ptrdiff_t rows = quantized_kernel::rows;
  __m512i parts[rows][2];
#pragma GCC unroll 12
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    parts[r][0] = _mm512_set1_epi32(left.sums[r]);
    parts[r][1] = _mm512_set1_epi32(left.sums[r]);
  }
  for (std::ptrdiff_t p = 0; p < steps; ++p) {
    const __m512i b0 = _mm512_loadu_si512(b);
    const __m512i b1 = _mm512_loadu_si512(b + 64);
#pragma GCC unroll 12
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      std::int32_t four;
      std::memcpy(&four, a + 4 * r, 4);
      const __m512i x = _mm512_set1_epi32(four);
      add(parts[r][0], b0, x);
      add(parts[r][1], b1, x);
    }
    a += 4 * rows;
    b += 4 * quantized_kernel::columns;
  }
  for (std::ptrdiff_t half = 0; half < 2; ++half) {
    const __m512 scale = _mm512_loadu_ps(right.scales + 16 * half);
    const __m512 first = _mm512_loadu_ps(right.first + 16 * half);
    const __m512 second = _mm512_loadu_ps(right.second + 16 * half);
#pragma GCC unroll 12
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      const __m512 sum = _mm512_maskz_cvtepi32_ps(0xffff, half == 0 ? parts[r][0] : parts[r][1]);
      const __m512 product =
          _mm512_mul_ps(_mm512_mul_ps(sum, scale), _mm512_set1_ps(left.scales[r]));
      const __m512 rest = _mm512_add_ps(_mm512_mul_ps(_mm512_set1_ps(left.first[r]), first),
                                        _mm512_mul_ps(_mm512_set1_ps(left.second[r]), second));
      _mm512_storeu_ps(scores + r * leading + 16 * half, _mm512_add_ps(product, rest));
    }
  }
}

}  // namespace

quantized_kernel x86_quantized_kernel() noexcept {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni")) {
    return {"avx512vnni", multiply};
  }
  return {};
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
