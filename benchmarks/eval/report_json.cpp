// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "json_words.hpp"

#include <recokit/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace recokit_eval {
namespace {

using recokit::trec::column;
using recokit::trec::evaluation;
using recokit::trec::summary;

void append_value(std::string& text, const column& c, double value, bool zscores) {
  if (c.whole() && (!zscores || c.kind == summary::query_count)) {
    text += std::to_string(static_cast<std::int64_t>(value));
  } else {
    append_double(text, value);
  }
}

std::string true_or_false(bool x) { return x ? "true" : "false"; }

std::string options_text(const request& asked) {
  const bool cut = asked.max_retrieved != std::numeric_limits<std::int64_t>::max();
  return "{\"complete\": " + true_or_false(asked.complete) +
         ", \"relevance_level\": " + std::to_string(asked.relevance_level) +
         ", \"max_retrieved\": " + (cut ? std::to_string(asked.max_retrieved) : "null") +
         ", \"judged_only\": " + true_or_false(asked.judged_only) +
         ", \"collection_size\": " + std::to_string(asked.collection_size) +
         ", \"zscores\": " + (asked.zscores.empty() ? "null" : json_string(asked.zscores)) + "}";
}

/// The members of one object: `"name": value` of the columns that belong there.
template <class Belongs, class Text>
void append_members(std::string& out, const evaluation& result, std::span<const double> values,
                    bool zscores, const Belongs& belongs, const Text& text_of) {
  bool first = true;
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    const column& c = result.columns[i];
    if (!belongs(c)) continue;
    if (!first) out += ", ";
    first = false;
    out += json_string(c.name) + ": ";
    if (c.kind == summary::run_id || c.kind == summary::rank_string) {
      out += json_string(text_of(c));
    } else {
      append_value(out, c, values[i], zscores);
    }
  }
}

}  // namespace

std::string json_text(const evaluation& result, const request& asked) {
  const bool zscores = !asked.zscores.empty();
  std::string out = "{\n";
  out += "  \"program\": \"recokit-eval " RECOKIT_VERSION_STRING "\",\n";
  out += "  \"qrels\": " + json_string(asked.qrels) + ",\n";
  out += "  \"run\": " + json_string(asked.run) + ",\n";
  out += "  \"runid\": " + json_string(result.run_id) + ",\n";
  out += "  \"options\": " + options_text(asked) + ",\n";
  out += "  \"queries\": {\"evaluated\": " + std::to_string(result.queries.size()) +
         ", \"unanswered\": " + std::to_string(result.unanswered) +
         ", \"without_judgements\": " + std::to_string(result.without_judgements) + "},\n";
  out += "  \"all\": {";
  append_members(
      out, result, result.summaries, zscores,
      [](const column& c) { return c.kind != summary::rank_string && c.kind != summary::run_id; },
      [](const column&) { return std::string_view(); });
  out += "}";
  if (asked.by_query) {
    out += ",\n  \"by_query\": {";
    for (std::size_t q = 0; q < result.queries.size(); ++q) {
      out += q == 0 ? "\n    " : ",\n    ";
      out += json_string(result.queries[q]) + ": {";
      append_members(
          out, result, result.query_values(q), zscores,
          [](const column& c) { return c.by_query(); },
          [&](const column&) { return std::string_view(result.rank_strings[q]); });
      out += "}";
    }
    out += "\n  }";
  }
  return out + "\n}\n";
}

}  // namespace recokit_eval
