// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Reads text through a file and shows interactions as lines.
#pragma once

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <data/read_text.hpp>

#include <recokit/core/errors.hpp>
#include <recokit/data/read.hpp>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace recokit_test {

using lines = std::vector<std::string>;

/// "user item value time" of every entry, in the order of the matrix; value and time only where
/// there are any.
inline lines lines_of(const recokit::interactions& data) {
  lines result;
  std::size_t at = 0;
  for (int u = 0; u < data.rows(); ++u) {
    const auto row = data.view().row(u);
    for (std::size_t i = 0; i < row.size(); ++i, ++at) {
      std::ostringstream line;
      line << data.users().name(u) << ' ' << data.items().name(row.indices[i]);
      if (data.view().has_values()) line << ' ' << row.values[i];
      if (data.has_timestamps()) line << ' ' << data.timestamps()[at];
      result.push_back(line.str());
    }
  }
  return result;
}

/// What read_ratings makes of a file "ratings.txt" of this content.
inline recokit::interactions read(std::string_view content,
                                  const recokit::read_options& options = {}) {
  const temp_folder folder;
  return recokit::read_ratings(folder.file("ratings.txt", content), options);
}

/// The same cut into pieces of about that many bytes.
inline recokit::interactions read_pieces(std::string_view content, std::size_t piece_bytes,
                                         const recokit::read_options& options = {}) {
  const temp_folder folder;
  return recokit::detail::read_ratings_tuned(folder.file("ratings.txt", content), options,
                                             {.piece_bytes = piece_bytes});
}

/// The error of read, without the folder: "ratings.txt:2:3: ...".
template <class Exception = recokit::parse_error>
std::string read_error(std::string_view content, const recokit::read_options& options = {}) {
  auto text = error_text<Exception>([&] { read(content, options); });
  const auto name = text.find("ratings.txt");
  return name == std::string::npos ? text : text.substr(name);
}

}  // namespace recokit_test
