// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Reads published candidates: a test item and its negatives for each user.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/id_map.hpp>

#include <filesystem>

namespace recokit::inline RECOKIT_ABI {

/// Reads the `test.negative` files of He et al., Neural Collaborative Filtering, WWW'17: a line
/// `(user,item)` and then items, all divided by tabs or blanks, in any order of users; plain or
/// gzip. The user id ends at the first comma.
///
/// Row u of the result holds the items of the user's line, the one in parentheses among them; an
/// item named twice counts once, as where the test item is among its own negatives. Rows of users
/// without a line are empty. No values.
///
/// @param users, items id maps of the data, from read_ratings or read_train_test
/// @returns users.size() × items.size()
/// @throws io_error, not_built_error (gzip without zlib), parse_error naming file, line and column:
///         a line of another form, an id that the maps do not have, a second line for a user
/// O(bytes · log ids)
csr_matrix<> read_candidates(const std::filesystem::path& file, const id_map& users,
                             const id_map& items);

}  // namespace recokit::inline RECOKIT_ABI
