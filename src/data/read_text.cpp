// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_text.hpp"

#include "csr_builder.hpp"
#include "delimited_parser.hpp"
#include "lightgcn_parser.hpp"
#include "matrix_market_parser.hpp"

#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

/// One text on its way.
struct text_job {
  const text_source* source = nullptr;
  std::vector<text_piece> pieces;
  std::unique_ptr<piece_parser> parser;
  parsed_text parsed;
  id_kinds kinds;  ///< under which it was parsed
};

text_job make_job(const text_source& source, file_format format, const read_options& options,
                  const reader_tuning& tuning) {
  text_job job;
  job.source = &source;
  if (source.empty()) throw source.error({source.begin(), "the file is empty"});
  std::uint64_t begin = source.begin();
  if (format == file_format::lightgcn) {
    job.parser = std::make_unique<lightgcn_parser>();
  } else {
    read_options own = options;
    own.format = format;
    auto layout = find_layout(source, own);
    begin = layout.data_begin;
    job.parser = make_delimited_parser(std::move(layout), own);
  }
  job.pieces = source.pieces(begin, tuning.piece_bytes);
  return job;
}

// The offset of the first entry, in file order, whose user and item occurred before.
std::uint64_t first_repeat(const text_job& job, const csr_arrays& arrays) {
  const auto key = [](std::uint64_t user, std::uint64_t item) { return user << 32 | item; };
  std::unordered_set<std::uint64_t> repeated;
  for (std::int64_t r = 0; r < arrays.rows; ++r) {
    const auto row = static_cast<std::size_t>(r);
    for (auto e = arrays.offsets[row] + 1; e < arrays.offsets[row + 1]; ++e) {
      const auto at = static_cast<std::size_t>(e);
      if (arrays.indices[at] == arrays.indices[at - 1]) {
        repeated.insert(key(row, static_cast<std::uint64_t>(arrays.indices[at])));
      }
    }
  }
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t p = 0; p < job.pieces.size(); ++p) {
    const coo_piece& piece = job.parsed.pieces[p];
    for (std::size_t k = 0; k < piece.size; ++k) {
      const auto pair = key(piece.users[k], piece.items[k]);
      if (repeated.contains(pair) && !seen.insert(pair).second) {
        return entry_offset(job.pieces[p], *job.parser, job.kinds, k);
      }
    }
  }
  return job.source->begin();
}

// Rows and columns from pieces that hold indices.
csr_arrays build(text_job& job, std::int64_t rows, std::int64_t cols, const read_options& options) {
  const bool consume = options.duplicates != duplicate_rule::error;
  auto arrays = place_rows(options.policy, rows, cols, job.parsed.pieces, consume);
  const auto duplicates = sort_rows(options.policy, arrays);
  if (duplicates != 0 && options.duplicates == duplicate_rule::error) {
    throw job.source->error({first_repeat(job, arrays),
                             "the user and the item of this line occurred before; another "
                             "duplicate_rule would merge them"});
  }
  return merge_duplicates(options.policy, std::move(arrays), duplicates, options.duplicates,
                          job.source->name());
}

void check_not_empty(const text_job& job) {
  const auto& pieces = job.parsed.pieces;
  if (std::none_of(pieces.begin(), pieces.end(), [](const auto& p) { return p.size != 0; })) {
    throw job.source->error({job.source->end(), "there are no interactions in the file"});
  }
}

// Codes become indices, in place.
void apply_maps(const cpu& policy, parsed_text& parsed, std::span<const std::vector<index_t>> users,
                std::span<const std::vector<index_t>> items) {
  parallel_for(policy, static_cast<std::int64_t>(parsed.pieces.size()), 1,
               [&](std::int64_t p, std::int64_t) {
                 coo_piece& piece = parsed.pieces[static_cast<std::size_t>(p)];
                 const auto& user_of = users[piece.worker];
                 const auto& item_of = items[piece.worker];
                 for (std::size_t k = 0; k < piece.size; ++k) {
                   piece.users[k] = static_cast<std::uint32_t>(user_of[piece.users[k]]);
                   piece.items[k] = static_cast<std::uint32_t>(item_of[piece.items[k]]);
                 }
               });
}

}  // namespace

std::vector<interactions> read_named_texts(std::span<const std::unique_ptr<text_source>> sources,
                                           std::span<const file_format> formats,
                                           const read_options& options,
                                           const reader_tuning& tuning) {
  std::vector<text_job> jobs;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    jobs.push_back(make_job(*sources[i], formats[i], options, tuning));
  }
  id_kinds kinds{options.user_ids == id_rule::string, options.item_ids == id_rule::string};
  for (auto& job : jobs) {
    job.parsed = parse_pieces(options.policy, *job.source, job.pieces, *job.parser, kinds);
    job.kinds = kinds;
    check_not_empty(job);
  }
  // A later file may have shown that a side has string ids.
  for (auto& job : jobs) {
    if (job.kinds == kinds) continue;
    job.parsed = {};
    job.parsed = parse_pieces(options.policy, *job.source, job.pieces, *job.parser, kinds);
    job.kinds = kinds;
  }

  std::vector<const id_dictionary*> user_dictionaries;
  std::vector<const id_dictionary*> item_dictionaries;
  std::string names;
  for (const auto& job : jobs) {
    names += (names.empty() ? "" : " and ") + job.source->name();
    for (const auto& worker : job.parsed.workers) {
      user_dictionaries.push_back(&worker->users);
      item_dictionaries.push_back(&worker->items);
    }
  }
  auto users = merge_ids(options.policy, user_dictionaries, kinds.users_are_strings,
                         "users in " + names, tuning.most_ids);
  auto items = merge_ids(options.policy, item_dictionaries, kinds.items_are_strings,
                         "items in " + names, tuning.most_ids);
  std::size_t first = 0;
  for (auto& job : jobs) {
    const std::size_t count = job.parsed.workers.size();
    apply_maps(options.policy, job.parsed, std::span(users.index_of_code).subspan(first, count),
               std::span(items.index_of_code).subspan(first, count));
    first += count;
    job.parsed.workers.clear();
  }
  users.index_of_code.clear();
  items.index_of_code.clear();

  std::vector<interactions> out;
  for (auto& job : jobs) {
    out.push_back(to_interactions(build(job, users.ids.size(), items.ids.size(), options),
                                  users.ids, items.ids));
  }
  return out;
}

interactions read_matrix_market_text(const text_source& source, const read_options& options,
                                     const reader_tuning& tuning) {
  auto header = read_matrix_market_header(source);
  text_job job;
  job.source = &source;
  job.pieces = source.pieces(header.data_begin, tuning.piece_bytes);
  auto parser = std::make_unique<matrix_market_parser>(header);
  job.parsed = parse_pieces(options.policy, source, job.pieces, *parser, job.kinds);
  if (parser->entries() != header.entries) {
    throw source.error({header.size_line, "the header says " + std::to_string(header.entries) +
                                              " entries but the file has " +
                                              std::to_string(parser->entries())});
  }
  job.parser = std::move(parser);
  if (options.ignore_ratings) {
    for (auto& piece : job.parsed.pieces) piece.ratings = nullptr;
  }
  auto arrays = build(job, header.rows, header.cols, options);
  return interactions(to_matrix(arrays));
}

}  // namespace recokit::inline RECOKIT_ABI::detail
