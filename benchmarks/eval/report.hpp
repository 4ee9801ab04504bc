// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An evaluation as trec_eval's table and as JSON.
#pragma once

#include "command_line.hpp"

#include <recokit/metrics/trec_measures.hpp>

#include <string>

namespace recokit_eval {

/// The three columns of trec_eval, byte for byte: measure, query or "all", value.
std::string table_text(const recokit::trec::evaluation& result, const request& asked);

/// The same with every digit of the doubles (%.17g), and how it came about.
std::string json_text(const recokit::trec::evaluation& result, const request& asked);

}  // namespace recokit_eval
