// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Reading ratings in a fuzz target.
#pragma once

#include "fuzz.hpp"

#include <recokit/data/read.hpp>

namespace recokit_fuzz {

inline const memory_file& ratings_file() {
  static const memory_file file;
  return file;
}

inline void require_whole(const recokit::interactions& data) {
  require(data.users().size() == data.rows());
  require(data.items().size() == data.cols());
  require_sound(data.matrix());
}

inline int read_and_check(const std::filesystem::path& file, const recokit::read_options& options) {
  return attempt([&] { require_whole(recokit::read_ratings(file, options)); });
}

}  // namespace recokit_fuzz
