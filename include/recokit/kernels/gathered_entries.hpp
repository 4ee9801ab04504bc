// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The entries of a row of a row_problem, ready to be gathered.
#pragma once

#include <recokit/kernels/row_kernel_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// With R the rows h of some entries times the roots of their weights, the entries add RᵀR to the
/// system of their row and Rᵀz to its right side.
template <class Problem>
class gathered_entries {
 public:
  using scalar = typename Problem::scalar;
  using size = std::ptrdiff_t;

  void clear() noexcept {
    pointers_.clear();
    roots_.clear();
    targets_.clear();
    loose_.clear();
  }
  /// Looks up entries [begin, end) of row r, after those that are here; returns the place of the
  /// first. @param fixed where row 0 of the other side begins
  size add(const Problem& problem, const scalar* fixed, std::int64_t r, std::size_t begin,
           std::size_t end) {
    const auto row = problem.matrix.row(r);
    const scalar row_scale = problem.row_scale(r);
    const auto d = static_cast<size>(problem.fixed.cols());
    const std::size_t first = pointers_.size();
    const std::size_t total = first + (end - begin);
    pointers_.resize(total);
    roots_.resize(total);
    targets_.resize(total);
    // Most entries are like the one before: no root and no division, then.
    scalar weight = 0;
    scalar target = 0;
    scalar root = 0;
    scalar scaled_target = 0;
    for (std::size_t e = begin; e < end; ++e) {
      const std::size_t at = first + (e - begin);
      const scalar own_weight = problem.weight(row, e);
      const scalar own_target = problem.target(row, e, row_scale);
      if (own_weight != weight || own_target != target) {
        weight = own_weight;
        target = own_target;
        root = std::sqrt(weight);
        scaled_target = weight > 0 ? target / root : 0;
      }
      pointers_[at] = fixed + static_cast<size>(row.indices[e]) * d;
      roots_[at] = root;
      targets_[at] = scaled_target;
      if (weight == 0 && target != 0) {
        loose_.push_back({static_cast<size>(at), pointers_[at], target});
      }
    }
    return static_cast<size>(first);
  }

  /// Writes R of `count` entries from place `first`, `padded` columns wide, and rows of zeros up to
  /// `rows`.
  void write_rows(const row_kernels<scalar>& kernels, size first, size count, size width,
                  size padded, size rows, const scalar* column_scales, scalar* to,
                  size leading) const {
    const auto all = static_cast<size>(pointers_.size());
    kernels.gather(count, all - first - count, width, padded, pointers_.data() + first,
                   roots_.data() + first, column_scales, to, leading);
    for (size e = count; e < rows; ++e) std::fill_n(to + e * leading, padded, scalar{0});
  }
  /// Writes R of the same entries, rows of zeros up to a multiple of 4, and adds to `out`
  /// Rᵀ(z − R x), z null: 0.
  void gather_residual(const row_kernels<scalar>& kernels, size first, size count, size width,
                       size padded, const scalar* z, const scalar* x, scalar* to, size leading,
                       scalar* out, const rows_to_come<scalar>& next) const {
    const auto all = static_cast<size>(pointers_.size());
    kernels.gather_residual(count, all - first - count, width, padded, pointers_.data() + first,
                            roots_.data() + first, to, leading, z, x, out, next);
  }
  /// Writes z of the same entries, and zeros up to `rows`.
  void write_targets(size first, size count, size rows, scalar* to) const {
    std::copy_n(targets_.data() + first, count, to);
    std::fill(to + count, to + rows, scalar{0});
  }

  /// What those of the same entries that have weight 0 add to the right side: they are not in R.
  void add_loose(size first, size count, size width, scalar* right) const {
    for (const auto& [place, row, target] : loose_) {
      if (place < first || place >= first + count) continue;
      for (size f = 0; f < width; ++f) right[f] += target * row[f];
    }
  }

 private:
  struct loose_entry {
    size place;
    const scalar* row;
    scalar target;
  };
  std::vector<const scalar*> pointers_;
  std::vector<scalar> roots_;
  std::vector<scalar> targets_;
  std::vector<loose_entry> loose_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
