// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief trec_eval's measures by their names, computed with its definitions.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>
#include <recokit/metrics/trec_files.hpp>
#include <recokit/metrics/trec_judged.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec {

/// How the values of the queries become the one of the run.
enum class summary {
  mean,
  sum,             ///< counts: num_ret, num_rel, num_rel_ret, num_nonrel_judged_ret
  geometric_mean,  ///< gm_map and gm_bpref: the values are logarithms; only the summary is shown
  query_count,     ///< num_q; only the summary is shown
  run_id,          ///< runid: a text; only the summary is shown
  rank_string,     ///< relstring: a text a query; there is no summary
};

/// One value of a measure: P has a column for every cutoff.
struct column {
  std::string name;  ///< as trec_eval prints it: "P_5", "ndcg_1=3.5"
  summary kind = summary::mean;

  bool whole() const noexcept { return kind == summary::sum || kind == summary::query_count; }
  bool by_query() const noexcept {
    return kind == summary::mean || kind == summary::sum || kind == summary::rank_string;
  }
};

/// A measure with its parameters.
struct measure {
  std::size_t kind = 0;  ///< place in the table of all measures
  std::size_t first_column = 0;
  std::size_t columns = 0;
  std::vector<std::int64_t> cutoffs;
  std::vector<double> values;  ///< parameters that are plain numbers
  /// Parameters `relevance=gain`: what a document of this relevance is worth.
  std::vector<std::pair<std::int32_t, double>> gains;
  double persistence = 0.9;  ///< parameter `p` of rbp and rbp_resid
};

/// Measures to compute, in trec_eval's order, each once.
class measure_set {
 public:
  /// @param requests as behind -m: "P", "P.5,10", "ndcg.1=3.5,2=9", or the nicknames "official",
  ///        "all_trec" and "set"; none at all means "official". Of several parameters for the same
  ///        measure the first count, as in trec_eval.
  /// @throws value_error naming the request: unknown measures, bad parameters, and the measures for
  ///         preferences and judgement groups, which recokit does not have
  explicit measure_set(std::span<const std::string> requests = {});

  std::span<const measure> measures() const noexcept { return measures_; }
  std::span<const column> columns() const noexcept { return columns_; }
  /// Requests whose parameters do not count because an earlier one had others.
  std::span<const std::string> overruled() const noexcept { return overruled_; }

 private:
  std::vector<measure> measures_;
  std::vector<column> columns_;
  std::vector<std::string> overruled_;
};

/// What a measure is called and what it means; for help texts.
struct measure_help {
  std::string_view name;
  std::string_view text;
};
/// Every measure, in trec_eval's order.
std::vector<measure_help> all_measures();

/// Mean and standard deviation of a measure on one query over reference runs.
struct reference_score {
  double mean = 0;
  double deviation = 0;
};

/// Reference scores by query and column name.
class zscore_table {
 public:
  /// Reads lines `query measure mean deviation`. @throws io_error, parse_error
  static zscore_table read(const std::filesystem::path& file);
  /// @param name stands for the file in errors. @throws parse_error
  static zscore_table parse(std::string text, const std::string& name = "zscores");

  /// (value − mean) / deviation; `missing` when the table does not know the query or the measure,
  /// or the deviation is 0 and the value is not the mean.
  double convert(std::string_view query, std::string_view column, double value) const;

  /// trec_eval's value for "unknown".
  static constexpr double missing = -1000000;

 private:
  std::unordered_map<std::string, reference_score> scores_;  // key: query, line feed, column
};

/// How measures are computed.
struct evaluate_options {
  judge_options judge{};
  /// Documents in the collection (-N); the fourth term of utility needs it.
  std::int64_t collection_size = 0;
  /// Replace values by z-scores (-Z). Must outlive the call.
  const zscore_table* zscores = nullptr;
  cpu policy{};
};

/// The values of a run.
struct evaluation {
  std::vector<column> columns;
  std::string run_id;
  std::vector<std::string> queries;       ///< in ascending byte order
  std::vector<double> values;             ///< one row a query, one value a column
  std::vector<double> summaries;          ///< one value a column
  std::vector<std::string> rank_strings;  ///< a text a query where relstring was asked for
  std::size_t unanswered = 0;             ///< queries of the qrels that the run does not answer
  std::size_t without_judgements = 0;     ///< queries of the run that were ignored

  std::span<const double> query_values(std::size_t query) const noexcept {
    return {values.data() + query * columns.size(), columns.size()};
  }
};

/// Computes measures of a run, query by query and over all queries.
///
/// The definitions are trec_eval 10's; see docs/recokit-eval.md for the few places where it differs
/// (undefined values become 0). Queries that were judged but have no relevant document count with
/// 0; unanswered queries do so with options.judge.complete and are left out otherwise.
///
/// The result is the same bits for any number of threads. Time O(lines · measures); memory 8 bytes
/// a query and column beside the inputs.
/// @throws value_error naming the option; value_error when no query has both judgements and
///         results
evaluation evaluate(const qrels& judgements, const run& results, const measure_set& measures,
                    const evaluate_options& options = {});

}  // namespace recokit::inline RECOKIT_ABI::trec
