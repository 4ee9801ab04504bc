// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "score_scan_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// Switched on for these functions alone, see gemm_avx512.cpp.
#define RECOKIT_TARGET __attribute__((target("avx512f,popcnt")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

// The zero-masked forms: the plain ones warn with g++ 12.
struct floats {
  using scalar = float;
  using vector = __m512;
  using places = __m512i;
  using mask = __mmask16;
  static constexpr std::size_t lanes = 16;
  static constexpr mask all = 0xffff;
  RECOKIT_INLINE vector all_of(float x) { return _mm512_set1_ps(x); }
  RECOKIT_INLINE vector load(mask m, const float* from) { return _mm512_maskz_loadu_ps(m, from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm512_storeu_ps(to, x); }
  RECOKIT_INLINE mask reach(mask m, vector x, vector floor) {
    return _mm512_mask_cmp_ps_mask(m, x, floor, _CMP_GE_OQ);
  }
  RECOKIT_INLINE mask above(mask m, vector x, vector floor) {
    return _mm512_mask_cmp_ps_mask(m, x, floor, _CMP_GT_OQ);
  }
  RECOKIT_INLINE vector smaller(vector a, mask m, vector b) {
    return _mm512_mask_min_ps(a, m, a, b);
  }
  RECOKIT_INLINE vector larger(vector a, mask m, vector b) {
    return _mm512_mask_max_ps(a, m, a, b);
  }
  RECOKIT_INLINE vector pack(mask m, vector x) { return _mm512_maskz_compress_ps(m, x); }
  RECOKIT_INLINE places pack_places(mask m, places x) { return _mm512_maskz_compress_epi32(m, x); }
  RECOKIT_INLINE places load_places(mask m, const index_t* from) {
    return _mm512_maskz_loadu_epi32(m, from);
  }
  RECOKIT_INLINE void store_places(index_t* to, places x) { _mm512_storeu_si512(to, x); }
  RECOKIT_INLINE places first_places(index_t first) {
    return _mm512_add_epi32(_mm512_set1_epi32(first), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8,
                                                                        9, 10, 11, 12, 13, 14, 15));
  }
};

// Eight places take half a vector of integers; the other half is not looked at.
struct doubles {
  using scalar = double;
  using vector = __m512d;
  using places = __m512i;
  using mask = __mmask8;
  static constexpr std::size_t lanes = 8;
  static constexpr mask all = 0xff;
  RECOKIT_INLINE vector all_of(double x) { return _mm512_set1_pd(x); }
  RECOKIT_INLINE vector load(mask m, const double* from) { return _mm512_maskz_loadu_pd(m, from); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm512_storeu_pd(to, x); }
  RECOKIT_INLINE mask reach(mask m, vector x, vector floor) {
    return _mm512_mask_cmp_pd_mask(m, x, floor, _CMP_GE_OQ);
  }
  RECOKIT_INLINE mask above(mask m, vector x, vector floor) {
    return _mm512_mask_cmp_pd_mask(m, x, floor, _CMP_GT_OQ);
  }
  RECOKIT_INLINE vector smaller(vector a, mask m, vector b) {
    return _mm512_mask_min_pd(a, m, a, b);
  }
  RECOKIT_INLINE vector larger(vector a, mask m, vector b) {
    return _mm512_mask_max_pd(a, m, a, b);
  }
  RECOKIT_INLINE vector pack(mask m, vector x) { return _mm512_maskz_compress_pd(m, x); }
  RECOKIT_INLINE places pack_places(mask m, places x) { return _mm512_maskz_compress_epi32(m, x); }
  RECOKIT_INLINE places load_places(mask m, const index_t* from) {
    return _mm512_maskz_loadu_epi32(m, from);
  }
  RECOKIT_INLINE void store_places(index_t* to, places x) { _mm512_mask_storeu_epi32(to, 0xff, x); }
  RECOKIT_INLINE places first_places(index_t first) {
    return _mm512_add_epi32(_mm512_set1_epi32(first),
                            _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0));
  }
};

template <class Lanes>
struct loops {
  using scalar = typename Lanes::scalar;
  using mask = typename Lanes::mask;
  static constexpr std::size_t lanes = Lanes::lanes;
  static constexpr scalar infinite = std::numeric_limits<scalar>::infinity();

  // The lanes that are there of a vector that begins at i.
  RECOKIT_INLINE mask lanes_at(std::size_t i, std::size_t size) {
    return size - i >= lanes ? Lanes::all : static_cast<mask>((1u << (size - i)) - 1);
  }
  RECOKIT_INLINE std::size_t ones(mask m) {
    return static_cast<std::size_t>(__builtin_popcount(m));
  }

  RECOKIT_TARGET static std::size_t count(const scalar* scores, std::size_t size, scalar floor) {
    const auto floors = Lanes::all_of(floor);
    std::size_t reached = 0;
    for (std::size_t i = 0; i < size; i += lanes) {
      const mask m = lanes_at(i, size);
      reached += ones(Lanes::reach(m, Lanes::load(m, scores + i), floors));
    }
    return reached;
  }

  RECOKIT_TARGET static score_range<scalar> range(const scalar* scores, std::size_t size) {
    auto least = Lanes::all_of(infinite);
    auto largest = Lanes::all_of(-infinite);
    const auto nothing = largest;
    for (std::size_t i = 0; i < size; i += lanes) {
      const mask m = lanes_at(i, size);
      const auto x = Lanes::load(m, scores + i);
      const mask finite = Lanes::above(m, x, nothing);
      least = Lanes::smaller(least, finite, x);
      largest = Lanes::larger(largest, finite, x);
    }
    alignas(64) scalar low[lanes], high[lanes];
    Lanes::store(low, least);
    Lanes::store(high, largest);
    for (std::size_t l = 1; l < lanes; ++l) {
      low[0] = low[l] < low[0] ? low[l] : low[0];
      high[0] = high[l] > high[0] ? high[l] : high[0];
    }
    return high[0] > -infinite ? score_range<scalar>{low[0], high[0]} : score_range<scalar>{};
  }

  RECOKIT_TARGET static std::size_t collect(const scalar* scores, std::size_t size, scalar floor,
                                            index_t first, scalar* kept, index_t* places) {
    const auto floors = Lanes::all_of(floor);
    std::size_t reached = 0;
    for (std::size_t i = 0; i < size; i += lanes) {
      const mask m = lanes_at(i, size);
      const auto x = Lanes::load(m, scores + i);
      const mask hit = Lanes::reach(m, x, floors);
      if (hit == 0) continue;
      Lanes::store(kept + reached, Lanes::pack(hit, x));
      Lanes::store_places(
          places + reached,
          Lanes::pack_places(hit, Lanes::first_places(first + static_cast<index_t>(i))));
      reached += ones(hit);
    }
    return reached;
  }

  RECOKIT_TARGET static std::size_t keep(scalar* scores, index_t* places, std::size_t size,
                                         scalar floor) {
    const auto floors = Lanes::all_of(floor);
    std::size_t reached = 0;
    for (std::size_t i = 0; i < size; i += lanes) {
      const mask m = lanes_at(i, size);
      const auto x = Lanes::load(m, scores + i);
      const auto at = Lanes::load_places(m, places + i);
      const mask hit = Lanes::reach(m, x, floors);
      // Ends in what was read already, or in the overhang.
      Lanes::store(scores + reached, Lanes::pack(hit, x));
      Lanes::store_places(places + reached, Lanes::pack_places(hit, at));
      reached += ones(hit);
    }
    return reached;
  }

  static score_scan<scalar> table() noexcept {
    return {"avx512f", count, range, collect, keep, nullptr};
  }
};

// Sixty-four scores at a time against all.
RECOKIT_TARGET void float_ranks(const float* scores, std::size_t size, std::uint32_t* ranks) {
  const __m512i one = _mm512_set1_epi32(1);
  for (std::size_t i = 0; i < size; i += 64) {
    __m512 own[4];
    __m512i larger[4];
    __mmask16 there[4];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) {
      const std::size_t at = std::min(i + 16 * v, size);
      there[v] = loops<floats>::lanes_at(at, size);
      own[v] = _mm512_maskz_loadu_ps(there[v], scores + at);
      larger[v] = _mm512_setzero_si512();
    }
    for (std::size_t j = 0; j < size; ++j) {
      const __m512 x = _mm512_set1_ps(scores[j]);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < 4; ++v) {
        const __mmask16 below = _mm512_cmp_ps_mask(own[v], x, _CMP_LT_OQ);
        larger[v] = _mm512_mask_add_epi32(larger[v], below, larger[v], one);
      }
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) {
      _mm512_mask_storeu_epi32(ranks + std::min(i + 16 * v, size), there[v], larger[v]);
    }
  }
}

}  // namespace

score_scan<float> avx512_score_scan_float() noexcept {
  auto scan = loops<floats>::table();
  scan.ranks = float_ranks;
  return scan;
}
score_scan<double> avx512_score_scan_double() noexcept { return loops<doubles>::table(); }

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
