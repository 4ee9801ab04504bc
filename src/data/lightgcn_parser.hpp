// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Pieces of LightGCN lines, "user item item ...", to columns.
#pragma once

#include "piece_parser.hpp"

namespace recokit::inline RECOKIT_ABI::detail {

/// A user without items is kept in the dictionary of users.
class lightgcn_parser final : public piece_parser {
 public:
  std::size_t capacity(const text_piece& piece) const override;
  bool has_ratings() const override { return false; }
  bool has_times() const override { return false; }
  void parse(const text_piece& piece, const id_kinds& kinds, id_dictionaries& ids, coo_piece& out,
             std::vector<std::uint64_t>* starts) const override;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
