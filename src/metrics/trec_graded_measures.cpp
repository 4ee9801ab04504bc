// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Definitions: trec_eval 10 and the papers that its help names. Sums run in its order, so that
// values have the same bits. Where it divides by zero the value here is 0.
#include "trec_measure_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec::detail {
namespace {

/// What a document is worth: the gain given for its relevance, else the relevance itself. Unjudged
/// documents are worth nothing unless a gain was given for -1 or -2.
double gain_of(const measure& m, std::int32_t relevance) noexcept {
  for (const auto& [level, gain] : m.gains) {
    if (level == relevance) return gain;
  }
  return relevance > 0 ? static_cast<double>(relevance) : 0;
}

/// The best possible order of all judged documents.
class ideal_order {
 public:
  ideal_order(const measure& m, const judged_list& list) {
    // Without gains given, the levels are in the order of their gain as they are.
    if (m.gains.empty()) {
      levels_ = list.levels.data();
      count_ = list.levels.size();
      return;
    }
    for (const judged_level& level : list.levels) {
      given_.push_back({gain_of(m, level.relevance), level.documents});
    }
    std::stable_sort(given_.begin(), given_.end(),
                     [](const group& a, const group& b) { return a.gain > b.gain; });
    count_ = given_.size();
  }

  /// The gain of the current document; before the first step, the highest gain; behind the last
  /// document 0.
  double gain() const noexcept { return at(level_).gain; }

  /// Goes to the next document of the best order.
  void step() noexcept {
    ++taken_;
    while (level_ < count_ && taken_ > at(level_).documents) {
      taken_ = 1;
      ++level_;
    }
  }

 private:
  struct group {
    double gain;
    std::int64_t documents;
  };

  group at(std::size_t i) const noexcept {
    if (i >= count_) return {0, 0};
    if (levels_ == nullptr) return given_[i];
    return {static_cast<double>(levels_[i].relevance), levels_[i].documents};
  }

  const judged_level* levels_ = nullptr;
  std::vector<group> given_;
  std::size_t count_ = 0;
  std::size_t level_ = 0;
  std::int64_t taken_ = 0;
};

double dcg_of(const measure& m, const measure_input& in) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < in.retrieved(); ++i) {
    const double gain = gain_of(m, in.list.relevance[i]);
    if (gain != 0) sum += gain / in.discounts[i];
  }
  return sum;
}

double ideal_dcg_of(const measure& m, const measure_input& in) {
  ideal_order ideal(m, in.list);
  ideal.step();
  double sum = 0;
  for (std::size_t i = 0; ideal.gain() > 0; ++i, ideal.step())
    sum += ideal.gain() / in.discounts[i];
  return sum;
}

}  // namespace

// Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques. ACM TOIS 20, 2002.
void dcg(const measure& m, const measure_input& in, double* out) { *out = dcg_of(m, in); }
void ideal_dcg(const measure& m, const measure_input& in, double* out) {
  *out = ideal_dcg_of(m, in);
}
void ndcg(const measure& m, const measure_input& in, double* out) {
  const double ideal = ideal_dcg_of(m, in);
  *out = ideal > 0 ? dcg_of(m, in) / ideal : 0;
}

void ndcg_at(const measure& m, const measure_input& in, double* out) {
  double sum = 0;
  std::size_t i = 0;
  double ideal_sum = 0;
  std::size_t ideal_i = 0;
  ideal_order ideal(m, in.list);
  ideal.step();
  for (const std::int64_t cutoff : m.cutoffs) {
    for (; i < in.retrieved() && static_cast<std::int64_t>(i) < cutoff; ++i) {
      if (in.list.relevance[i] > 0) {
        sum += static_cast<double>(in.list.relevance[i]) / in.discounts[i];
      }
    }
    for (; ideal.gain() > 0 && static_cast<std::int64_t>(ideal_i) < cutoff; ++ideal_i) {
      ideal_sum += ideal.gain() / in.discounts[ideal_i];
      ideal.step();
    }
    *out++ = ideal_sum > 0 ? sum / ideal_sum : sum;
  }
}

// NDCG measured at each retrieved document of positive gain; documents not retrieved count with the
// DCG of the whole list over the ideal DCG.
void ndcg_over_relevant(const measure& m, const measure_input& in, double* out) {
  ideal_order ideal(m, in.list);
  double sum = 0;
  double list_dcg = 0;
  double best_dcg = 0;
  std::int64_t found = 0;
  std::int64_t worth = 0;
  std::size_t i = 0;
  const auto take_best = [&] {
    ideal.step();
    if (ideal.gain() > 0) {
      ++worth;
      best_dcg += ideal.gain() / in.discounts[i];
    }
  };
  for (; i < in.retrieved(); ++i) {
    const double gain = gain_of(m, in.list.relevance[i]);
    if (gain != 0) list_dcg += gain / in.discounts[i];
    if (ideal.gain() > 0) take_best();
    if (gain > 0) {
      if (best_dcg > 0) sum += list_dcg / best_dcg;
      ++found;
    }
  }
  for (; ideal.gain() > 0; ++i) take_best();
  if (best_dcg > 0) sum += static_cast<double>(worth - found) * list_dcg / best_dcg;
  *out = sum > 0 && worth > 0 ? sum / static_cast<double>(worth) : 0;
}

// NDCG measured where the ideal order passes to a lower gain, and at the end of the list.
void ndcg_over_levels(const measure& m, const measure_input& in, double* out) {
  *out = 0;
  if (in.list.relevant == 0) return;
  ideal_order ideal(m, in.list);
  double sum = 0;
  double list_dcg = 0;
  double best_dcg = 0;
  double last_gain = ideal.gain();
  std::int64_t points = 0;
  const auto measure_here = [&] {
    if (best_dcg > 0) {
      sum += list_dcg / best_dcg;
      ++points;
    }
  };
  const auto take_best = [&] {
    ideal.step();
    if (last_gain != ideal.gain()) {
      measure_here();
      last_gain = ideal.gain();
    }
  };
  std::size_t i = 0;
  const auto add_best = [&] {
    if (ideal.gain() > 0) best_dcg += ideal.gain() / in.discounts[i];
  };
  const auto add_gain = [&] {
    const double gain = gain_of(m, in.list.relevance[i]);
    if (gain != 0) list_dcg += gain / in.discounts[i];
  };
  for (; i < in.retrieved() && ideal.gain() > 0; ++i) {
    take_best();
    add_gain();
    add_best();
  }
  if (i < in.retrieved()) {
    for (; i < in.retrieved(); ++i) add_gain();
    measure_here();
  }
  for (; ideal.gain() > 0; ++i) {
    take_best();
    add_best();
  }
  if (points > 0) *out = sum / static_cast<double>(points);
}

// Gain over log2(2 + what the list lost so far); a lost rank costs at least 1.
void graded_g(const measure& m, const measure_input& in, double* out) {
  constexpr double least_cost = 1.0;
  ideal_order ideal(m, in.list);
  double sum = 0;
  double list_gain = 0;
  double best_gain = 0;
  double cost = 0;
  const auto take_best = [&] {
    ideal.step();
    if (ideal.gain() > 0) best_gain += ideal.gain();
  };
  for (std::size_t i = 0; i < in.retrieved(); ++i) {
    const double gain = gain_of(m, in.list.relevance[i]);
    list_gain += gain;
    if (ideal.gain() > 0) {
      take_best();
      cost += std::max(ideal.gain(), least_cost);
    } else {
      cost += least_cost;
    }
    if (gain != 0) sum += gain / std::log2(2 + cost - list_gain);
  }
  while (ideal.gain() > 0) take_best();
  *out = best_gain > 0 ? sum / best_gain : 0;
}

void binary_g(const measure&, const measure_input& in, double* out) {
  double sum = 0;
  for (std::size_t j = 0; j < in.hits(); ++j) {
    // log2(2 + nonrelevant documents above)
    sum += 1.0 / in.discounts[static_cast<std::size_t>(in.list.relevant_ranks[j]) - j];
  }
  *out = in.hits() > 0 ? sum / static_cast<double>(in.list.relevant) : 0;
}

// Moffat, Zobel: Rank-biased precision for measurement of retrieval effectiveness. ACM TOIS 27,
// 2008. Gains that leave [0, 1] are scaled into it, query by query.
void rank_biased_precision(const measure& m, const measure_input& in, double* out) {
  double least = 0;
  double most = 0;
  const auto cover = [&](double gain) {
    least = std::min(least, gain);
    most = std::max(most, gain);
  };
  for (const auto& given : m.gains) cover(given.second);
  for (const judged_level& level : in.list.levels) cover(gain_of(m, level.relevance));
  const bool scale = least < 0 || most > 1;
  double sum = 0;
  double weight = 1;
  for (const std::int32_t relevance : in.list.relevance) {
    // A document without a judgement is worth nothing, also where gains are scaled.
    double gain = gain_of(m, relevance);
    if (scale && relevance >= 0) gain = (gain - least) / (most - least);
    if (gain != 0) sum += gain * weight;
    weight *= m.persistence;
  }
  *out = (1.0 - m.persistence) * sum;
}

void rank_biased_residual(const measure& m, const measure_input& in, double* out) {
  double sum = 0;
  double weight = 1;
  bool unjudged = false;
  for (const std::int32_t relevance : in.list.relevance) {
    if (relevance < 0) {
      unjudged = true;
      sum += weight;
    }
    weight *= m.persistence;
  }
  *out = unjudged ? weight + (1 - m.persistence) * sum : 0;
}

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
