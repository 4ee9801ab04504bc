// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Pieces of delimited text to columns.
#pragma once

#include "delimited_layout.hpp"
#include "piece_parser.hpp"

#include <recokit/data/read.hpp>

#include <memory>

namespace recokit::inline RECOKIT_ABI::detail {

/// The parser for one layout. Quoted fields may hold delimiters and, doubled, quotes; they end on
/// their line.
std::unique_ptr<piece_parser> make_delimited_parser(delimited_layout layout,
                                                    const read_options& options);

}  // namespace recokit::inline RECOKIT_ABI::detail
