// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The Gram matrix of a factor matrix, summed in a fixed order.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/row_kernels.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// scale · Fᵀ W F (d × d, both triangles) for the n × d factors F, with W the diagonal matrix of
/// `weights` (>= 0, one a row; empty: 1).
/// n·d²/2 multiply-adds; the same bits for any number of threads on one machine, because rows are
/// summed in blocks whose number depends on n and d alone. Scratch: at most 64 (fewer for large d)
/// d × d blocks.
template <class Scalar>
row_major_matrix<Scalar> gram(const cpu& policy, const row_major_matrix<Scalar>& factors,
                              Scalar scale, std::span<const Scalar> weights = {},
                              const row_kernels<Scalar>& kernels = best_row_kernels<Scalar>()) {
  constexpr std::ptrdiff_t chunk = 128;
  const std::ptrdiff_t d = factors.cols();
  const std::ptrdiff_t padded = whole_strips(d, kernels.lanes);
  const std::ptrdiff_t leading = spread_leading<Scalar>(padded);
  const std::int64_t most =
      std::clamp<std::int64_t>((1 << 22) / std::max<std::int64_t>(d * d, 1), 8, 64);
  const std::int64_t grain =
      whole_strips(std::max<std::int64_t>(1024, (factors.rows() + most - 1) / most), chunk);
  using block = std::vector<Scalar>;
  const auto size = static_cast<std::size_t>(padded * leading);
  const block total = parallel_reduce(
      policy, factors.rows(), grain, block(size),
      [&](std::int64_t begin, std::int64_t end) {
        block part(size);
        const packed_buffer<Scalar> rows(chunk * leading);
        std::vector<const Scalar*> pointers(static_cast<std::size_t>(chunk));
        std::vector<Scalar> roots(static_cast<std::size_t>(chunk), Scalar{1});
        for (std::int64_t first = begin; first < end; first += chunk) {
          const std::int64_t count = std::min<std::int64_t>(chunk, end - first);
          for (std::int64_t e = 0; e < count; ++e) {
            const auto at = static_cast<std::size_t>(e);
            pointers[at] = factors.data() + (first + e) * d;
            if (!weights.empty())
              roots[at] = std::sqrt(weights[static_cast<std::size_t>(first + e)]);
          }
          kernels.gather(count, 0, d, padded, pointers.data(), roots.data(), nullptr, rows.get(),
                         leading);
          kernels.outer(count, padded, rows.get(), leading, part.data(), leading, {});
        }
        return part;
      },
      [](block& sum, const block& part) {
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
      });
  row_major_matrix<Scalar> result(d, d);
  for (std::ptrdiff_t i = 0; i < d; ++i) {
    for (std::ptrdiff_t j = i; j < d; ++j) {
      result(i, j) = scale * total[static_cast<std::size_t>(i * leading + j)];
      result(j, i) = result(i, j);
    }
  }
  return result;
}

#if defined(RECOKIT_COMPILED)
extern template row_major_matrix<float> gram(const cpu&, const row_major_matrix<float>&, float,
                                             std::span<const float>, const row_kernels<float>&);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
