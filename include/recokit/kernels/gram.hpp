// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The Gram matrix of a factor matrix, summed in a fixed order.
#pragma once

#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::kernels {

/// scale · FᵀF (d × d, both triangles) for the n × d factors F.
/// n·d² multiply-adds; the same bits for any number of threads, because rows are summed in blocks
/// whose number depends on n and d alone. Scratch: at most 64 (fewer for large d) d × d blocks.
template <class Scalar>
row_major_matrix<Scalar> gram(const cpu& policy, const row_major_matrix<Scalar>& factors,
                              Scalar scale) {
  const Eigen::Index d = factors.cols();
  const std::int64_t most =
      std::clamp<std::int64_t>((1 << 22) / std::max<std::int64_t>(d * d, 1), 8, 64);
  const std::int64_t grain = std::max<std::int64_t>(1024, (factors.rows() + most - 1) / most);
  row_major_matrix<Scalar> sum = row_major_matrix<Scalar>::Zero(d, d);
  sum = parallel_reduce(
      policy, factors.rows(), grain, std::move(sum),
      [&](std::int64_t begin, std::int64_t end) {
        row_major_matrix<Scalar> part(d, d);
        const auto rows = factors.middleRows(begin, end - begin);
        part.noalias() = rows.transpose() * rows;
        return part;
      },
      [](row_major_matrix<Scalar>& total, const row_major_matrix<Scalar>& part) { total += part; });
  return sum * scale;
}

#if defined(RECOKIT_COMPILED)
extern template row_major_matrix<float> gram(const cpu&, const row_major_matrix<float>&, float);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
