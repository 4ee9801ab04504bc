// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "trec_measure_table.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace recokit::inline RECOKIT_ABI::trec {
namespace {

/// Relevance of the first ranks as characters.
std::string rank_string(const measure& m, const judged_list& list) {
  std::string text;
  const auto length =
      std::min(static_cast<std::size_t>(std::max(m.values.at(0), 0.0)), list.relevance.size());
  for (std::size_t i = 0; i < length; ++i) {
    const std::int32_t relevance = list.relevance[i];
    if (relevance > 9) {
      text += '>';
    } else if (relevance >= 0) {
      text += static_cast<char>('0' + relevance);
    } else {
      text += relevance == not_in_pool ? '-' : '.';
    }
  }
  return text;
}

bool is_text(summary kind) noexcept {
  return kind == summary::run_id || kind == summary::rank_string;
}

void summarise(evaluation& result) {
  const std::size_t columns = result.columns.size();
  // In the order of the queries, as trec_eval sums.
  std::vector<double> sums(columns);
  for (std::size_t q = 0; q < result.queries.size(); ++q) {
    const double* const row = result.values.data() + q * columns;
    for (std::size_t c = 0; c < columns; ++c) sums[c] += row[c];
  }
  const auto queries = static_cast<double>(result.queries.size());
  for (std::size_t c = 0; c < columns; ++c) {
    switch (result.columns[c].kind) {
      case summary::mean:
        sums[c] /= queries;
        break;
      case summary::geometric_mean:
        sums[c] = std::exp(sums[c] / queries);
        break;
      case summary::query_count:
        sums[c] = queries;
        break;
      case summary::sum:
      case summary::run_id:
      case summary::rank_string:
        break;
    }
  }
  result.summaries = std::move(sums);
}

}  // namespace

evaluation evaluate(const qrels& judgements, const run& results, const measure_set& measures,
                    const evaluate_options& options) {
  check::in_range<std::int64_t>("collection_size", options.collection_size, 0,
                                std::numeric_limits<std::int64_t>::max() / 2);
  const judged_run judged(judgements, results, options.judge);
  if (judged.size() == 0) {
    throw value_error(
        "results", std::to_string(results.size()) + " queries",
        "none of them is among the " + std::to_string(judgements.size()) + " queries of the qrels");
  }
  const auto table = detail::measure_table();
  evaluation out;
  out.run_id = results.id();
  out.columns.assign(measures.columns().begin(), measures.columns().end());
  out.unanswered = judged.unanswered();
  out.without_judgements = judged.without_judgements();
  const std::size_t columns = out.columns.size();
  check::fits_memory("evaluation",
                     check::bytes("evaluation", judged.size(), columns, sizeof(double)));
  out.queries.resize(judged.size());
  out.values.resize(judged.size() * columns);
  const measure* strings = nullptr;
  for (const measure& m : measures.measures()) {
    if (table[m.kind].kind == summary::rank_string) strings = &m;
  }
  if (strings != nullptr) out.rank_strings.resize(judged.size());

  std::vector<double> discounts(judged.longest() + 2);
  for (std::size_t i = 0; i < discounts.size(); ++i) {
    discounts[i] = std::log2(static_cast<double>(i + 2));
  }

  scratch_pool<judged_list> lists([] { return judged_list(); });
  constexpr std::int64_t queries_a_block = 64;
  parallel_for(options.policy, static_cast<std::int64_t>(judged.size()), queries_a_block,
               [&](std::int64_t begin, std::int64_t end) {
                 const auto list = lists.borrow();
                 for (auto q = static_cast<std::size_t>(begin); q < static_cast<std::size_t>(end);
                      ++q) {
                   judged.fill(q, *list);
                   const detail::measure_input input{
                       *list, discounts, options.judge.relevance_level, options.collection_size};
                   double* const row = out.values.data() + q * columns;
                   for (const measure& m : measures.measures()) {
                     const auto& entry = table[m.kind];
                     entry.compute(m, input, row + m.first_column);
                     // What is worth something without an answer would reward not answering.
                     if (entry.compute == detail::utility && !judged.answered(q))
                       row[m.first_column] = 0;
                   }
                   out.queries[q] = judged.query(q);
                   if (strings != nullptr) out.rank_strings[q] = rank_string(*strings, *list);
                   if (options.zscores == nullptr) continue;
                   for (std::size_t c = 0; c < columns; ++c) {
                     if (is_text(out.columns[c].kind)) continue;
                     row[c] = options.zscores->convert(out.queries[q], out.columns[c].name, row[c]);
                   }
                 }
               });
  summarise(out);
  return out;
}

}  // namespace recokit::inline RECOKIT_ABI::trec
