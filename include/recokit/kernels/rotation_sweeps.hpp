// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Sweeps of plane rotations over the columns of a matrix, several at once in registers.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Several sweeps over a strip, whose columns of `rows` values lie one after the other.
struct rotation_kernel {
  std::string_view name;        ///< of the instructions: "avx512f", "avx2", "portable"
  std::ptrdiff_t rows = 0;      ///< of a strip
  std::ptrdiff_t together = 0;  ///< sweeps at once
  /// In step t the columns x = t + together − 1 − w and y = x + 1 of the strip become c x + s y and
  /// c y − s x for the sweeps w = 0, 1, …, so that a sweep follows the one before it by a column.
  /// `rotations` holds together pairs (c, s) a step.
  void (*apply)(std::ptrdiff_t steps, const double* rotations, double* strip) = nullptr;
};

namespace detail {

inline void portable_rotations(std::ptrdiff_t steps, const double* rotations, double* strip) {
  constexpr std::ptrdiff_t rows = 4, together = 3;
  // Between steps: the columns that later steps still turn.
  double columns[together + 1][rows];
  std::copy_n(strip, together * rows, columns[0]);
  for (std::ptrdiff_t t = 0; t < steps; ++t, rotations += 2 * together, strip += rows) {
    std::copy_n(strip + together * rows, rows, columns[together]);
    for (std::ptrdiff_t w = 0; w < together; ++w) {
      const double c = rotations[2 * w], s = rotations[2 * w + 1];
      double* const left = columns[together - 1 - w];
      double* const right = columns[together - w];
      for (std::ptrdiff_t r = 0; r < rows; ++r) {
        const double x = left[r], y = right[r];
        left[r] = c * x + s * y;
        right[r] = c * y - s * x;
      }
    }
    std::copy_n(columns[0], rows, strip);
    for (std::ptrdiff_t j = 0; j < together; ++j) std::copy_n(columns[j + 1], rows, columns[j]);
  }
  std::copy_n(columns[0], together * rows, strip);
}

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no function.
std::array<rotation_kernel, 2> x86_rotation_kernels() noexcept;
#endif

}  // namespace detail

/// All kernels that can run here, best first; the last needs nothing of the machine.
inline std::vector<rotation_kernel> rotation_kernels() {
  std::vector<rotation_kernel> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& kernel : detail::x86_rotation_kernels()) {
    if (kernel.apply != nullptr) all.push_back(kernel);
  }
#endif
  all.push_back({"portable", 4, 3, detail::portable_rotations});
  return all;
}

/// One sweep: rotation i turns the columns first + i and first + i + 1 of the matrix.
struct rotation_sweep {
  std::ptrdiff_t first = 0;
  std::vector<std::pair<double, double>> rotations;  ///< c, s
};

/// A matrix that many sweeps turn from the right, one after the other. Sweeps wait until there is
/// enough for a pass over the matrix; strips of rows then take them all from the cache, in
/// parallel. 6 operations a rotation and row. The same bits for any number of threads.
/// F. Van Zee, R. van de Geijn, G. Quintana-Ortí, "Restructuring the tridiagonal and bidiagonal QR
/// algorithms for performance", ACM TOMS 40, 2014.
class swept_matrix {
 public:
  swept_matrix(const cpu& policy, const Eigen::MatrixXd& matrix,
               const rotation_kernel& kernel = rotation_kernels().front())
      : policy_(policy),
        kernel_(kernel),
        rows_(matrix.rows()),
        columns_(matrix.cols()),
        strip_((columns_ + 2 * kernel.together) * kernel.rows),
        strips_((rows_ + kernel.rows - 1) / kernel.rows),
        values_(strips_ * strip_) {
    parallel_for(policy_, strips_, 1, [&](std::int64_t begin, std::int64_t end) {
      std::fill_n(values_.get() + begin * strip_, (end - begin) * strip_, 0.0);
      for (std::int64_t s = begin; s < end; ++s) {
        const std::ptrdiff_t row = s * kernel_.rows;
        for (std::ptrdiff_t j = 0; j < columns_; ++j) {
          std::copy_n(&matrix(row, j), std::min(kernel_.rows, rows_ - row), column(s, j));
        }
      }
    });
  }

  void turn(rotation_sweep sweep) {
    waiting_.push_back(std::move(sweep));
    if (std::ssize(waiting_) == kernel_.together) interleave();
    if (std::ssize(rotations_) > pass_size) pass();
  }

  /// The matrix after all sweeps, its columns in the order given: column j is order[j] of the
  /// turned ones.
  Eigen::MatrixXd columns(const std::vector<std::ptrdiff_t>& order) {
    interleave();
    pass();
    Eigen::MatrixXd out(rows_, columns_);
    parallel_for(policy_, strips_, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t s = begin; s < end; ++s) {
        const std::ptrdiff_t row = s * kernel_.rows;
        for (std::ptrdiff_t j = 0; j < columns_; ++j) {
          std::copy_n(column(s, order[static_cast<std::size_t>(j)]),
                      std::min(kernel_.rows, rows_ - row), &out(row, j));
        }
      }
    });
    return out;
  }

 private:
  /// Sweeps of a pass: a megabyte, which stays near while the strips take it one by one.
  static constexpr std::ptrdiff_t pass_size = std::ptrdiff_t{1} << 17;

  struct group {
    std::ptrdiff_t first = 0;  ///< column of the first rotation
    std::ptrdiff_t steps = 0;
    std::size_t rotations = 0;  ///< where they begin
  };

  /// A border of `together` columns on either side takes part in steps that turn nothing there.
  double* column(std::ptrdiff_t strip, std::ptrdiff_t j) const noexcept {
    return values_.get() + strip * strip_ + (j + kernel_.together) * kernel_.rows;
  }

  /// Makes one group of the waiting sweeps; where a sweep has no rotation, 1, 0 stands for it.
  void interleave() {
    if (waiting_.empty()) return;
    std::ptrdiff_t first = columns_, last = 0;
    for (const auto& sweep : waiting_) {
      first = std::min(first, sweep.first);
      last = std::max(last, sweep.first + std::ssize(sweep.rotations));
    }
    const std::ptrdiff_t steps = last - first + kernel_.together - 1;
    groups_.push_back({first, steps, rotations_.size()});
    for (std::ptrdiff_t t = 0; t < steps; ++t) {
      for (std::ptrdiff_t w = 0; w < kernel_.together; ++w) {
        std::pair<double, double> turn{1.0, 0.0};
        if (w < std::ssize(waiting_)) {
          const auto& sweep = waiting_[static_cast<std::size_t>(w)];
          const std::ptrdiff_t i = first + t - w - sweep.first;
          if (i >= 0 && i < std::ssize(sweep.rotations)) {
            turn = sweep.rotations[static_cast<std::size_t>(i)];
          }
        }
        rotations_.push_back(turn.first);
        rotations_.push_back(turn.second);
      }
    }
    waiting_.clear();
  }

  void pass() {
    parallel_for(policy_, strips_, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t s = begin; s < end; ++s) {
        for (const auto& group : groups_) {
          kernel_.apply(group.steps, rotations_.data() + group.rotations,
                        column(s, group.first - kernel_.together + 1));
        }
      }
    });
    groups_.clear();
    rotations_.clear();
  }

  cpu policy_;
  rotation_kernel kernel_;
  std::ptrdiff_t rows_, columns_;
  std::ptrdiff_t strip_;  ///< values of a strip
  std::ptrdiff_t strips_;
  packed_buffer<double> values_;
  std::vector<rotation_sweep> waiting_;
  std::vector<group> groups_;
  std::vector<double> rotations_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
