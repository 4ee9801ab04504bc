// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Gzip streams and raw deflate, through zlib where the build has it.
#pragma once

#include <recokit/core/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// True when the bytes start as a gzip stream does.
bool is_gzip(std::string_view bytes) noexcept;

/// The content of a gzip file, all members of it, or its first `limit` bytes.
/// @param name the file, for errors
/// @throws parse_error when the stream is damaged or ends early, not_built_error without zlib
std::string gunzip(std::string_view bytes, const std::string& name,
                   std::uint64_t limit = UINT64_MAX);

/// Undoes raw deflate into exactly `size` bytes.
/// @param what the thing compressed, for errors
/// @throws parse_error when the stream is damaged or of another size, not_built_error without zlib
std::string inflate_raw(std::string_view bytes, std::uint64_t size, const std::string& name,
                        const std::string& what);

}  // namespace recokit::inline RECOKIT_ABI::detail
