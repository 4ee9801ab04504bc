// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Readers: memory-mapped, parallel, with errors that name file, line and column.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/interactions.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace recokit::inline RECOKIT_ABI {

/// File formats of interactions. Any text format may be gzip-compressed where zlib was found; it is
/// then unpacked into memory as a whole.
enum class file_format {
  detect,     ///< by content, then by name
  movielens,  ///< `user::item::rating::timestamp` (MovieLens .dat)
  delimited,  ///< one interaction a line, columns divided by one character
  /// A line a user: `user item item …`, blanks between, no ratings. Lines of numbers that all have
  /// the same two to four columns are taken for a table instead, unless this format is asked for.
  lightgcn,
  matrix_market,  ///< coordinate real, integer or pattern, general or symmetric; rows are users
  npz,            ///< scipy.sparse.save_npz of a CSR matrix; rows are users
};

/// What to do with a second interaction of the same user and item.
enum class duplicate_rule {
  last,  ///< the later line of the file wins, with its timestamp
  sum,   ///< ratings are added; the latest timestamp stays
  max,   ///< the highest rating wins; the latest timestamp stays
  error,
};

enum class id_rule {
  detect,   ///< integer when every id of that side is one as it would be printed, else string
  integer,  ///< anything else is a parse_error
  string,
};

/// A first line is taken for a header when it has a usual name of the user or item column, or when
/// none of its fields is a number and the next line has numbers from the third column on, or only
/// numbers.
enum class header_rule { detect, present, absent };

/// A column of delimited text, by position from 0 or by the name in the header.
using column_name = std::variant<std::monostate, int, std::string>;

/// How to read interactions; the defaults detect everything.
struct read_options {
  file_format format = file_format::detect;
  /// 0 detects among tab, comma, semicolon, bar and blank. A blank stands for any run of blanks.
  char delimiter = 0;
  header_rule header = header_rule::detect;
  /// Unset columns: by header name where there is one (user, item, rating, timestamp and their
  /// usual spellings), else by position: user, item, then rating and timestamp where present.
  column_name user{};
  column_name item{};
  column_name rating{};
  column_name timestamp{};
  /// Leave ratings out and count every interaction as 1.
  bool ignore_ratings = false;
  bool ignore_timestamps = false;
  duplicate_rule duplicates = duplicate_rule::last;
  id_rule user_ids = id_rule::detect;
  id_rule item_ids = id_rule::detect;
  cpu policy{};
};

/// Reads interactions from a file.
///
/// Text formats are cut into pieces that are parsed in parallel straight from the mapped file,
/// which must not change meanwhile. Ids become indices by id_map's rule; in MatrixMarket and npz
/// they are the indices. LightGCN lines may name a user and no item: the user is kept with an empty
/// row.
///
/// Fields may be quoted, with quotes inside doubled, and end on their line; blanks around an
/// unquoted field are not part of it. Bytes of ids are kept as they are, in any encoding. Empty
/// lines are allowed at the end only. Timestamps are integers; "964982703.0" is one too.
///
/// Time O(bytes); memory about 20 bytes a row while reading, 16 after (8 without timestamps), and
/// no more than 36 at any time.
///
/// @throws io_error      the file cannot be opened, mapped or read
/// @throws parse_error   naming file, line and column: wrong number of columns, a field that is not
///                       a number, a rating that is NaN or infinite, a negative id in a format
///                       whose ids are indices, an unclosed quote, duplicates under
///                       duplicate_rule::error, no interactions at all, a truncated gzip or npz
/// @throws value_error   options that contradict the file, such as an unknown column name
/// @throws not_built_error gzip or compressed npz without zlib
interactions read_ratings(const std::filesystem::path& file, const read_options& options = {});

/// Reads a train and a test file under common id maps, so that row u and column i mean the same in
/// both: users and items of either file. A side is integer only where it is in both. Matrices
/// without ids (MatrixMarket, npz) get the larger number of rows and columns.
/// @throws as read_ratings; value_error when one file has ids and the other has none
std::pair<interactions, interactions> read_train_test(const std::filesystem::path& train,
                                                      const std::filesystem::path& test,
                                                      const read_options& options = {});

/// The format that read_ratings would take the file for. @throws io_error, parse_error
file_format detect_format(const std::filesystem::path& file);

/// Reads a MatrixMarket coordinate file as it stands (1-based ids become 0-based indices);
/// duplicates are summed, as SciPy does. @throws io_error, parse_error
csr_matrix<> read_matrix_market(const std::filesystem::path& file, const cpu& policy = {});

/// Reads a CSR matrix written by scipy.sparse.save_npz, with any real dtype of values up to 64 bits
/// and any integer indices. Unsorted rows are sorted and duplicates summed, as SciPy does. @throws
/// io_error, parse_error, not_built_error
csr_matrix<> read_npz(const std::filesystem::path& file);

/// Reads a one- or two-dimensional .npy array of a real dtype up to 64 bits, C or Fortran order;
/// one dimension gives one column. @throws io_error, parse_error
row_major_matrix<double> read_npy(const std::filesystem::path& file);

}  // namespace recokit::inline RECOKIT_ABI
