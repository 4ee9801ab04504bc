// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The command line of recokit-eval: trec_eval's options, and a few of its own.
#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace recokit_eval {

/// A command line that means nothing.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class json_place { nowhere, output, file };

/// What was asked for. Defaults are trec_eval's.
struct request {
  bool help = false;
  bool version = false;
  bool by_query = false;     ///< -q
  bool summary = true;       ///< not -n
  bool complete = false;     ///< -c
  bool judged_only = false;  ///< -J
  bool debug = false;        ///< -D was given
  std::string only_query;    ///< -D n.query
  std::int32_t relevance_level = 1;
  std::int64_t max_retrieved = std::numeric_limits<std::int64_t>::max();
  std::int64_t collection_size = 0;
  std::vector<std::string> measures;  ///< -m, as written
  std::string preset;                 ///< --preset; "recokit" with --metrics alone
  std::vector<std::string> metrics;   ///< --metrics, as written
  std::string zscores;                ///< -Z
  json_place json = json_place::nowhere;
  std::string json_file;
  int threads = 0;
  std::string qrels;
  std::string run;
};

/// Reads options as getopt_long does: bundled letters, values attached or apart, long names and
/// their unique beginnings, options and files in any order, nothing but files behind "--".
/// @param words behind the name of the program
/// @throws usage_error
request parse_command_line(const std::vector<std::string>& words);

/// The short usage.
std::string usage_text();

/// Everything, with the measures that -m names, or all of them.
/// @throws recokit::value_error for measures that do not exist
std::string help_text(const request& asked);

}  // namespace recokit_eval
