// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows moved to their common centre and packed, so that products of tiles give distances
/// with a bound on their error.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/neighbor_problem.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Calls body(column, value) for the stored values of a row.
template <class Scalar, class Body>
void for_each_value(const dense_view<Scalar>& rows, std::int64_t r, const Body& body) {
  const Scalar* const row = rows.row(r);
  for (std::int64_t c = 0; c < rows.cols(); ++c) {
    body(static_cast<std::size_t>(c), static_cast<double>(row[c]));
  }
}
template <class Value, class Index, class Offset, class Body>
void for_each_value(const csr_view<Value, Index, Offset>& rows, std::int64_t r, const Body& body) {
  const auto row = rows.row(r);
  for (std::size_t n = 0; n < row.size(); ++n) {
    body(static_cast<std::size_t>(row.indices[n]), static_cast<double>(row.value(n)));
  }
}

/// x ↦ (x − centre) · scale for every column. The scale is a power of two: it rounds nothing.
struct centring {
  std::vector<double> centre;
  double scale = 1;
  bool works = false;  ///< false for numbers whose squares could leave the range of double

  /// @param most the largest magnitude of a moved number
  void set_scale(double most) {
    // It becomes about 2⁴⁰: neither squares nor what is far smaller leave the range of float.
    works = most == 0 || (most > 0x1p-400 && most < 0x1p400);
    if (works && most > 0) scale = std::exp2(40 - std::ilogb(most));
  }

  /// One row in Work; each element has a relative error of at most u + 2⁻⁵².
  template <class Rows, class Work>
  void apply(const Rows& rows, std::int64_t r, Work* centred) const {
    if constexpr (!requires { rows.stride(); }) {
      for (std::size_t c = 0; c < centre.size(); ++c) {
        centred[c] = static_cast<Work>(-centre[c] * scale);
      }
    }
    for_each_value(rows, r, [&](std::size_t c, double x) {
      centred[c] = static_cast<Work>((x - centre[c]) * scale);
    });
  }
};

/// The centring on the means of the candidates. Two passes over the data.
template <class Rows>
centring centring_of(const cpu& policy, const neighbor_problem<Rows>& problem) {
  using sums = std::vector<double>;
  const auto columns = static_cast<std::size_t>(problem.points.cols());
  const auto count = static_cast<double>(problem.among.size());
  centring made;
  made.centre = parallel_reduce(
      policy, std::ssize(problem.among), 4096, sums(columns, 0.0),
      [&](std::int64_t begin, std::int64_t end) {
        sums part(columns, 0.0);
        for (std::int64_t n = begin; n < end; ++n) {
          for_each_value(problem.points, problem.among[static_cast<std::size_t>(n)],
                         [&](std::size_t c, double x) { part[c] += x / count; });
        }
        return part;
      },
      [](sums& all, const sums& part) {
        for (std::size_t c = 0; c < all.size(); ++c) all[c] += part[c];
      });
  // Columns that a sparse row leaves out lie as far from the centre as the centre from 0.
  double most = 0;
  for (const double x : made.centre) most = std::max(most, std::abs(x));
  const auto furthest = [&](const Rows& rows, std::span<const index_t> which) {
    return parallel_reduce(
        policy, std::ssize(which), 4096, 0.0,
        [&](std::int64_t begin, std::int64_t end) {
          double part = 0;
          for (std::int64_t n = begin; n < end; ++n) {
            for_each_value(rows, which[static_cast<std::size_t>(n)], [&](std::size_t c, double x) {
              part = std::max(part, std::abs(x - made.centre[c]));
            });
          }
          return part;
        },
        [](double& all, double part) { all = std::max(all, part); });
  };
  if constexpr (requires { problem.points.stride(); }) most = 0;
  most = std::max(most, furthest(problem.points, problem.among));
  most = std::max(most, furthest(problem.asked, problem.queries));
  made.set_scale(most);
  return made;
}

/// How far computed halves of squared distances can be from those of the definition.
///
/// Let a, b be two centred rows, â, b̂ the stored ones, N = ‖â‖² + ‖b̂‖² and u the rounding of Work.
/// Computed is v = −½‖â‖² − ½‖b̂‖² + â·b̂; wanted is −½D, where D is the sum in double of squared
/// differences. Their distance is at most the sum of
///   γ_d N/2 ≤ 1.01 u d N/2   for â·b̂, whatever the order (|â·b̂| ≤ N/2),
///   (u + 2⁻⁵³ d) N/2         for the norms, summed in double and rounded to Work,
///   u N/2 + u N              for the addition of the halves, and of them to the product,
///   2 (u + 2⁻⁵²) N           for â and b̂ in place of a and b: | ‖â−b̂‖² − ‖a−b‖² | is at most
///                            (u + 2⁻⁵²)(‖a‖ + ‖b‖) · (‖â−b̂‖ + ‖a−b‖), about 4 (u + 2⁻⁵²) N,
///   2⁻⁵³ (d + 2) N           for the roundings of D itself, D ≤ 2N,
/// to first order, all of which `relative` · N covers, and of `absolute` for what underflows.
/// Scaled as centring_of() does, products smaller than 2⁻¹²⁶ may vanish, and factors: 2⁻⁸⁶ each at
/// most.
template <class Work>
struct distance_error {
  double relative = 0;
  double absolute = 0;

  explicit distance_error(std::int64_t columns) {
    const auto depth = static_cast<double>(columns);
    constexpr auto unit = static_cast<double>(std::numeric_limits<Work>::epsilon()) / 2;
    relative = 1.05 * (unit * (depth / 2 + 6) + 0x1p-52 * (depth + 4));
    absolute = (depth + 4) * 0x1p-80;
  }
};

enum class strip_side { left, right };

/// Rows packed as an operand of gemm's kernel. Behind the last come rows that reach nothing.
template <class Work>
class centred_strips {
 public:
  /// @param which numbers of rows; which[begin, end) are packed
  template <class Rows>
  centred_strips(const cpu& policy, const Rows& rows, std::span<const index_t> which,
                 const centring& moved, neighbor_order order, const gemm_kernel<Work>& kernel,
                 strip_side side, std::ptrdiff_t block)
      : depth_(rows.cols()) {
    const distance_error<Work> error(depth_);
    const auto count = std::ssize(which);
    const std::ptrdiff_t padded = whole_strips(count, block);
    const std::ptrdiff_t width = side == strip_side::left ? kernel.rows : kernel.columns;
    strips_ = packed_buffer<Work>(std::max<std::ptrdiff_t>(padded * depth_, 1));
    halves_.assign(static_cast<std::size_t>(padded), -std::numeric_limits<Work>::infinity());
    norms_.assign(static_cast<std::size_t>(padded), Work{0});
    // What begins a tile makes its elements upper bounds of what they stand for.
    const double half =
        order == neighbor_order::nearest ? -0.5 + error.relative : 0.5 + error.relative;
    scratch_pool<std::vector<Work>> pool(
        [&] { return std::vector<Work>(static_cast<std::size_t>(width * depth_)); });
    parallel_for(policy, padded, block, [&](std::int64_t begin, std::int64_t end) {
      const auto centred = pool.borrow();
      for (std::int64_t first = begin; first < end; first += width) {
        const auto here = std::clamp<std::ptrdiff_t>(count - first, 0, width);
        for (std::ptrdiff_t r = 0; r < here; ++r) {
          Work* const row = centred->data() + r * depth_;
          const auto at = static_cast<std::size_t>(first + r);
          moved.apply(rows, which[at], row);
          double norm = 0;
          for (std::ptrdiff_t c = 0; c < depth_; ++c) {
            norm += static_cast<double>(row[c]) * static_cast<double>(row[c]);
          }
          norms_[at] = static_cast<Work>(norm);
          halves_[at] = static_cast<Work>(half * norm);
        }
        pack_strips(width, width, depth_, row_major<Work>(centred->data(), depth_),
                    strips_.get() + first * depth_);
      }
    });
  }

  std::ptrdiff_t depth() const noexcept { return depth_; }
  /// Those at the end included that reach nothing.
  std::ptrdiff_t rows() const noexcept { return std::ssize(norms_); }
  /// The strip that begins with this row.
  const Work* strip(std::ptrdiff_t row) const noexcept { return strips_.get() + row * depth_; }
  /// What a tile begins with, for each row.
  const Work* halves(std::ptrdiff_t row) const noexcept { return halves_.data() + row; }
  Work norm(std::ptrdiff_t row) const noexcept { return norms_[static_cast<std::size_t>(row)]; }
  Work largest_norm(std::ptrdiff_t begin, std::ptrdiff_t end) const {
    return *std::max_element(norms_.begin() + begin, norms_.begin() + end);
  }

 private:
  std::ptrdiff_t depth_;
  packed_buffer<Work> strips_;
  std::vector<Work> halves_;
  std::vector<Work> norms_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
