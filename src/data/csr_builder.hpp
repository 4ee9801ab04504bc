// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Interactions in file order to sorted rows without duplicates, in parallel.
#pragma once

#include "coo_piece.hpp"

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/data/interactions.hpp>
#include <recokit/data/read.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The arrays of a CSR matrix while it is being built.
struct csr_arrays {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::unique_ptr<offset_t[]> offsets;
  std::unique_ptr<index_t[]> indices;
  std::unique_ptr<float[]> values;             ///< null: pattern-only
  std::unique_ptr<std::int64_t[]> timestamps;  ///< null: none

  std::int64_t entries() const noexcept { return offsets[static_cast<std::size_t>(rows)]; }
};

/// A user and an item that occur together more than once.
struct duplicate_pair {
  index_t user = 0;
  index_t item = 0;
};

/// Sorts the pieces into rows; entries of a row stay in file order. Users and items must be indices
/// below rows and cols. With `consume` each piece is freed as soon as its entries are placed.
csr_arrays place_rows(const cpu& policy, std::int64_t rows, std::int64_t cols,
                      std::vector<coo_piece>& pieces, bool consume);

/// Orders each row by column, keeping file order among equal columns, and counts what is left when
/// duplicates are merged. @returns the number of entries that are duplicates of an earlier one
std::int64_t sort_rows(const cpu& policy, csr_arrays& arrays);

/// The first duplicate of sorted rows, by row and column.
std::optional<duplicate_pair> first_duplicate(const csr_arrays& arrays);

/// Merges equal columns of sorted rows by `rule`. Under `sum` a pattern-only matrix gets values.
/// @param source the file, for errors
/// @throws value_error when a sum leaves the range of float
csr_arrays merge_duplicates(const cpu& policy, csr_arrays arrays, std::int64_t duplicates,
                            duplicate_rule rule, const std::string& source);

/// Hands the arrays over to a matrix; the timestamps stay behind.
csr_matrix<> to_matrix(csr_arrays& arrays);
/// Hands everything over.
interactions to_interactions(csr_arrays arrays, id_map users, id_map items);

}  // namespace recokit::inline RECOKIT_ABI::detail
