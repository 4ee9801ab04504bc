// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/atomic_file.hpp"
#include "../core/text_scan.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_files.hpp>

#include <algorithm>
#include <cmath>

namespace recokit::inline RECOKIT_ABI::trec {
namespace {

using recokit::detail::atomic_file;

void check_field(const char* what, std::string_view text) {
  const bool bad = text.empty() || text.starts_with('#') ||
                   std::any_of(text.begin(), text.end(),
                               [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  if (bad) {
    throw value_error(what, recokit::detail::in_quotes(text),
                      "must not be empty, begin with # or have a blank or control character");
  }
}

void write_result(atomic_file& out, std::string_view query, std::string_view document,
                  std::size_t rank, auto score, std::string_view run_id) {
  out.write(query);
  out.write(" Q0 ");
  out.write(document);
  out.write(' ');
  out.write_number(rank);
  out.write(' ');
  out.write_number(score);
  out.write(' ');
  out.write(run_id);
  out.write('\n');
}

}  // namespace

void write_qrels(const std::filesystem::path& file, const qrels& judgements) {
  atomic_file out(file);
  for (std::size_t q = 0; q < judgements.size(); ++q) {
    for (const judgement& line : judgements.lines(q)) {
      out.write(judgements.query(q));
      out.write(" 0 ");
      out.write(line.document.text());
      out.write(' ');
      out.write_number(line.relevance);
      out.write('\n');
    }
  }
  out.commit();
}

void write_run(const std::filesystem::path& file, const run& results) {
  atomic_file out(file);
  for (std::size_t q = 0; q < results.size(); ++q) {
    std::size_t rank = 0;
    for (const retrieved& line : results.lines(q)) {
      write_result(out, results.query(q), line.document.text(), ++rank, line.score, results.id());
    }
  }
  out.commit();
}

void write_run(const std::filesystem::path& file, const ranked_lists& lists,
               const std::function<std::string(std::size_t)>& query_name,
               const std::function<std::string(index_t)>& document_name,
               const std::string& run_id) {
  check_field("run_id", run_id);
  atomic_file out(file);
  for (std::size_t q = 0; q < lists.size(); ++q) {
    const std::string query = query_name(q);
    check_field("query_name", query);
    std::size_t rank = 0;
    for (const auto& [item, score] : lists[q]) {
      const std::string document = document_name(item);
      check_field("document_name", document);
      if (std::isnan(score)) {
        throw value_error("lists", "NaN", "query " + query + " has a score that is no number");
      }
      write_result(out, query, document, ++rank, score, run_id);
    }
  }
  out.commit();
}

}  // namespace recokit::inline RECOKIT_ABI::trec
