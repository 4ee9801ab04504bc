// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which format a file has, by its first bytes and then by its name.
#pragma once

#include "../core/text_source.hpp"

#include <recokit/data/read.hpp>

#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// True for a zip archive, or what is named as one: its reader says what is wrong with it.
bool is_npz(std::string_view bytes, const std::string& name);

/// The format of what is no zip archive.
/// @throws parse_error for an empty text and for a dense array
file_format text_format(const text_source& source);

}  // namespace recokit::inline RECOKIT_ABI::detail
