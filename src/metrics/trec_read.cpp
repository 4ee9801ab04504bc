// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "trec_id_table.hpp"
#include "trec_line_arena.hpp"
#include "trec_lines.hpp"
#include "trec_piece.hpp"

#include "../core/mapped_file.hpp"
#include "../core/text_source.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/metrics/trec_files.hpp>

#include <algorithm>
#include <utility>

namespace recokit::inline RECOKIT_ABI::trec {
namespace {

using detail::id_table;
using detail::parsed_piece;
using detail::qrels_format;
using detail::run_format;
using detail::segment;
using recokit::detail::mapped_file;
using recokit::detail::text_failure;
using recokit::detail::text_piece;
using recokit::detail::text_source;

/// Everything that a table points into.
template <class Line>
struct storage {
  std::unique_ptr<text_source> source;
  std::vector<text_piece> pieces;
  std::unique_ptr<detail::line_arena<Line>> lines;
  std::vector<Line> gathered;  // lines of queries that do not stand together

  /// Where a byte of the pieces is in the text.
  std::uint64_t offset(const char* byte) const {
    for (const auto& piece : pieces) {
      if (!std::less<>{}(byte, piece.begin) && std::less<>{}(byte, piece.end)) {
        return piece.offset + static_cast<std::uint64_t>(byte - piece.begin);
      }
    }
    return 0;
  }
};

/// Parses all pieces. A piece is counted right before it is parsed, while it is in the cache.
template <class Format>
std::vector<parsed_piece<typename Format::line>> parse_pieces(storage<typename Format::line>& kept,
                                                              const cpu& policy) {
  using line = typename Format::line;
  std::size_t bytes = 0;
  for (const auto& piece : kept.pieces) bytes += piece.size();
  constexpr std::size_t usual_line = 24;
  kept.lines = std::make_unique<detail::line_arena<line>>(bytes / usual_line + 1);
  std::vector<parsed_piece<line>> parsed(kept.pieces.size());
  parallel_for(policy, static_cast<std::int64_t>(parsed.size()), 1,
               [&](std::int64_t p, std::int64_t) {
                 const auto i = static_cast<std::size_t>(p);
                 const text_piece& piece = kept.pieces[i];
                 parsed[i].lines = kept.lines->take(detail::line_feeds(piece));
                 detail::parse_piece<Format>(piece, parsed[i]);
               });
  return parsed;
}

/// A query with its segments in the order of the file.
struct found_query {
  document_id id;
  std::size_t lines = 0;
  std::size_t segments = 0;
};

/// Numbers the queries of all segments in the order of the file.
template <class Line>
std::vector<found_query> number_queries(const std::vector<parsed_piece<Line>>& parsed,
                                        std::vector<std::uint32_t>& query_of_segment) {
  std::vector<found_query> queries;
  id_table table;
  table.reset(1024);
  for (const auto& piece : parsed) {
    for (const segment& part : piece.segments) {
      if (table.full(queries.size())) {
        table.reset(queries.size() * 2);
        for (std::uint32_t number = 0; number < queries.size(); ++number) {
          table.insert(queries[number].id.hash(), number, [](std::uint32_t) { return false; });
        }
      }
      const auto fresh = static_cast<std::uint32_t>(queries.size());
      const auto known = table.insert(part.query.hash(), fresh, [&](std::uint32_t number) {
        return queries[number].id == part.query;
      });
      if (known == id_table::none) queries.push_back({part.query, 0, 0});
      const std::uint32_t number = known == id_table::none ? fresh : known;
      queries[number].lines += part.count;
      ++queries[number].segments;
      query_of_segment.push_back(number);
    }
  }
  return queries;
}

/// The numbers of the queries in byte order of their ids.
std::vector<std::uint32_t> in_byte_order(const std::vector<found_query>& queries) {
  struct key {
    std::uint64_t prefix;
    std::uint32_t number;
  };
  std::vector<key> keys(queries.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto text = queries[i].id.text();
    keys[i] = {detail::field_prefix(text.data(), text.size()), static_cast<std::uint32_t>(i)};
  }
  std::sort(keys.begin(), keys.end(), [&](const key& a, const key& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix
                                : queries[a.number].id.text() < queries[b.number].id.text();
  });
  std::vector<std::uint32_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const key& k) { return k.number; });
  return order;
}

/// True when a document is there twice.
template <class Line>
bool has_duplicate(std::span<const Line> lines, id_table& table) {
  table.reset(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& document = lines[i].document;
    const auto twin =
        table.insert(document.hash(), static_cast<std::uint32_t>(i),
                     [&](std::uint32_t number) { return lines[number].document == document; });
    if (twin != id_table::none) return true;
  }
  return false;
}

/// The first line of the file whose document its query had before.
template <class Line>
text_failure first_duplicate(const storage<Line>& kept,
                             std::span<const query_lines<Line>> queries) {
  text_failure first{UINT64_MAX, {}};
  id_table table;
  for (const auto& [query, lines] : queries) {
    std::vector<std::pair<std::uint64_t, const Line*>> by_place;
    for (const Line& line : lines) {
      by_place.emplace_back(kept.offset(line.document.text().data()), &line);
    }
    std::sort(by_place.begin(), by_place.end());
    table.reset(lines.size());
    for (std::size_t i = 0; i < by_place.size(); ++i) {
      const auto& document = by_place[i].second->document;
      const auto twin = table.insert(
          document.hash(), static_cast<std::uint32_t>(i),
          [&](std::uint32_t number) { return by_place[number].second->document == document; });
      if (twin == id_table::none) continue;
      if (by_place[i].first < first.offset) {
        first = {by_place[i].first, "document " + recokit::detail::in_quotes(document.text()) +
                                        " a second time for query " +
                                        recokit::detail::in_quotes(query)};
      }
      break;
    }
  }
  return first;
}

/// Best first: score descending, then document id descending.
void rank(std::span<retrieved> lines) {
  const auto by_id = [](const retrieved& a, const retrieved& b) {
    return detail::id_before(b.document, a.document);
  };
  const auto by_score = [](const retrieved& a, const retrieved& b) { return a.score > b.score; };
  if (!std::is_sorted(lines.begin(), lines.end(), by_score)) {
    std::sort(lines.begin(), lines.end(), [&](const retrieved& a, const retrieved& b) {
      return a.score != b.score ? a.score > b.score : by_id(a, b);
    });
    return;
  }
  // Most runs are written best first: then only ties are left.
  for (auto first = lines.begin(); first != lines.end();) {
    auto last = first + 1;
    while (last != lines.end() && last->score == first->score) ++last;
    if (last - first > 1) std::sort(first, last, by_id);
    first = last;
  }
}
void rank(std::span<judgement>) {}

template <class Line>
struct built_table {
  query_table<Line> table;
  std::string run_id;
};

template <class Format>
built_table<typename Format::line> read(std::string name, mapped_file file, const cpu& policy) {
  using line = typename Format::line;
  auto kept = std::make_shared<storage<line>>();
  kept->source = std::make_unique<text_source>(std::move(name), std::move(file));
  const text_source& source = *kept->source;
  kept->pieces = source.pieces(source.begin(), 0);
  const auto parsed_pieces = parse_pieces<Format>(*kept, policy);
  built_table<line> built;
  for (const auto& piece : parsed_pieces) {
    if (piece.failure) throw source.error(*piece.failure);
    if (!piece.run_id.empty()) built.run_id = piece.run_id;
  }

  std::vector<std::uint32_t> query_of_segment;
  const auto found = number_queries(parsed_pieces, query_of_segment);
  if (found.empty()) {
    throw parse_error(source.name(), 0, 0, "has no line that is not empty or a comment");
  }
  const auto order = in_byte_order(found);

  // Lines that stand together stay where they are; others are copied into one place.
  std::vector<std::span<line>> lines(found.size());
  std::size_t scattered = 0;
  for (const auto& query : found) scattered += query.segments > 1 ? query.lines : 0;
  kept->gathered.resize(scattered);
  std::vector<std::size_t> filled(found.size());
  {
    std::size_t at = 0;
    std::size_t number = 0;
    for (const auto& piece : parsed_pieces) {
      for (const segment& part : piece.segments) {
        const auto query = query_of_segment[number++];
        line* const from = piece.lines + part.first;
        if (found[query].segments == 1) {
          lines[query] = {from, part.count};
          continue;
        }
        if (lines[query].empty()) {
          lines[query] = {kept->gathered.data() + at, found[query].lines};
          at += found[query].lines;
        }
        std::copy_n(from, part.count, lines[query].data() + filled[query]);
        filled[query] += part.count;
      }
    }
  }

  std::vector<std::int64_t> starts(found.size() + 1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    starts[i + 1] = starts[i] + static_cast<std::int64_t>(lines[order[i]].size());
  }
  scratch_pool<id_table> tables([] { return id_table(); });
  std::vector<char> twice(found.size());
  constexpr std::int64_t lines_a_block = 32768;
  constexpr std::int64_t query_cost = 16;
  const auto finish = [&](std::int64_t begin, std::int64_t end) {
    const auto table = tables.borrow();
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      const std::span<line> own = lines[order[i]];
      rank(own);
      twice[i] = has_duplicate(std::span<const line>(own), *table) ? 1 : 0;
    }
  };
  parallel_for_rows(policy, starts.data(), static_cast<std::int64_t>(found.size()), lines_a_block,
                    query_cost, finish);

  std::vector<query_lines<line>> queries(found.size());
  std::vector<query_lines<line>> at_fault;
  for (std::size_t i = 0; i < order.size(); ++i) {
    queries[i] = {found[order[i]].id.text(), lines[order[i]]};
    if (twice[i] != 0) at_fault.push_back(queries[i]);
  }
  if (!at_fault.empty()) {
    throw source.error(first_duplicate(*kept, std::span<const query_lines<line>>(at_fault)));
  }
  built.table = query_table<line>(std::move(queries), std::move(kept));
  return built;
}

template <class Format>
auto read_file(const std::filesystem::path& file, const cpu& policy) {
  return read<Format>(file.string(), mapped_file(file), policy);
}

run make_run(built_table<retrieved> built) {
  return {std::move(built.table), std::move(built.run_id)};
}

}  // namespace

qrels read_qrels(const std::filesystem::path& file, const cpu& policy) {
  return read_file<qrels_format>(file, policy).table;
}

run read_run(const std::filesystem::path& file, const cpu& policy) {
  return make_run(read_file<run_format>(file, policy));
}

qrels parse_qrels(std::string text, const std::string& name, const cpu& policy) {
  return read<qrels_format>(name, mapped_file::of_bytes(std::move(text)), policy).table;
}

run parse_run(std::string text, const std::string& name, const cpu& policy) {
  return make_run(read<run_format>(name, mapped_file::of_bytes(std::move(text)), policy));
}

}  // namespace recokit::inline RECOKIT_ABI::trec
