// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Texts of interactions to interactions: one file, or several under common id maps.
#pragma once

#include "../core/text_source.hpp"
#include "piece_parser.hpp"

#include <recokit/data/interactions.hpp>
#include <recokit/data/read.hpp>

#include <memory>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Reads texts whose ids are names: delimited text and LightGCN lines. `options.format` says which.
/// All results have the same id maps.
/// @throws what read_ratings throws
std::vector<interactions> read_named_texts(std::span<const std::unique_ptr<text_source>> sources,
                                           std::span<const file_format> formats,
                                           const read_options& options,
                                           const reader_tuning& tuning);

/// Reads a MatrixMarket text; its ids are the indices. Without `options.ignore_ratings`, a pattern
/// file gets values only where `options.duplicates` is sum and there are duplicates.
/// @throws what read_ratings throws
interactions read_matrix_market_text(const text_source& source, const read_options& options,
                                     const reader_tuning& tuning);

/// read_ratings with sizes for tests.
interactions read_ratings_tuned(const std::filesystem::path& file, const read_options& options,
                                const reader_tuning& tuning);

}  // namespace recokit::inline RECOKIT_ABI::detail
