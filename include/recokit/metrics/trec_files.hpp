// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief TREC qrels and run files: judgements and ranked documents by query, read and written.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/ranked_lists.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec {

/// A document id inside the text of its file, with the hash of its bytes. Valid as long as a copy
/// of the qrels or run that it came from lives.
class document_id {
 public:
  document_id() = default;
  document_id(const char* text, std::uint32_t size, std::uint32_t hash) noexcept
      : text_(text), size_(size), hash_(hash) {}

  std::string_view text() const noexcept { return {text_, size_}; }
  std::uint32_t hash() const noexcept { return hash_; }

  friend bool operator==(const document_id& a, const document_id& b) noexcept {
    return a.hash_ == b.hash_ && a.text() == b.text();
  }

 private:
  const char* text_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t hash_ = 0;
};

/// One judgement. Relevance below 0 means: in the pool, but not judged.
struct judgement {
  document_id document;
  std::int32_t relevance = 0;
};

/// One retrieved document.
struct retrieved {
  document_id document;
  double score = 0;
};

/// The lines of one query.
template <class Line>
struct query_lines {
  std::string_view query;
  std::span<const Line> lines;
};

/// Lines by query, queries in ascending byte order. Immutable; copies share the lines.
template <class Line>
class query_table {
 public:
  query_table() = default;
  /// @param queries in strictly ascending byte order
  /// @param owner   keeps alive what the queries point to
  query_table(std::vector<query_lines<Line>> queries, std::shared_ptr<const void> owner)
      : queries_(std::make_shared<const std::vector<query_lines<Line>>>(std::move(queries))),
        owner_(std::move(owner)) {}

  /// The number of queries.
  std::size_t size() const noexcept { return queries_ ? queries_->size() : 0; }
  bool empty() const noexcept { return size() == 0; }
  std::string_view query(std::size_t i) const noexcept { return (*queries_)[i].query; }
  std::span<const Line> lines(std::size_t i) const noexcept { return (*queries_)[i].lines; }

  /// The place of a query, or nothing. O(log size).
  std::optional<std::size_t> find(std::string_view query) const noexcept {
    if (empty()) return std::nullopt;
    const auto at = std::lower_bound(
        queries_->begin(), queries_->end(), query,
        [](const query_lines<Line>& a, std::string_view b) { return a.query < b; });
    if (at == queries_->end() || at->query != query) return std::nullopt;
    return static_cast<std::size_t>(at - queries_->begin());
  }

 private:
  std::shared_ptr<const std::vector<query_lines<Line>>> queries_;
  std::shared_ptr<const void> owner_;
};

/// Relevance judgements, the lines of a query in the order of the file.
using qrels = query_table<judgement>;

/// Retrieved documents, those of a query best first: by score descending, then by document id in
/// descending byte order, as trec_eval ranks them. The ranks written in the file play no part.
class run : public query_table<retrieved> {
 public:
  run() = default;
  run(query_table<retrieved> queries, std::string id)
      : query_table<retrieved>(std::move(queries)), id_(std::move(id)) {}

  /// The run id of the last line.
  const std::string& id() const noexcept { return id_; }

 private:
  std::string id_;
};

/// Reads judgements: lines `query iteration document relevance`, the iteration ignored.
///
/// Fields are divided by blanks or tabs. Empty lines, and lines whose first character other than a
/// blank is `#`, are skipped; a `#` elsewhere is part of its field. Relevance is a whole number of
/// 32 bits; "1.0" is one too. A gzipped file is unpacked where recokit was built with zlib.
///
/// The file is mapped, cut at line ends, parsed in parallel, and stays mapped for as long as a copy
/// of the result lives; it must not change meanwhile. Lines of a query need not be together. The
/// result is the same for any number of threads. Time O(bytes); memory 24 bytes a line.
///
/// @throws io_error    the file cannot be opened, mapped or read
/// @throws parse_error naming file, line and column: a wrong number of fields, a relevance that is
///                     not a whole number, a document judged twice for a query, no line at all
/// @throws not_built_error gzip without zlib
qrels read_qrels(const std::filesystem::path& file, const cpu& policy = {});

/// Reads a run: lines `query Q0 document rank score run-id`; Q0, rank and anything behind the run
/// id are ignored. Everything else as in read_qrels. Scores are doubles; infinities are allowed.
/// Time O(bytes), and O(n log n) in the documents of a query that are not in order yet.
///
/// @throws as read_qrels; parse_error also where a score is NaN or not a number
run read_run(const std::filesystem::path& file, const cpu& policy = {});

/// As read_qrels, from a text that the result keeps. @param name stands for the file in errors
qrels parse_qrels(std::string text, const std::string& name = "qrels", const cpu& policy = {});
/// As read_run, from a text that the result keeps. @param name stands for the file in errors
run parse_run(std::string text, const std::string& name = "run", const cpu& policy = {});

/// Writes what read_qrels reads: `query 0 document relevance`. The file appears when it is whole.
/// @throws io_error
void write_qrels(const std::filesystem::path& file, const qrels& judgements);

/// Writes what read_run reads: `query Q0 document rank score run-id`, ranks from 1, each score as
/// the shortest text that reads back to the same double. The file appears when it is whole.
/// @throws io_error
void write_run(const std::filesystem::path& file, const run& results);

/// Writes ranked lists of a recommender as a run; list q becomes the query query_name(q).
///
/// recokit breaks ties by item index and TREC tools by document id: where scores tie, a reader may
/// rank the items of a list in another order than the list has.
/// @param document_name the document id of an item
/// @throws value_error when a name or the run id is empty, or has a blank or control character;
///         value_error when a score is NaN; io_error
void write_run(const std::filesystem::path& file, const ranked_lists& lists,
               const std::function<std::string(std::size_t)>& query_name,
               const std::function<std::string(index_t)>& document_name, const std::string& run_id);

}  // namespace recokit::inline RECOKIT_ABI::trec
