// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Parses the pieces of a text in parallel; the same data or the same error for any threads.
#pragma once

#include "../core/text_source.hpp"
#include "coo_piece.hpp"
#include "id_dictionary.hpp"

#include <recokit/core/backend.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Sizes that tests make small.
struct reader_tuning {
  /// Bytes that a thread takes at a time; 0 chooses by the size of the text.
  std::size_t piece_bytes = 0;
  /// Most users, and most items, that one data set may have.
  std::int64_t most_ids = INT32_MAX;
};

/// Which sides are read as strings.
struct id_kinds {
  bool users_are_strings = false;
  bool items_are_strings = false;

  bool operator==(const id_kinds&) const = default;
};

/// Thrown by a parser at an id that is no integer, on a side that is read as integers so far and
/// may become strings.
struct id_is_text {
  id_kinds found;
};

/// The dictionaries of one worker.
struct id_dictionaries {
  id_dictionary users;
  id_dictionary items;
};

/// What a text format is: how one piece of whole lines becomes columns.
class piece_parser {
 public:
  virtual ~piece_parser() = default;
  piece_parser() = default;
  piece_parser(const piece_parser&) = delete;
  piece_parser& operator=(const piece_parser&) = delete;

  /// The most entries that a piece can hold.
  virtual std::size_t capacity(const text_piece& piece) const = 0;
  virtual bool has_ratings() const = 0;
  virtual bool has_times() const = 0;
  /// Fills `out`, which has room for capacity(piece) entries, and sets its size.
  /// @param starts where not null, receives the offset of each entry in the text
  /// @throws text_failure, id_is_text
  virtual void parse(const text_piece& piece, const id_kinds& kinds, id_dictionaries& ids,
                     coo_piece& out, std::vector<std::uint64_t>* starts) const = 0;
};

/// All interactions of a text.
struct parsed_text {
  std::vector<coo_piece> pieces;  ///< in the order of the text
  std::vector<std::unique_ptr<id_dictionaries>> workers;
};

/// Parses all pieces. When a side turns out to have an id that is no integer, `kinds` is changed
/// and everything is parsed again.
/// @throws parse_error for the first line of the text that is wrong
parsed_text parse_pieces(const cpu& policy, const text_source& source,
                         const std::vector<text_piece>& pieces, const piece_parser& parser,
                         id_kinds& kinds);

/// No less than the lines of a piece whose lines have at least that many bytes.
std::size_t most_lines(const text_piece& piece, std::size_t line_bytes);

/// Where entry `k` of a piece stands in the text.
std::uint64_t entry_offset(const text_piece& piece, const piece_parser& parser,
                           const id_kinds& kinds, std::size_t k);

}  // namespace recokit::inline RECOKIT_ABI::detail
