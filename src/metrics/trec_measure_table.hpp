// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The table of trec_eval's measures: name, parameters, how computed and how averaged.
#pragma once

#include <recokit/metrics/trec_judged.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::trec::detail {

/// Values below this count as this in geometric means.
inline constexpr double least_in_geometric_mean = .00001;

/// What a measure looks at for one query.
struct measure_input {
  const judged_list& list;
  std::span<const double> discounts;  ///< log2(rank + 1) by rank from 1; long enough for the list
  std::int32_t relevance_level;
  std::int64_t collection_size;

  std::size_t retrieved() const noexcept { return list.relevance.size(); }
  std::size_t hits() const noexcept { return list.relevant_ranks.size(); }
};

/// Writes as many values as the measure has columns.
using compute_function = void (*)(const measure&, const measure_input&, double* out);

/// What stands behind the dot.
enum class parameter_kind {
  none,
  cutoffs,    ///< ranks: positive whole numbers; a column each
  fractions,  ///< of the relevant documents; a column each
  numbers,    ///< numbers with a fixed meaning; one column
  pairs,      ///< relevance=gain; one column
};

struct measure_entry {
  std::string_view name;
  summary kind;
  parameter_kind takes;
  std::span<const double> defaults;
  compute_function compute;
  std::string_view help;
};

/// In trec_eval's order.
std::span<const measure_entry> measure_table() noexcept;

void count_retrieved(const measure&, const measure_input&, double* out);
void count_relevant(const measure&, const measure_input&, double* out);
void count_hits(const measure&, const measure_input&, double* out);
void count_nonrelevant_hits(const measure&, const measure_input&, double* out);
void count_query(const measure&, const measure_input&, double* out);
void no_value(const measure&, const measure_input&, double* out);

void average_precision(const measure&, const measure_input&, double* out);
void log_average_precision(const measure&, const measure_input&, double* out);
void average_precision_at(const measure&, const measure_input&, double* out);
void inferred_average_precision(const measure&, const measure_input&, double* out);
void yet_another_average_precision(const measure&, const measure_input&, double* out);
void r_precision(const measure&, const measure_input&, double* out);
void r_precision_multiples(const measure&, const measure_input&, double* out);
void bpref(const measure&, const measure_input&, double* out);
void log_bpref(const measure&, const measure_input&, double* out);
void reciprocal_rank(const measure&, const measure_input&, double* out);
void interpolated_precision(const measure&, const measure_input&, double* out);
void eleven_point_average(const measure&, const measure_input&, double* out);
void precision_at(const measure&, const measure_input&, double* out);
void recall_at(const measure&, const measure_input&, double* out);
void relative_precision_at(const measure&, const measure_input&, double* out);
void success_at(const measure&, const measure_input&, double* out);
void unjudged_at(const measure&, const measure_input&, double* out);
void utility(const measure&, const measure_input&, double* out);
void set_precision(const measure&, const measure_input&, double* out);
void set_relative_precision(const measure&, const measure_input&, double* out);
void set_recall(const measure&, const measure_input&, double* out);
void set_average_precision(const measure&, const measure_input&, double* out);
void set_f(const measure&, const measure_input&, double* out);

void dcg(const measure&, const measure_input&, double* out);
void ideal_dcg(const measure&, const measure_input&, double* out);
void ndcg(const measure&, const measure_input&, double* out);
void ndcg_at(const measure&, const measure_input&, double* out);
void ndcg_over_relevant(const measure&, const measure_input&, double* out);
void ndcg_over_levels(const measure&, const measure_input&, double* out);
void graded_g(const measure&, const measure_input&, double* out);
void binary_g(const measure&, const measure_input&, double* out);
void rank_biased_precision(const measure&, const measure_input&, double* out);
void rank_biased_residual(const measure&, const measure_input&, double* out);

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
