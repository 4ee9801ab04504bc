// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Users × items interactions with their id maps and timestamps: what readers return.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/data/id_map.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A users × items matrix in CSR with the external ids of both sides and, where the source had
/// them, one timestamp an entry. Immutable; copies cost a few reference counts.
class interactions {
 public:
  /// 0 × 0.
  interactions() = default;

  /// @param matrix     users × items
  /// @param users      ids of the rows; size() must equal matrix.rows()
  /// @param items      ids of the columns; size() must equal matrix.cols()
  /// @param timestamps one an entry, in the order of the entries, or none
  /// @throws dimension_error when sizes disagree
  interactions(csr_matrix<> matrix, id_map users, id_map items,
               std::vector<std::int64_t> timestamps = {})
      : matrix_(std::move(matrix)), users_(std::move(users)), items_(std::move(items)) {
    check_sizes(timestamps.size());
    auto owned = std::make_shared<const std::vector<std::int64_t>>(std::move(timestamps));
    timestamps_ = *owned;
    timestamp_owner_ = std::move(owned);
  }

  /// The same with timestamps in memory that `owner` keeps alive.
  interactions(csr_matrix<> matrix, id_map users, id_map items,
               std::span<const std::int64_t> timestamps, std::shared_ptr<const void> owner)
      : matrix_(std::move(matrix)),
        users_(std::move(users)),
        items_(std::move(items)),
        timestamps_(timestamps),
        timestamp_owner_(std::move(owner)) {
    check_sizes(timestamps.size());
  }

  /// A matrix whose indices are its ids.
  explicit interactions(csr_matrix<> matrix)
      : interactions(matrix, id_map::identity(matrix.rows()), id_map::identity(matrix.cols())) {}

  const csr_matrix<>& matrix() const noexcept { return matrix_; }
  csr_view<> view() const noexcept { return matrix_.view(); }
  const id_map& users() const noexcept { return users_; }
  const id_map& items() const noexcept { return items_; }

  bool has_timestamps() const noexcept { return !timestamps_.empty(); }
  /// Seconds since 1970 where the source says so, one an entry; empty without timestamps.
  std::span<const std::int64_t> timestamps() const noexcept { return timestamps_; }
  const std::shared_ptr<const void>& timestamp_owner() const noexcept { return timestamp_owner_; }

  index_t rows() const noexcept { return matrix_.rows(); }
  index_t cols() const noexcept { return matrix_.cols(); }
  offset_t nonzeros() const noexcept { return matrix_.nonzeros(); }

 private:
  void check_sizes(std::size_t timestamps) const {
    check::equal("users.size()", users_.size(), "matrix.rows()", matrix_.rows());
    check::equal("items.size()", items_.size(), "matrix.cols()", matrix_.cols());
    if (timestamps != 0) {
      check::equal("timestamps.size()", static_cast<std::int64_t>(timestamps), "matrix.nonzeros()",
                   matrix_.nonzeros());
    }
  }

  csr_matrix<> matrix_;
  id_map users_;
  id_map items_;
  std::span<const std::int64_t> timestamps_;
  std::shared_ptr<const void> timestamp_owner_;
};

inline csr_view<> as_csr(const interactions& data) noexcept { return data.view(); }

}  // namespace recokit::inline RECOKIT_ABI
