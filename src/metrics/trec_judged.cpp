// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "trec_id_table.hpp"

#include <recokit/core/check.hpp>
#include <recokit/metrics/trec_judged.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI::trec {
namespace {

/// Documents at each judged relevance, highest first.
void count_levels(std::span<const judgement> lines, std::vector<judged_level>& levels) {
  constexpr std::size_t usual = 16;
  std::array<std::int64_t, usual> counts{};
  levels.clear();
  for (const judgement& line : lines) {
    if (line.relevance < 0) continue;
    const auto relevance = static_cast<std::size_t>(line.relevance);
    if (relevance < usual) {
      ++counts[relevance];
    } else {
      levels.push_back({line.relevance, 1});
    }
  }
  if (!levels.empty()) {
    std::sort(levels.begin(), levels.end(), [](const judged_level& a, const judged_level& b) {
      return a.relevance > b.relevance;
    });
    std::size_t last = 0;
    for (std::size_t i = 1; i < levels.size(); ++i) {
      if (levels[i].relevance == levels[last].relevance) {
        ++levels[last].documents;
      } else {
        levels[++last] = levels[i];
      }
    }
    levels.resize(last + 1);
  }
  for (std::size_t relevance = usual; relevance-- > 0;) {
    if (counts[relevance] > 0) {
      levels.push_back({static_cast<std::int32_t>(relevance), counts[relevance]});
    }
  }
}

}  // namespace

judged_run::judged_run(const qrels& judgements, const run& results, const judge_options& options)
    : judgements_(&judgements), results_(&results), options_(options) {
  check::in_range("relevance_level", options.relevance_level, 0,
                  std::numeric_limits<std::int32_t>::max());
  check::in_range<std::int64_t>("max_retrieved", options.max_retrieved, 1,
                                std::numeric_limits<std::int64_t>::max());
  // Both tables are in the same order: one walk finds the queries they share.
  std::size_t r = 0;
  std::size_t shared = 0;
  for (std::size_t q = 0; q < judgements.size(); ++q) {
    while (r < results.size() && results.query(r) < judgements.query(q)) ++r;
    const bool answered = r < results.size() && results.query(r) == judgements.query(q);
    shared += answered ? 1 : 0;
    if (!answered && !options.complete) continue;
    pairs_.push_back({q, answered ? r : nowhere});
    if (answered) longest_ = std::max(longest_, results.lines(r).size());
    longest_ = std::max(longest_, judgements.lines(q).size());
  }
  unanswered_ = judgements.size() - shared;
  without_judgements_ = results.size() - shared;
}

std::string_view judged_run::query(std::size_t i) const noexcept {
  return judgements_->query(pairs_[i].in_qrels);
}

void judged_run::fill(std::size_t i, judged_list& list) const {
  const auto judged = judgements_->lines(pairs_[i].in_qrels);
  count_levels(judged, list.levels);
  list.relevant = 0;
  list.nonrelevant = 0;
  for (const judged_level& level : list.levels) {
    (level.relevance >= options_.relevance_level ? list.relevant : list.nonrelevant) +=
        level.documents;
  }
  list.relevance.clear();
  list.relevant_ranks.clear();
  if (pairs_[i].in_run == nowhere) return;

  auto lines = results_->lines(pairs_[i].in_run);
  if (std::cmp_greater(lines.size(), options_.max_retrieved)) {
    lines = lines.first(static_cast<std::size_t>(options_.max_retrieved));
  }
  detail::id_table table;
  table.reset(judged.size());
  for (std::size_t j = 0; j < judged.size(); ++j) {
    table.insert(judged[j].document.hash(), static_cast<std::uint32_t>(j),
                 [](std::uint32_t) { return false; });
  }
  // The ids lie in the texts of two files, out of the cache: all that the hashes cannot tell apart
  // are fetched before the first is compared.
  std::vector<std::uint32_t> found(lines.size());
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const std::uint32_t hash = lines[k].document.hash();
    found[k] = table.find(
        hash, [&](std::uint32_t number) { return judged[number].document.hash() == hash; });
    if (found[k] == detail::id_table::none) continue;
    __builtin_prefetch(lines[k].document.text().data());
    __builtin_prefetch(judged[found[k]].document.text().data());
  }
  list.relevance.reserve(lines.size());
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const document_id& id = lines[k].document;
    const auto same = [&](std::uint32_t number) { return judged[number].document == id; };
    std::uint32_t at = found[k];
    if (at != detail::id_table::none && !same(at)) at = table.find(id.hash(), same);
    std::int32_t relevance = not_in_pool;
    if (at != detail::id_table::none) {
      relevance = judged[at].relevance < 0 ? not_judged : judged[at].relevance;
    }
    if (relevance < 0 && options_.judged_only) continue;
    if (relevance >= options_.relevance_level) {
      list.relevant_ranks.push_back(static_cast<std::int32_t>(list.relevance.size()));
    }
    list.relevance.push_back(relevance);
  }
}

}  // namespace recokit::inline RECOKIT_ABI::trec
