// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The parts of a search for nearest rows beside products and top_k: rows moved to their
/// centre, and exact distances of candidates, on the device.
#pragma once

#include "runtime/stream.hpp"

#include <cstdint>

namespace recokit::cuda_kernels {

/// x ↦ (x − centre[column]) · scale.
struct row_centring {
  const double* centre;  ///< on the device, one a column
  double scale;          ///< a power of two
};

/// Writes moved rows as floats, `stride` apart, with zeros behind the columns, and of each its
/// squared norm times `half`. One warp a row.
/// @param rows  `columns` apart
/// @param which the rows to take, in this order; null: all
/// @throws value_error unless columns <= stride; backend_error
template <class Scalar>
void centre_rows(const Scalar* rows, const std::int32_t* which, std::int64_t count,
                 std::int64_t columns, const row_centring& moved, double half, float* centred,
                 std::int64_t stride, float* halves, stream_t stream);

/// Candidates and queries, all on the device, rows `columns` apart. Query q is row at[q] of
/// `asked`.
template <class Scalar>
struct neighbor_rows {
  const Scalar* points;
  std::int64_t count;  ///< of points, in [1, 2^31)
  const Scalar* asked;
  std::int64_t columns;
  const std::int32_t* at;    ///< null: query q is row q
  const std::int32_t* self;  ///< the point that query q must not have, −1: none; null: all −1
  bool farthest;
};

/// What bounds chose: of query q the `window` candidates with the largest bounds[q · window + n] +
/// halves[q], which is at least ∓½D · square_scale − absolute (D the squared distance; + where the
/// farthest are sought). A list that ends in points[…] = −1 has all there are.
struct chosen_candidates {
  const std::int32_t* points;  ///< best bound first, `window` a query; null: all points
  const float* bounds;
  std::int64_t window;
  const float* halves;
  double square_scale;
  double absolute;
};

/// Where the neighbours go; k places a query.
struct exact_lists {
  std::int32_t* points;  ///< best first, ties by lower point
  double* squared;       ///< squared distances
  unsigned char* open;   ///< 1 where a point that was not chosen could be one of the k; null: none
};

/// Of each query the k nearest of the chosen points, or of all: squares of differences in double,
/// each rounded, added column by column, as squared_distance() on the CPU does.
///
/// @param numbers the queries that are asked; null: all of [0, queries)
///
/// One block a query, columns multiply-adds in double a candidate; shared memory 32 bytes for each
/// of k and at least 256.
/// @pre each query has k points; with fewer of them chosen it is open
/// @throws value_error unless 1 <= k <= most_top_k, k <= window and count in [1, 2^31);
///         backend_error
template <class Scalar>
void exact_neighbors(const neighbor_rows<Scalar>& rows, const chosen_candidates& chosen,
                     const std::int32_t* numbers, std::int64_t queries, std::int64_t k,
                     const exact_lists& lists, stream_t stream);

}  // namespace recokit::cuda_kernels
