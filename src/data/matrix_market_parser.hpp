// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief MatrixMarket coordinate files: the header, and pieces of entries to columns.
#pragma once

#include "piece_parser.hpp"

#include <atomic>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

struct matrix_market_header {
  bool pattern = false;
  bool symmetric = false;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t entries = 0;
  std::uint64_t size_line = 0;   ///< where the line with the three sizes starts
  std::uint64_t data_begin = 0;  ///< where the entries start
};

/// @throws parse_error
matrix_market_header read_matrix_market_header(const text_source& source);

/// Users and items come out as 0-based indices, not as codes. An entry off the diagonal of a
/// symmetric matrix comes out twice.
class matrix_market_parser final : public piece_parser {
 public:
  explicit matrix_market_parser(const matrix_market_header& header) : header_(header) {}

  std::size_t capacity(const text_piece& piece) const override;
  bool has_ratings() const override { return !header_.pattern; }
  bool has_times() const override { return false; }
  void parse(const text_piece& piece, const id_kinds& kinds, id_dictionaries& ids, coo_piece& out,
             std::vector<std::uint64_t>* starts) const override;

  /// Entries of the file seen so far.
  std::int64_t entries() const noexcept { return entries_.load(); }

 private:
  matrix_market_header header_;
  mutable std::atomic<std::int64_t> entries_{0};
};

}  // namespace recokit::inline RECOKIT_ABI::detail
