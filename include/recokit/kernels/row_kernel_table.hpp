// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inner loops that row solves are made of, as functions chosen for the machine.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Rows that a later call will gather: those of `ids` in a matrix whose rows lie `stride` apart. A
/// kernel that has time to wait for memory begins to fetch them.
template <class Scalar>
struct rows_to_come {
  const index_t* ids = nullptr;
  std::ptrdiff_t count = 0;
  const Scalar* matrix = nullptr;
  std::ptrdiff_t stride = 0;
};

/// Scalars that are worth fetching before their turn: a second-level cache holds them beside the
/// work on other rows.
inline constexpr std::ptrdiff_t most_to_come = 64 * 1024;

/// Inner loops over small dense row-major matrices, for one set of instructions. Sizes called `d`
/// are multiples of `lanes`, numbers of rows called `n` multiples of 4; the caller pads with zeros.
/// `ld` is the distance of two rows. Triangular results hold the upper triangle; what lies below
/// the diagonal is of no meaning, but memory up to whole tiles of lanes × lanes is written.
template <class Scalar>
struct row_kernels {
  std::string_view name;     ///< of the instructions: "avx512f", "avx2", "portable"
  std::ptrdiff_t lanes = 0;  ///< Scalars that are computed at once; at most 16

  /// out(e, f) = scales[e] · rows[e][f] · column_scales[f] for e < count, f < width; zeros for f in
  /// [width, d). column_scales may be null: 1. `rows` holds count + beyond pointers: those beyond
  /// are rows that a later call will gather.
  void (*gather)(std::ptrdiff_t count, std::ptrdiff_t beyond, std::ptrdiff_t width,
                 std::ptrdiff_t d, const Scalar* const* rows, const Scalar* scales,
                 const Scalar* column_scales, Scalar* out, std::ptrdiff_t ld) = nullptr;

  /// c (d × d) += RᵀR for the count × d matrix R.
  void (*outer)(std::ptrdiff_t count, std::ptrdiff_t d, const Scalar* rows, std::ptrdiff_t ld,
                Scalar* c, std::ptrdiff_t ldc, const rows_to_come<Scalar>& next) = nullptr;

  /// c (n × n) = R Rᵀ for the n × d matrix R.
  void (*dots)(std::ptrdiff_t n, std::ptrdiff_t d, const Scalar* rows, std::ptrdiff_t ld, Scalar* c,
               std::ptrdiff_t ldc, const rows_to_come<Scalar>& next) = nullptr;

  /// out[e] = R(e, ·) · x for the n × d matrix R.
  void (*multiply)(std::ptrdiff_t n, std::ptrdiff_t d, const Scalar* rows, std::ptrdiff_t ld,
                   const Scalar* x, Scalar* out) = nullptr;

  /// x += Σ v[e] R(e, ·) for the n × d matrix R.
  void (*combine)(std::ptrdiff_t n, std::ptrdiff_t d, const Scalar* rows, std::ptrdiff_t ld,
                  const Scalar* v, Scalar* x) = nullptr;

  /// out += Rᵀ(z − R x) for the n × d matrix R, which is read once. z may be null: 0.
  void (*residual)(std::ptrdiff_t n, std::ptrdiff_t d, const Scalar* rows, std::ptrdiff_t ld,
                   const Scalar* z, const Scalar* x, Scalar* out,
                   const rows_to_come<Scalar>& next) = nullptr;

  /// gather without column_scales and then residual over what it wrote, a few rows at a time; rows
  /// and z are filled up with zeros to a multiple of 4, z by the caller.
  void (*gather_residual)(std::ptrdiff_t count, std::ptrdiff_t beyond, std::ptrdiff_t width,
                          std::ptrdiff_t d, const Scalar* const* from, const Scalar* scales,
                          Scalar* rows, std::ptrdiff_t ld, const Scalar* z, const Scalar* x,
                          Scalar* out, const rows_to_come<Scalar>& next) = nullptr;

  /// out += Σ (t[e] − w[e] (h_e · x)) h_e over the n rows h_e of `matrix`, `stride` apart, that
  /// `ids` names. t may be null: 0. Here n is any number.
  void (*scattered_residual)(std::ptrdiff_t n, std::ptrdiff_t d, const index_t* ids,
                             const Scalar* matrix, std::ptrdiff_t stride, const Scalar* w,
                             const Scalar* t, const Scalar* x, Scalar* out) = nullptr;

  /// a · b.
  Scalar (*dot)(std::ptrdiff_t d, const Scalar* a, const Scalar* b) = nullptr;

  /// y = a · x + b · y.
  void (*blend)(std::ptrdiff_t d, Scalar a, const Scalar* x, Scalar b, Scalar* y) = nullptr;

  /// Solves `lanes` systems of one size at once: x[s] becomes the solution of systems[s] x = x[s],
  /// where the upper triangle of systems[s] (m × m, m a multiple of 4, rows `ldc` apart) is
  /// positive definite. `space` holds (2 m (m + 4) + 3 m + 16) · lanes Scalars.
  /// @returns a number below `lanes` of a system that is not positive definite, else -1
  std::ptrdiff_t (*solve_many)(std::ptrdiff_t m, const Scalar* const* systems, std::ptrdiff_t ldc,
                               Scalar* const* x, Scalar* space) = nullptr;

  /// x becomes the solution of c x = x; the upper triangle of c (m × m, m a multiple of lanes,
  /// positive definite) becomes its Cholesky factor U, c = UᵀU.
  /// @returns false when c is not positive definite
  bool (*solve_one)(std::ptrdiff_t m, Scalar* c, std::ptrdiff_t ldc, Scalar* x) = nullptr;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
