// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inner loops of row solves, written once over the width of the machine's vectors.
///
/// A file that includes this to compile for instructions of its choice first defines
/// RECOKIT_TARGET, an attribute that switches them on, and RECOKIT_TARGET_NAME, a namespace of its
/// own: two files with other instructions must not share functions.
#pragma once

#include <recokit/kernels/row_kernel_table.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#if !defined(RECOKIT_TARGET)
#define RECOKIT_TARGET
#define RECOKIT_TARGET_NAME portable_rows
#endif
#define RECOKIT_INLINE RECOKIT_TARGET __attribute__((always_inline)) static inline

namespace recokit::inline RECOKIT_ABI::kernels::RECOKIT_TARGET_NAME {

/// Lanes has: scalar, a vector type `vector` of the compiler, `count` scalars in it, `many`, true
/// with 32 registers, and vector sqrt(vector).
template <class Lanes>
struct row_micro_kernels {
  using scalar = typename Lanes::scalar;
  using vector = typename Lanes::vector;
  using size = std::ptrdiff_t;
  static constexpr size lanes = Lanes::count;
  // Rows of a tile of dot products: as many as leave registers for the operands.
  static constexpr size dot_rows = Lanes::many ? 4 : 2;

  RECOKIT_INLINE vector load(const scalar* from) {
    vector v;
    std::memcpy(&v, from, sizeof(v));
    return v;
  }
  RECOKIT_INLINE void store(scalar* to, vector v) { std::memcpy(to, &v, sizeof(v)); }
  RECOKIT_INLINE vector all(scalar x) { return vector{} + x; }

  // ---- Shuffles ---------------------------------------------------------------------------------

  template <size Half, std::size_t... L>
  RECOKIT_INLINE void exchange(vector& x, vector& y, std::index_sequence<L...>) {
    constexpr auto half = static_cast<std::size_t>(Half);
    constexpr auto count = static_cast<std::size_t>(lanes);
    const vector low =
        __builtin_shufflevector(x, y, static_cast<int>((L & half) == 0 ? L : count + L - half)...);
    const vector high =
        __builtin_shufflevector(x, y, static_cast<int>((L & half) == 0 ? L + half : count + L)...);
    x = low;
    y = high;
  }
  /// Sums of the lanes of each of `lanes` vectors, one a lane, in order.
  template <size Leaves = lanes>
  RECOKIT_INLINE vector sums_of(const vector* v) {
    if constexpr (Leaves == 1) {
      return *v;
    } else {
      vector x = sums_of<Leaves / 2>(v);
      vector y = sums_of<Leaves / 2>(v + Leaves / 2);
      exchange<Leaves / 2>(x, y, std::make_index_sequence<static_cast<std::size_t>(lanes)>{});
      return x + y;
    }
  }
  /// Four scalars of each of `Count / 4` arrays, `at` places from their beginnings.
  template <size Count, std::size_t... L>
  RECOKIT_INLINE auto quads(const scalar* const* from, size at, std::index_sequence<L...>) {
    if constexpr (Count == 4) {
      typedef scalar quad __attribute__((vector_size(4 * sizeof(scalar))));
      quad v;
      std::memcpy(&v, from[0] + at, sizeof(v));
      return v;
    } else {
      constexpr auto half = std::make_index_sequence<sizeof...(L) / 2>{};
      return __builtin_shufflevector(quads<Count / 2>(from, at, half),
                                     quads<Count / 2>(from + Count / 2, at, half),
                                     static_cast<int>(L)...);
    }
  }
  /// Transposes each of the 4 × 4 squares that lie side by side.
  RECOKIT_INLINE void transpose_squares(vector* v) {
    constexpr auto all_lanes = std::make_index_sequence<static_cast<std::size_t>(lanes)>{};
    exchange<2>(v[0], v[2], all_lanes);
    exchange<2>(v[1], v[3], all_lanes);
    exchange<1>(v[0], v[1], all_lanes);
    exchange<1>(v[2], v[3], all_lanes);
  }

  // ---- Rows -------------------------------------------------------------------------------------

  RECOKIT_TARGET static void gather(size count, size beyond, size width, size d,
                                    const scalar* const* rows, const scalar* scales,
                                    const scalar* column_scales, scalar* out, size ld) {
    constexpr size ahead = 8;
    const size whole = width / lanes * lanes;
    for (size e = 0; e < count; ++e) {
      if (e + ahead < count + beyond) {
        const auto* const next = reinterpret_cast<const char*>(rows[e + ahead]);
        for (size byte = 0; byte < width * static_cast<size>(sizeof(scalar)); byte += 64) {
          __builtin_prefetch(next + byte);
        }
      }
      const scalar* const from = rows[e];
      scalar* const to = out + e * ld;
      const vector scale = all(scales[e]);
      if (column_scales == nullptr) {
        for (size f = 0; f < whole; f += lanes) store(to + f, scale * load(from + f));
        for (size f = whole; f < width; ++f) to[f] = scales[e] * from[f];
      } else {
        for (size f = 0; f < whole; f += lanes) {
          store(to + f, scale * load(from + f) * load(column_scales + f));
        }
        for (size f = whole; f < width; ++f) to[f] = scales[e] * from[f] * column_scales[f];
      }
      for (size f = width; f < d; ++f) to[f] = 0;
    }
  }

  /// Rows to come, a few pieces at some of the calls of fetch: all at once would stop the
  /// arithmetic, and so would counting lines.
  class pieces_to_come {
   public:
    // For about `calls` calls of fetch.
    RECOKIT_TARGET __attribute__((always_inline))
    pieces_to_come(const rows_to_come<scalar>& rows, size calls)
        : matrix_(reinterpret_cast<const char*>(rows.matrix)),
          row_bytes_(rows.stride * static_cast<size>(sizeof(scalar))),
          piece_(std::min<size>(row_bytes_, 512)),
          id_(rows.ids),
          end_(rows.ids + rows.count) {
      if (rows.count == 0 || calls == 0) return;
      const size pieces = (row_bytes_ + piece_ - 1) / piece_ * rows.count;
      every_ = std::max<size>(calls / pieces, 1);
      burst_ = (pieces + calls - 1) / calls;
      left_ = every_;
    }
    RECOKIT_TARGET __attribute__((always_inline)) void fetch() {
      if (--left_ != 0) return;
      left_ = every_;
      for (size n = 0; n < burst_ && id_ != end_; ++n) {
        const char* const from = matrix_ + *id_ * row_bytes_ + begin_;
        for (size byte = 0; byte < piece_; byte += 64) __builtin_prefetch(from + byte, 0, 2);
        begin_ += piece_;
        if (begin_ >= row_bytes_) {
          begin_ = 0;
          ++id_;
        }
      }
    }

   private:
    const char* matrix_;
    size row_bytes_;
    size piece_;
    const index_t* id_;
    const index_t* end_;
    size every_ = 0;  // calls from one burst to the next
    size burst_ = 0;  // pieces
    size left_ = std::numeric_limits<size>::max();
    size begin_ = 0;  // of the next piece in its row
  };

  /// c = c ± Σ_p a(p, ·)ᵀ b(p, ·), a tile of Rows × Vectors vectors.
  template <bool Subtract, size Rows, size Vectors>
  RECOKIT_INLINE void tile(size depth, const scalar* a, const scalar* b, size ld, scalar* c,
                           size ldc, pieces_to_come& next) {
    vector sums[Rows * Vectors];
#pragma GCC unroll 16
    for (size r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (size v = 0; v < Vectors; ++v) sums[r * Vectors + v] = load(c + r * ldc + v * lanes);
    }
    for (size first = 0; first < depth; first += between) {
      if constexpr (!Subtract) next.fetch();
      for (size p = first; p < std::min(first + between, depth); ++p, a += ld, b += ld) {
        vector right[Vectors];
#pragma GCC unroll 4
        for (size v = 0; v < Vectors; ++v) right[v] = load(b + v * lanes);
#pragma GCC unroll 16
        for (size r = 0; r < Rows; ++r) {
          const scalar left = a[r];
#pragma GCC unroll 4
          for (size v = 0; v < Vectors; ++v) {
            if constexpr (Subtract) {
              sums[r * Vectors + v] -= left * right[v];
            } else {
              sums[r * Vectors + v] += left * right[v];
            }
          }
        }
      }
    }
#pragma GCC unroll 16
    for (size r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (size v = 0; v < Vectors; ++v) store(c + r * ldc + v * lanes, sums[r * Vectors + v]);
    }
  }
  static constexpr size between = 16;  // steps from fetch to fetch
  static constexpr size tile_rows = std::min<size>(lanes, Lanes::many ? 8 : 4);
  /// The same for `lanes` rows and 1 to 3 vectors.
  template <bool Subtract>
  RECOKIT_INLINE void band(size vectors, size depth, const scalar* a, const scalar* b, size ld,
                           scalar* c, size ldc, pieces_to_come& next) {
    if (vectors == 1) return tile<Subtract, lanes, 1>(depth, a, b, ld, c, ldc, next);
    for (size r = 0; r < lanes; r += tile_rows) {
      if (vectors == 2) {
        tile<Subtract, tile_rows, 2>(depth, a + r, b, ld, c + r * ldc, ldc, next);
      } else {
        tile<Subtract, tile_rows, 3>(depth, a + r, b, ld, c + r * ldc, ldc, next);
      }
    }
  }
  /// How many of the vectors that are left to take at a time, so that single ones are rare.
  RECOKIT_INLINE size vectors_of(size left) { return left == 4 ? 2 : std::min<size>(left, 3); }

  RECOKIT_TARGET static void outer(size count, size d, const scalar* rows, size ld, scalar* c,
                                   size ldc, const rows_to_come<scalar>& next) {
    const size vectors = d / lanes;
    const size tiles = (vectors * (vectors + 1) / 6 + 1) * (lanes / tile_rows);  // about
    pieces_to_come pieces(next, tiles * ((count + between - 1) / between));
    for (size j = 0; j < d;) {
      const size end = j + vectors_of((d - j) / lanes) * lanes;
      for (size i = 0; i < end; i += lanes) {
        const size first = std::max(i, j);
        band<false>((end - first) / lanes, count, rows + i, rows + first, ld, c + i * ldc + first,
                    ldc, pieces);
      }
      j = end;
    }
  }

  RECOKIT_TARGET static void dots(size n, size d, const scalar* rows, size ld, scalar* c, size ldc,
                                  const rows_to_come<scalar>& next) {
    constexpr size count = 4 * dot_rows;
    pieces_to_come pieces(next, n * (n + 4) / (8 * dot_rows));
    for (size j = 0; j < n; j += 4) {
      for (size i = 0; i < j + 4; i += dot_rows) {
        pieces.fetch();
        vector products[count];
#pragma GCC unroll 16
        for (size q = 0; q < count; ++q) products[q] = vector{};
        for (size f = 0; f < d; f += lanes) {
          vector right[4];
#pragma GCC unroll 4
          for (size s = 0; s < 4; ++s) right[s] = load(rows + (j + s) * ld + f);
#pragma GCC unroll 4
          for (size r = 0; r < dot_rows; ++r) {
            const vector left = load(rows + (i + r) * ld + f);
#pragma GCC unroll 4
            for (size s = 0; s < 4; ++s) products[4 * r + s] += left * right[s];
          }
        }
        alignas(64) scalar values[count];
#pragma GCC unroll 16
        for (size q = 0; q < count; q += lanes) store(values + q, sums_of(products + q));
#pragma GCC unroll 4
        for (size r = 0; r < dot_rows; ++r) {
          std::memcpy(c + (i + r) * ldc + j, values + 4 * r, 4 * sizeof(scalar));
        }
      }
    }
  }

  template <size Half, std::size_t... L>
  RECOKIT_INLINE vector rotate(vector v, std::index_sequence<L...>) {
    return __builtin_shufflevector(
        v, v, static_cast<int>((L + static_cast<std::size_t>(Half)) % sizeof...(L))...);
  }
  /// v plus itself turned by half of it, and so on until `Least` lanes are turned.
  template <size Least, size Half = lanes / 2>
  RECOKIT_INLINE vector folded(vector v) {
    if constexpr (Half < Least) {
      return v;
    } else {
      return folded<Least, Half / 2>(
          v + rotate<Half>(v, std::make_index_sequence<static_cast<std::size_t>(lanes)>{}));
    }
  }
  RECOKIT_INLINE scalar sum(vector v) { return folded<1>(v)[0]; }
  /// The sums of the lanes of each of Count vectors, a power of 2.
  template <size Count>
  RECOKIT_INLINE void write_sums(const vector* v, scalar* to) {
    constexpr size part = std::min(Count, lanes);
#pragma GCC unroll 8
    for (size first = 0; first < Count; first += part) {
      const vector sums = folded<part>(sums_of<part>(v + first));
      std::memcpy(to + first, &sums, static_cast<std::size_t>(part) * sizeof(scalar));
    }
  }

  /// Calls body for groups of 8 rows, if these stay in the first-level cache, and for the 4 that
  /// may be left.
  template <class Body>
  RECOKIT_INLINE void for_groups(size n, size d, const Body& body) {
    constexpr size most = 16384;  // bytes
    size e = 0;
    if (8 * d * static_cast<size>(sizeof(scalar)) <= most) {
      for (; e + 8 <= n; e += 8) body(e, std::integral_constant<size, 8>{});
    }
    for (; e < n; e += 4) body(e, std::integral_constant<size, 4>{});
  }
  /// Rows that lie `ld` apart. Those that lie anywhere come as an array of pointers.
  struct rows_in_order {
    const scalar* first;
    size ld;
    RECOKIT_TARGET __attribute__((always_inline)) const scalar* operator[](size s) const {
      return first + s * ld;
    }
  };
  /// out[s] = rows[s] · x.
  template <size Count, class Rows>
  RECOKIT_INLINE void products_with(size d, const Rows& rows, const scalar* x, scalar* out) {
    vector products[Count] = {};
    for (size f = 0; f < d; f += lanes) {
      const vector right = load(x + f);
#pragma GCC unroll 8
      for (size s = 0; s < Count; ++s) products[s] += load(rows[s] + f) * right;
    }
    write_sums<Count>(products, out);
  }
  /// x += Σ v[s] rows[s].
  template <size Count, class Rows>
  RECOKIT_INLINE void add_multiples(size d, const Rows& rows, const scalar* v, scalar* x) {
    vector factors[Count];
#pragma GCC unroll 8
    for (size s = 0; s < Count; ++s) factors[s] = all(v[s]);
    for (size f = 0; f < d; f += lanes) {
      vector even = load(x + f), odd{};
#pragma GCC unroll 8
      for (size s = 0; s < Count; s += 2) {
        even += factors[s] * load(rows[s] + f);
        if constexpr (Count > 1) odd += factors[s + 1] * load(rows[s + 1] + f);
      }
      store(x + f, even + odd);
    }
  }

  RECOKIT_TARGET static void multiply(size n, size d, const scalar* rows, size ld, const scalar* x,
                                      scalar* out) {
    for_groups(n, d, [&](size e, auto count) RECOKIT_TARGET {
      products_with<count>(d, rows_in_order{rows + e * ld, ld}, x, out + e);
    });
  }

  RECOKIT_TARGET static void combine(size n, size d, const scalar* rows, size ld, const scalar* v,
                                     scalar* x) {
    for_groups(n, d, [&](size e, auto count) RECOKIT_TARGET {
      add_multiples<count>(d, rows_in_order{rows + e * ld, ld}, v + e, x);
    });
  }

  /// out += Σ (z[s] − products[s]) rows(s, ·), z null: 0.
  template <size Count>
  RECOKIT_INLINE void add_gaps(size d, const rows_in_order& rows, const scalar* z,
                               const scalar* products, scalar* out) {
    scalar gaps[Count];
    for (size s = 0; s < Count; ++s) gaps[s] = (z == nullptr ? 0 : z[s]) - products[s];
    add_multiples<Count>(d, rows, gaps, out);
  }

  RECOKIT_TARGET static void residual(size n, size d, const scalar* rows, size ld, const scalar* z,
                                      const scalar* x, scalar* out,
                                      const rows_to_come<scalar>& next) {
    pieces_to_come pieces(next, n / 4);
    for_groups(n, d, [&](size e, auto count) RECOKIT_TARGET {
      const rows_in_order here{rows + e * ld, ld};
      if constexpr (count > 4) pieces.fetch();
      scalar products[count];
      products_with<count>(d, here, x, products);
      pieces.fetch();
      add_gaps<count>(d, here, z == nullptr ? z : z + e, products, out);
    });
  }

  RECOKIT_TARGET static void gather_residual(size count, size beyond, size width, size d,
                                             const scalar* const* from, const scalar* scales,
                                             scalar* rows, size ld, const scalar* z,
                                             const scalar* x, scalar* out,
                                             const rows_to_come<scalar>& next) {
    const size n = (count + 3) / 4 * 4;
    pieces_to_come pieces(next, n / 4);
    for_groups(n, d, [&](size e, auto group) RECOKIT_TARGET {
      scalar* const to = rows + e * ld;
      const size here = std::min<size>(group, count - e);
      for (size s = here; s < group; ++s) std::fill_n(to + s * ld, d, scalar{0});
      gather(here, count + beyond - e - here, width, d, from + e, scales + e, nullptr, to, ld);
      if constexpr (group > 4) pieces.fetch();
      scalar products[group];
      products_with<group>(d, rows_in_order{to, ld}, x, products);
      pieces.fetch();
      add_gaps<group>(d, rows_in_order{to, ld}, z == nullptr ? z : z + e, products, out);
    });
  }

  RECOKIT_TARGET static void scattered_residual(size n, size d, const index_t* ids,
                                                const scalar* matrix, size stride, const scalar* w,
                                                const scalar* t, const scalar* x, scalar* out) {
    const auto add = [&](size e, auto count) RECOKIT_TARGET {
      const scalar* rows[count];
      for (size s = 0; s < count; ++s) rows[s] = matrix + ids[e + s] * stride;
      scalar gaps[count];
      products_with<count>(d, rows, x, gaps);
      for (size s = 0; s < count; ++s) {
        gaps[s] = (t == nullptr ? 0 : t[e + s]) - w[e + s] * gaps[s];
      }
      add_multiples<count>(d, rows, gaps, out);
    };
    const size whole = n / 4 * 4;
    for_groups(whole, d, add);
    for (size e = whole; e < n; ++e) add(e, std::integral_constant<size, 1>{});
  }

  RECOKIT_TARGET static scalar dot(size d, const scalar* a, const scalar* b) {
    vector products{};
    for (size f = 0; f < d; f += lanes) products += load(a + f) * load(b + f);
    return sum(products);
  }

  RECOKIT_TARGET static void blend(size d, scalar a, const scalar* x, scalar b, scalar* y) {
    const vector left = all(a), right = all(b);
    for (size f = 0; f < d; f += lanes) store(y + f, left * load(x + f) + right * load(y + f));
  }

  // ---- Many systems of one size, one a lane -----------------------------------------------------

  /// Where the 4 × 4 tile (i, j), j >= i, of a matrix of `tiles` × `tiles` tiles lies.
  RECOKIT_INLINE scalar* tile_at(scalar* all_tiles, size tiles, size i, size j) {
    return all_tiles + (i * tiles - i * (i - 1) / 2 + (j - i)) * 16 * lanes;
  }

  /// Tile (i, j) of every system, so that element e of all of them is vector e of the tile.
  RECOKIT_INLINE void interleave(const scalar* const* systems, size ldc, size i, size j,
                                 scalar* to) {
    for (size r = 0; r < 4; ++r, to += 4 * lanes) {
      const size at = (4 * i + r) * ldc + 4 * j;
      if constexpr (lanes < 4) {
        for (size e = 0; e < 4; ++e) {
          for (size s = 0; s < lanes; ++s) to[e * lanes + s] = systems[s][at + e];
        }
      } else {
        vector v[4];
#pragma GCC unroll 4
        for (size q = 0; q < 4; ++q) {
          v[q] = quads<lanes>(systems + q, at,
                              std::make_index_sequence<static_cast<std::size_t>(lanes)>{});
        }
        transpose_squares(v);
#pragma GCC unroll 4
        for (size e = 0; e < 4; ++e) store(to + e * lanes, v[e]);
      }
    }
  }

  RECOKIT_TARGET static size solve_many(size m, const scalar* const* systems, size ldc,
                                        scalar* const* x, scalar* space) {
    const size tiles = m / 4;
    scalar* const factor = space;
    scalar* const inverses = space + tile_count(tiles) * 16 * lanes;  // of the diagonal, m vectors
    scalar* const right = inverses + m * lanes;                       // m vectors
    for (size i = 0; i < tiles; ++i) {
      for (size j = i; j < tiles; ++j) {
        interleave(systems, ldc, i, j, tile_at(factor, tiles, i, j));
      }
    }
    for (size k = 0; k < m; ++k) {
      for (size s = 0; s < lanes; ++s) right[k * lanes + s] = x[s][k];
    }
    for (size i = 0; i < tiles; ++i) factor_row(tiles, i, factor, inverses);

    // Uᵀ y = b, then U x = y.
    for (size i = 0; i < tiles; ++i) {
      vector b[4];
#pragma GCC unroll 4
      for (size r = 0; r < 4; ++r) b[r] = load(right + (4 * i + r) * lanes);
      for (size k = 0; k < i; ++k) {
        const scalar* const t = tile_at(factor, tiles, k, i);
#pragma GCC unroll 4
        for (size q = 0; q < 4; ++q) {
          const vector y = load(right + (4 * k + q) * lanes);
#pragma GCC unroll 4
          for (size r = 0; r < 4; ++r) b[r] -= load(t + (4 * q + r) * lanes) * y;
        }
      }
      const scalar* const t = tile_at(factor, tiles, i, i);
#pragma GCC unroll 4
      for (size r = 0; r < 4; ++r) {
#pragma GCC unroll 4
        for (size q = 0; q < r; ++q) b[r] -= load(t + (4 * q + r) * lanes) * b[q];
        b[r] *= load(inverses + (4 * i + r) * lanes);
      }
#pragma GCC unroll 4
      for (size r = 0; r < 4; ++r) store(right + (4 * i + r) * lanes, b[r]);
    }
    for (size i = tiles; i-- > 0;) {
      vector b[4];
#pragma GCC unroll 4
      for (size r = 0; r < 4; ++r) b[r] = load(right + (4 * i + r) * lanes);
      for (size j = i + 1; j < tiles; ++j) {
        const scalar* const t = tile_at(factor, tiles, i, j);
#pragma GCC unroll 4
        for (size q = 0; q < 4; ++q) {
          const vector y = load(right + (4 * j + q) * lanes);
#pragma GCC unroll 4
          for (size r = 0; r < 4; ++r) b[r] -= load(t + (4 * r + q) * lanes) * y;
        }
      }
      const scalar* const t = tile_at(factor, tiles, i, i);
#pragma GCC unroll 4
      for (size r = 3; r >= 0; --r) {
#pragma GCC unroll 4
        for (size q = r + 1; q < 4; ++q) b[r] -= load(t + (4 * r + q) * lanes) * b[q];
        b[r] *= load(inverses + (4 * i + r) * lanes);
      }
#pragma GCC unroll 4
      for (size r = 0; r < 4; ++r) store(right + (4 * i + r) * lanes, b[r]);
    }
    // A pivot that is not above 0 leaves infinity or NaN in what is divided by its root.
    const vector limit = all(std::numeric_limits<scalar>::infinity());
    auto sound = limit > 0;
    for (size k = 0; k < m; ++k) {
      const vector inverse = load(inverses + k * lanes);
      sound &= (inverse > 0) & (inverse < limit);
    }
    for (size s = 0; s < lanes; ++s) {
      if (!sound[s]) return s;
    }
    for (size k = 0; k < m; ++k) {
      for (size s = 0; s < lanes; ++s) x[s][k] = right[k * lanes + s];
    }
    return -1;
  }
  RECOKIT_INLINE size tile_count(size tiles) { return tiles * (tiles + 1) / 2; }

  /// Row i of tiles of the factor U: T(i, j) − Σ_k U(k, i)ᵀ U(k, j), the first one factored and the
  /// rest solved with it.
  RECOKIT_TARGET static void factor_row(size tiles, size i, scalar* factor, scalar* inverses) {
    for (size j = i; j < tiles; ++j) {
      scalar* const to = tile_at(factor, tiles, i, j);
      // All sixteen vectors at once where there are registers for them.
      constexpr size part = Lanes::many ? 4 : 2;
      const size apart = (j - i) * 16 * lanes;
      for (size first = 0; first < 4; first += part) {
        vector sums[4 * part];
#pragma GCC unroll 4
        for (size r = 0; r < 4; ++r) {
#pragma GCC unroll 4
          for (size s = 0; s < part; ++s) {
            sums[part * r + s] = load(to + (4 * r + first + s) * lanes);
          }
        }
        const scalar* a =
            factor + i * 16 * lanes;  // tile (k, i); (k, j) lies as far behind for all k
        for (size k = 0; k < i; ++k, a += (tiles - k) * 16 * lanes) {
          const scalar* const b = a + apart + first * lanes;
#pragma GCC unroll 4
          for (size q = 0; q < 4; ++q) {
            vector right[part];
#pragma GCC unroll 4
            for (size s = 0; s < part; ++s) right[s] = load(b + (4 * q + s) * lanes);
#pragma GCC unroll 4
            for (size r = 0; r < 4; ++r) {
              const vector left = load(a + (4 * q + r) * lanes);
#pragma GCC unroll 4
              for (size s = 0; s < part; ++s) sums[part * r + s] -= left * right[s];
            }
          }
        }
#pragma GCC unroll 4
        for (size r = 0; r < 4; ++r) {
#pragma GCC unroll 4
          for (size s = 0; s < part; ++s) {
            store(to + (4 * r + first + s) * lanes, sums[part * r + s]);
          }
        }
      }
      vector t[16];
#pragma GCC unroll 16
      for (size e = 0; e < 16; ++e) t[e] = load(to + e * lanes);
      const scalar* const diagonal = tile_at(factor, tiles, i, i);
#pragma GCC unroll 4
      for (size r = 0; r < 4; ++r) {
        if (j == i) {
          const vector inverse = 1 / Lanes::sqrt(t[4 * r + r]);
          store(inverses + (4 * i + r) * lanes, inverse);
#pragma GCC unroll 4
          for (size s = r; s < 4; ++s) t[4 * r + s] *= inverse;
#pragma GCC unroll 4
          for (size q = r + 1; q < 4; ++q) {
#pragma GCC unroll 4
            for (size s = q; s < 4; ++s) t[4 * q + s] -= t[4 * r + q] * t[4 * r + s];
          }
        } else {
          const vector inverse = load(inverses + (4 * i + r) * lanes);
#pragma GCC unroll 4
          for (size s = 0; s < 4; ++s) t[4 * r + s] *= inverse;
#pragma GCC unroll 4
          for (size q = r + 1; q < 4; ++q) {
            const vector u = load(diagonal + (4 * r + q) * lanes);
#pragma GCC unroll 4
            for (size s = 0; s < 4; ++s) t[4 * q + s] -= u * t[4 * r + s];
          }
        }
      }
#pragma GCC unroll 16
      for (size e = 0; e < 16; ++e) store(to + e * lanes, t[e]);
    }
  }

  // ---- One system -------------------------------------------------------------------------------

  RECOKIT_TARGET static bool solve_one(size m, scalar* c, size ldc, scalar* x) {
    const rows_to_come<scalar> none;
    pieces_to_come nothing(none, 0);
    for (size i = 0; i < m; i += lanes) {
      alignas(64) scalar corner[lanes * lanes];  // U of the tile on the diagonal
      alignas(64) scalar inverses[lanes] = {};
      for (size j = i; j < m;) {
        const size vectors = vectors_of((m - j) / lanes);
        band<true>(vectors, i, c + i, c + j, ldc, c + i * ldc + j, ldc, nothing);
        j += vectors * lanes;
      }
      for (size j = i; j < m; j += lanes) {
        vector t[lanes];
        scalar* const to = c + i * ldc + j;
#pragma GCC unroll 16
        for (size r = 0; r < lanes; ++r) t[r] = load(to + r * ldc);
        if (j == i) {
#pragma GCC unroll 16
          for (size r = 0; r < lanes; ++r) {
            const scalar pivot = t[r][r];
            if (!(pivot > 0) || std::isinf(pivot)) return false;
            inverses[r] = 1 / std::sqrt(pivot);
            t[r] *= inverses[r];
            store(corner + r * lanes, t[r]);
#pragma GCC unroll 16
            for (size q = r + 1; q < lanes; ++q) t[q] -= corner[r * lanes + q] * t[r];
          }
        } else {
#pragma GCC unroll 16
          for (size r = 0; r < lanes; ++r) {
            t[r] *= inverses[r];
#pragma GCC unroll 16
            for (size q = r + 1; q < lanes; ++q) t[q] -= corner[r * lanes + q] * t[r];
          }
        }
#pragma GCC unroll 16
        for (size r = 0; r < lanes; ++r) store(to + r * ldc, t[r]);
      }
      // Forward substitution goes along: x_i is final, what comes after loses its share.
      for (size r = 0; r < lanes; ++r) {
        scalar value = x[i + r];
        for (size q = 0; q < r; ++q) value -= corner[q * lanes + r] * x[i + q];
        x[i + r] = value * inverses[r];
      }
      for (size j = i + lanes; j < m; j += lanes) {
        vector rest = load(x + j);
#pragma GCC unroll 16
        for (size r = 0; r < lanes; ++r) rest -= x[i + r] * load(c + (i + r) * ldc + j);
        store(x + j, rest);
      }
    }
    // Back substitution: what is known of x leaves `lanes` rows at a time.
    for (size i = m - lanes; i >= 0; i -= lanes) {
      vector products[lanes] = {};
      for (size j = i + lanes; j < m; j += lanes) {
        const vector right = load(x + j);
#pragma GCC unroll 16
        for (size r = 0; r < lanes; ++r) products[r] += load(c + (i + r) * ldc + j) * right;
      }
      alignas(64) scalar rest[lanes];
      store(rest, load(x + i) - sums_of(products));
      for (size r = lanes; r-- > 0;) {
        const scalar* const row = c + (i + r) * ldc + i;
        const scalar inverse = 1 / row[r];
        // What was found last comes last: the rest need not wait for it.
        for (size q = lanes; q-- > r + 1;) rest[r] -= row[q] * rest[q];
        rest[r] *= inverse;
      }
      std::copy_n(rest, lanes, x + i);
    }
    return true;
  }

  static constexpr row_kernels<scalar> table(std::string_view name) noexcept {
    return {name,     lanes,   gather,     outer,           dots,
            multiply, combine, residual,   gather_residual, scattered_residual,
            dot,      blend,   solve_many, solve_one};
  }
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::RECOKIT_TARGET_NAME

#undef RECOKIT_INLINE
#undef RECOKIT_TARGET
#undef RECOKIT_TARGET_NAME
