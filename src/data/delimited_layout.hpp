// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the columns of a delimited text are: delimiter, header, roles.
#pragma once

#include "../core/text_source.hpp"

#include <recokit/data/read.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

enum class column_role : std::uint8_t { skipped, user, item, rating, timestamp };

/// The delimiter "::" of MovieLens .dat files, and runs of blanks, are more than one character.
struct delimited_layout {
  std::string delimiter;  ///< one character, or "::"; " " stands for any run of blanks
  std::vector<column_role> roles;
  std::uint64_t data_begin = 0;  ///< behind the header
  bool has_ratings = false;
  bool has_times = false;
};

/// The fields of one line, without quotes and surrounding blanks; for headers and samples.
std::vector<std::string> split_fields(std::string_view line, std::string_view delimiter);

/// The delimiter that the first lines of a text share; empty when there is none.
std::string find_delimiter(const text_source& source);

/// @throws parse_error when there is less than two columns, value_error when options contradict the
///         file or leave open which column is which
delimited_layout find_layout(const text_source& source, const read_options& options);

}  // namespace recokit::inline RECOKIT_ABI::detail
