// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "trec_scan.hpp"

#include "../core/mapped_file.hpp"
#include "../core/text_source.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include <array>
#include <cmath>
#include <utility>

namespace recokit::inline RECOKIT_ABI::trec {
namespace {

using recokit::detail::mapped_file;
using recokit::detail::text_source;

std::string key(std::string_view query, std::string_view column) {
  std::string text(query);
  text += '\n';
  text += column;
  return text;
}

std::unordered_map<std::string, reference_score> read_scores(const text_source& source) {
  std::unordered_map<std::string, reference_score> scores;
  for (std::uint64_t at = source.begin(); at < source.end();) {
    const std::uint64_t start = at;
    std::string_view line = source.line(start, at);
    std::array<std::string_view, 4> fields;
    std::size_t count = 0;
    constexpr const char* gaps = " \t\r\v\f";
    for (auto begin = line.find_first_not_of(gaps); begin != std::string_view::npos;
         begin = line.find_first_not_of(gaps)) {
      line.remove_prefix(begin);
      const auto end = std::min(line.find_first_of(gaps), line.size());
      if (count < fields.size()) fields[count] = line.substr(0, end);
      ++count;
      line.remove_prefix(end);
    }
    if (count == 0 || fields[0].starts_with('#')) continue;
    if (count != fields.size()) {
      throw source.error({start, "a line of " + std::to_string(count) +
                                     " fields; it must have 4: query measure mean deviation"});
    }
    reference_score score;
    for (const auto& [text, value] :
         {std::pair{fields[2], &score.mean}, std::pair{fields[3], &score.deviation}}) {
      if (detail::parse_score(text, *value) != detail::number_status::good) {
        throw source.error({start, recokit::detail::in_quotes(text) + " is not a number"});
      }
    }
    scores.insert_or_assign(key(fields[0], fields[1]), score);
  }
  return scores;
}

}  // namespace

zscore_table zscore_table::read(const std::filesystem::path& file) {
  zscore_table table;
  table.scores_ = read_scores(text_source(file.string(), mapped_file(file)));
  return table;
}

zscore_table zscore_table::parse(std::string text, const std::string& name) {
  zscore_table table;
  table.scores_ = read_scores(text_source(name, mapped_file::of_bytes(std::move(text))));
  return table;
}

double zscore_table::convert(std::string_view query, std::string_view column, double value) const {
  const auto at = scores_.find(key(query, column));
  if (at == scores_.end()) return missing;
  const auto& [mean, deviation] = at->second;
  if (deviation != 0) return (value - mean) / deviation;
  return value == mean ? 0 : missing;
}

}  // namespace recokit::inline RECOKIT_ABI::trec
