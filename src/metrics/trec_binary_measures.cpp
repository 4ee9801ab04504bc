// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Definitions: trec_eval 10 and the papers that its help names. Sums run in its order, so that
// values have the same bits. Where it divides by zero the value here is 0.
#include "trec_measure_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::trec::detail {
namespace {

double as_double(std::size_t x) noexcept { return static_cast<double>(x); }
double as_double(std::int64_t x) noexcept { return static_cast<double>(x); }

/// Calls value(cutoff, hits above it) for every cutoff, ascending.
template <class Value>
void at_cutoffs(const measure& m, const measure_input& in, double* out, const Value& value) {
  const auto& ranks = in.list.relevant_ranks;
  std::size_t hits = 0;
  for (const std::int64_t cutoff : m.cutoffs) {
    while (hits < ranks.size() && ranks[hits] < cutoff) ++hits;
    *out++ = value(cutoff, hits);
  }
}

double sum_of_precisions(const measure_input& in) noexcept {
  double sum = 0;
  for (std::size_t j = 0; j < in.hits(); ++j) {
    sum += as_double(j + 1) / static_cast<double>(in.list.relevant_ranks[j] + 1);
  }
  return sum;
}

double over_relevant(double sum, const measure_input& in) noexcept {
  return in.list.relevant > 0 ? sum / as_double(in.list.relevant) : 0;
}

double bpref_of(const measure_input& in) noexcept {
  const std::int64_t relevant = in.list.relevant;
  double sum = 0;
  std::int64_t nonrelevant_above = 0;
  for (const std::int32_t relevance : in.list.relevance) {
    if (relevance < 0) continue;
    if (relevance < in.relevance_level) {
      ++nonrelevant_above;
    } else if (nonrelevant_above > 0) {
      sum += 1.0 - as_double(std::min(nonrelevant_above, relevant)) /
                       as_double(std::min(in.list.nonrelevant, relevant));
    } else {
      sum += 1.0;
    }
  }
  return over_relevant(sum, in);
}

double log_for_mean(double x) noexcept { return std::log(std::max(x, least_in_geometric_mean)); }

/// How many documents a recall point is: the nearest whole number, halves up. trec_eval before 10.0
/// added .9 here and cut off.
std::int64_t recall_point(double recall, std::int64_t relevant) noexcept {
  return static_cast<std::int64_t>(recall * as_double(relevant) + 0.5);
}

/// Calls take(parameter, interpolated precision): the highest precision at this recall or beyond.
/// Recall levels that the list does not reach are left out.
template <class Take>
void interpolate(const measure& m, const measure_input& in, const Take& take) {
  const std::size_t hits = in.hits();
  auto next = static_cast<std::ptrdiff_t>(m.values.size()) - 1;
  const auto wanted = [&](std::ptrdiff_t i) {
    return recall_point(m.values[static_cast<std::size_t>(i)], in.list.relevant);
  };
  while (next >= 0 && wanted(next) > static_cast<std::int64_t>(hits)) --next;
  double best = in.retrieved() > 0 ? as_double(hits) / as_double(in.retrieved()) : 0;
  for (std::size_t j = hits; j-- > 0;) {
    best = std::max(best, as_double(j + 1) / static_cast<double>(in.list.relevant_ranks[j] + 1));
    while (next >= 0 && wanted(next) == static_cast<std::int64_t>(j) + 1) {
      take(static_cast<std::size_t>(next--), best);
    }
  }
  while (next >= 0) take(static_cast<std::size_t>(next--), best);
}

}  // namespace

void no_value(const measure&, const measure_input&, double* out) { *out = 0; }
void count_query(const measure&, const measure_input&, double* out) { *out = 1; }
void count_retrieved(const measure&, const measure_input& in, double* out) {
  *out = as_double(in.retrieved());
}
void count_relevant(const measure&, const measure_input& in, double* out) {
  *out = as_double(in.list.relevant);
}
void count_hits(const measure&, const measure_input& in, double* out) {
  *out = as_double(in.hits());
}
void count_nonrelevant_hits(const measure&, const measure_input& in, double* out) {
  *out = as_double(std::count_if(
      in.list.relevance.begin(), in.list.relevance.end(),
      [&](std::int32_t relevance) { return relevance >= 0 && relevance < in.relevance_level; }));
}

void average_precision(const measure&, const measure_input& in, double* out) {
  *out = over_relevant(sum_of_precisions(in), in);
}

void log_average_precision(const measure&, const measure_input& in, double* out) {
  *out = log_for_mean(over_relevant(sum_of_precisions(in), in));
}

void average_precision_at(const measure& m, const measure_input& in, double* out) {
  double sum = 0;
  std::size_t summed = 0;
  at_cutoffs(m, in, out, [&](std::int64_t, std::size_t hits) {
    for (; summed < hits; ++summed) {
      sum += as_double(summed + 1) / static_cast<double>(in.list.relevant_ranks[summed] + 1);
    }
    return over_relevant(sum, in);
  });
}

// Yilmaz, Aslam: Estimating average precision with incomplete and imperfect judgments. CIKM 2006.
void inferred_average_precision(const measure&, const measure_input& in, double* out) {
  constexpr double epsilon = .00001;
  double sum = 0;
  std::int64_t nonrelevant = 0;
  std::int64_t relevant = 0;
  std::int64_t unjudged = 0;
  for (std::size_t i = 0; i < in.retrieved(); ++i) {
    const std::int32_t relevance = in.list.relevance[i];
    if (relevance == not_in_pool) continue;
    if (relevance == not_judged) {
      ++unjudged;
    } else if (relevance < in.relevance_level) {
      ++nonrelevant;
    } else {
      const double above = as_double(i);
      if (i == 0) {
        sum += 1.0;
      } else {
        sum += 1.0 / (above + 1.0) + (above / (above + 1.0)) *
                                         (as_double(relevant + nonrelevant + unjudged) / above) *
                                         ((as_double(relevant) + epsilon) /
                                          (as_double(relevant + nonrelevant) + 2 * epsilon));
      }
      ++relevant;
    }
  }
  *out = over_relevant(sum, in);
}

// Robertson: On smoothing average precision. ECIR 2012.
void yet_another_average_precision(const measure&, const measure_input& in, double* out) {
  const double sum = sum_of_precisions(in);
  *out = std::log((1.0 + sum) / (1.0 + as_double(in.list.relevant) - sum));
}

void r_precision(const measure&, const measure_input& in, double* out) {
  const auto& ranks = in.list.relevant_ranks;
  const auto hits = std::lower_bound(ranks.begin(), ranks.end(), in.list.relevant) - ranks.begin();
  *out = over_relevant(static_cast<double>(hits), in);
}

void r_precision_multiples(const measure& m, const measure_input& in, double* out) {
  const auto& ranks = in.list.relevant_ranks;
  for (const double multiple : m.values) {
    const auto cutoff = static_cast<std::int64_t>(multiple * as_double(in.list.relevant) + 0.9);
    const auto hits = std::lower_bound(ranks.begin(), ranks.end(), cutoff) - ranks.begin();
    *out++ = cutoff > 0 ? static_cast<double>(hits) / as_double(cutoff) : 0;
  }
}

// Buckley, Voorhees: Retrieval evaluation with incomplete information. SIGIR 2004; the divisor
// min(R, N) is trec_eval's since 8.0.
void bpref(const measure&, const measure_input& in, double* out) { *out = bpref_of(in); }
void log_bpref(const measure&, const measure_input& in, double* out) {
  *out = log_for_mean(bpref_of(in));
}

void reciprocal_rank(const measure&, const measure_input& in, double* out) {
  *out = in.hits() > 0 ? 1.0 / static_cast<double>(in.list.relevant_ranks[0] + 1) : 0;
}

void interpolated_precision(const measure& m, const measure_input& in, double* out) {
  std::fill_n(out, m.columns, 0.0);
  interpolate(m, in, [&](std::size_t i, double precision) { out[i] = precision; });
}

void eleven_point_average(const measure& m, const measure_input& in, double* out) {
  double sum = 0;
  interpolate(m, in, [&](std::size_t, double precision) { sum += precision; });
  *out = sum / as_double(m.values.size());
}

void precision_at(const measure& m, const measure_input& in, double* out) {
  at_cutoffs(m, in, out, [](std::int64_t cutoff, std::size_t hits) {
    return as_double(hits) / as_double(cutoff);
  });
}

void recall_at(const measure& m, const measure_input& in, double* out) {
  at_cutoffs(m, in, out,
             [&](std::int64_t, std::size_t hits) { return over_relevant(as_double(hits), in); });
}

void relative_precision_at(const measure& m, const measure_input& in, double* out) {
  at_cutoffs(m, in, out, [&](std::int64_t cutoff, std::size_t hits) {
    const std::int64_t most = std::min(cutoff, in.list.relevant);
    return most > 0 ? as_double(hits) / as_double(most) : 0;
  });
}

void success_at(const measure& m, const measure_input& in, double* out) {
  at_cutoffs(m, in, out, [](std::int64_t, std::size_t hits) { return hits > 0 ? 1.0 : 0.0; });
}

void unjudged_at(const measure& m, const measure_input& in, double* out) {
  std::size_t i = 0;
  std::size_t unjudged = 0;
  for (const std::int64_t cutoff : m.cutoffs) {
    for (; i < in.retrieved() && static_cast<std::int64_t>(i) < cutoff; ++i) {
      unjudged += in.list.relevance[i] < 0 ? 1 : 0;
    }
    *out++ = as_double(unjudged) / as_double(cutoff);
  }
}

void utility(const measure& m, const measure_input& in, double* out) {
  const auto hits = static_cast<std::int64_t>(in.hits());
  const auto retrieved = static_cast<std::int64_t>(in.retrieved());
  *out = m.values[0] * as_double(hits) + m.values[1] * as_double(retrieved - hits) +
         m.values[2] * as_double(in.list.relevant - hits) +
         m.values[3] * as_double(in.collection_size + hits - retrieved - in.list.relevant);
}

void set_precision(const measure&, const measure_input& in, double* out) {
  *out = in.retrieved() > 0 ? as_double(in.hits()) / as_double(in.retrieved()) : 0;
}

void set_relative_precision(const measure&, const measure_input& in, double* out) {
  const auto most = std::min(static_cast<std::int64_t>(in.retrieved()), in.list.relevant);
  *out = most > 0 ? as_double(in.hits()) / as_double(most) : 0;
}

void set_recall(const measure&, const measure_input& in, double* out) {
  *out = over_relevant(as_double(in.hits()), in);
}

void set_average_precision(const measure&, const measure_input& in, double* out) {
  const double hits = as_double(in.hits());
  const double all = as_double(in.retrieved()) * as_double(in.list.relevant);
  *out = all > 0 ? hits * hits / all : 0;
}

// van Rijsbergen: Information Retrieval. 1979; the parameter weighs recall, 1 makes F1.
void set_f(const measure& m, const measure_input& in, double* out) {
  *out = 0;
  if (in.hits() == 0) return;
  const double x = m.values[0];
  const double precision = as_double(in.hits()) / as_double(in.retrieved());
  const double recall = as_double(in.hits()) / as_double(in.list.relevant);
  *out = (x + 1.0) * precision * recall / (x * precision + recall);
}

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
