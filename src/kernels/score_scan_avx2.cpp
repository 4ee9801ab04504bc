// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "score_scan_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

#include <immintrin.h>

// Switched on for these functions alone, see gemm_avx2.cpp.
#define RECOKIT_TARGET __attribute__((target("avx2,popcnt")))
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

struct floats {
  using scalar = float;
  using vector = __m256;
  static constexpr std::size_t lanes = 8;
  RECOKIT_INLINE vector all_of(float x) { return _mm256_set1_ps(x); }
  RECOKIT_INLINE vector load(const float* from) { return _mm256_loadu_ps(from); }
  RECOKIT_INLINE void store(float* to, vector x) { _mm256_storeu_ps(to, x); }
  RECOKIT_INLINE vector reach(vector x, vector y) { return _mm256_cmp_ps(x, y, _CMP_GE_OQ); }
  RECOKIT_INLINE vector above(vector x, vector y) { return _mm256_cmp_ps(x, y, _CMP_GT_OQ); }
  RECOKIT_INLINE unsigned bits(vector x) { return static_cast<unsigned>(_mm256_movemask_ps(x)); }
  RECOKIT_INLINE vector select(vector no, vector yes, vector x) {
    return _mm256_blendv_ps(no, yes, x);
  }
  RECOKIT_INLINE vector smaller(vector a, vector b) { return _mm256_min_ps(a, b); }
  RECOKIT_INLINE vector larger(vector a, vector b) { return _mm256_max_ps(a, b); }
};

struct doubles {
  using scalar = double;
  using vector = __m256d;
  static constexpr std::size_t lanes = 4;
  RECOKIT_INLINE vector all_of(double x) { return _mm256_set1_pd(x); }
  RECOKIT_INLINE vector load(const double* from) { return _mm256_loadu_pd(from); }
  RECOKIT_INLINE void store(double* to, vector x) { _mm256_storeu_pd(to, x); }
  RECOKIT_INLINE vector reach(vector x, vector y) { return _mm256_cmp_pd(x, y, _CMP_GE_OQ); }
  RECOKIT_INLINE vector above(vector x, vector y) { return _mm256_cmp_pd(x, y, _CMP_GT_OQ); }
  RECOKIT_INLINE unsigned bits(vector x) { return static_cast<unsigned>(_mm256_movemask_pd(x)); }
  RECOKIT_INLINE vector select(vector no, vector yes, vector x) {
    return _mm256_blendv_pd(no, yes, x);
  }
  RECOKIT_INLINE vector smaller(vector a, vector b) { return _mm256_min_pd(a, b); }
  RECOKIT_INLINE vector larger(vector a, vector b) { return _mm256_max_pd(a, b); }
};

// Whole vectors; what is left goes the portable way.
template <class Lanes>
struct loops {
  using scalar = typename Lanes::scalar;
  using portable = portable_score_scan<scalar>;
  static constexpr std::size_t lanes = Lanes::lanes;
  static constexpr scalar infinite = std::numeric_limits<scalar>::infinity();

  RECOKIT_TARGET static std::size_t count(const scalar* scores, std::size_t size, scalar floor) {
    const auto floors = Lanes::all_of(floor);
    std::size_t reached = 0;
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes) {
      reached += static_cast<std::size_t>(
          __builtin_popcount(Lanes::bits(Lanes::reach(Lanes::load(scores + i), floors))));
    }
    return reached + portable::count(scores + i, size - i, floor);
  }

  RECOKIT_TARGET static score_range<scalar> range(const scalar* scores, std::size_t size) {
    const auto most = Lanes::all_of(infinite);
    const auto nothing = Lanes::all_of(-infinite);
    auto least = most;
    auto largest = nothing;
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes) {
      const auto x = Lanes::load(scores + i);
      const auto finite = Lanes::above(x, nothing);
      least = Lanes::smaller(least, Lanes::select(most, x, finite));
      largest = Lanes::larger(largest, Lanes::select(nothing, x, finite));
    }
    // The two sides of what the vectors saw, with the rest behind them.
    alignas(64) scalar ends[3 * lanes];
    Lanes::store(ends, least);
    Lanes::store(ends + lanes, largest);
    std::copy(scores + i, scores + size, ends + 2 * lanes);
    // Lanes that saw nothing hold their infinite beginnings: no ends of a range.
    for (std::size_t l = 0; l < lanes; ++l) {
      if (!(ends[l + lanes] > -infinite)) ends[l] = -infinite;
    }
    return portable::range(ends, 2 * lanes + size - i);
  }

  RECOKIT_TARGET static std::size_t collect(const scalar* scores, std::size_t size, scalar floor,
                                            index_t first, scalar* kept, index_t* places) {
    const auto floors = Lanes::all_of(floor);
    std::size_t reached = 0;
    std::size_t i = 0;
    for (; i + 2 * lanes <= size; i += 2 * lanes) {
      unsigned hits = Lanes::bits(Lanes::reach(Lanes::load(scores + i), floors)) |
                      Lanes::bits(Lanes::reach(Lanes::load(scores + i + lanes), floors)) << lanes;
      for (; hits != 0; hits &= hits - 1) {
        const std::size_t at = i + static_cast<std::size_t>(__builtin_ctz(hits));
        kept[reached] = scores[at];
        places[reached++] = first + static_cast<index_t>(at);
      }
    }
    return reached + portable::collect(scores + i, size - i, floor, first + static_cast<index_t>(i),
                                       kept + reached, places + reached);
  }

  static score_scan<scalar> table() noexcept {
    return {"avx2", count, range, collect, portable::keep, nullptr};
  }
};

// Thirty-two scores at a time against all; the last few alone.
RECOKIT_TARGET void float_ranks(const float* scores, std::size_t size, std::uint32_t* ranks) {
  std::size_t i = 0;
  for (; i + 32 <= size; i += 32) {
    __m256 own[4];
    __m256i larger[4];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) {
      own[v] = _mm256_loadu_ps(scores + i + 8 * v);
      larger[v] = _mm256_setzero_si256();
    }
    for (std::size_t j = 0; j < size; ++j) {
      const __m256 x = _mm256_set1_ps(scores[j]);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < 4; ++v) {
        // True is −1.
        larger[v] =
            _mm256_sub_epi32(larger[v], _mm256_castps_si256(_mm256_cmp_ps(own[v], x, _CMP_LT_OQ)));
      }
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(ranks + i + 8 * v), larger[v]);
    }
  }
  for (; i < size; ++i) {
    const __m256 own = _mm256_set1_ps(scores[i]);
    std::uint32_t larger = 0;
    std::size_t j = 0;
    for (; j + 8 <= size; j += 8) {
      larger += static_cast<std::uint32_t>(
          __builtin_popcount(floats::bits(floats::above(floats::load(scores + j), own))));
    }
    for (; j < size; ++j) larger += scores[j] > scores[i] ? 1 : 0;
    ranks[i] = larger;
  }
}

}  // namespace

score_scan<float> avx2_score_scan_float() noexcept {
  auto scan = loops<floats>::table();
  scan.ranks = float_ranks;
  return scan;
}
score_scan<double> avx2_score_scan_double() noexcept { return loops<doubles>::table(); }

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
