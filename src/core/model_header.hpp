// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The header of a model file, as text and as values.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/model_file.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// A section and its place among the data.
struct stored_section {
  std::string name;
  section_shape shape;
  std::uint32_t crc = 0;
  std::uint64_t begin = 0;  ///< from the first byte of the data on
  std::uint64_t size = 0;   ///< bytes
};

struct model_header {
  std::string kind;
  int version = 0;          ///< of recokit, as RECOKIT_VERSION
  std::string params;       ///< lines name=value
  std::size_t data_at = 0;  ///< where the data begin in the file
  std::vector<stored_section> sections;
};

/// The first bytes of a file, up to the data. Sections are in the order of the data.
std::string header_bytes(const model_header& header);

/// The header of a file whose bytes are all there: its checksum holds, and sections follow one
/// another without holes from the first byte of the data to the last of the file. Their content is
/// not looked at. Takes memory in proportion to the header alone.
/// @param file the name in errors
/// @throws parse_error
model_header parse_header(std::string_view bytes, const std::string& file);

}  // namespace recokit::inline RECOKIT_ABI::detail
