// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking metrics the slow way: one at a time, straight from the definition.
#pragma once

#include <recokit/metrics/ranking_metric.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace recokit_test {

/// Every place of `list` (item indices, best first) against `grades`; relevant at `level` and
/// above. `candidates` items could have been listed. One relevant item at least.
inline double ranking_value(const recokit::ranking_metric& m, const std::vector<int>& list,
                            const std::map<int, double>& grades, double level, int candidates) {
  using recokit::ranking_measure;
  const auto grade = [&](int item) {
    const auto found = grades.find(item);
    return found == grades.end() || found->second < level ? 0.0 : std::max(found->second, 0.0);
  };
  const auto relevant = [&](int item) {
    const auto found = grades.find(item);
    return found != grades.end() && found->second >= level;
  };
  double total = 0;
  std::vector<double> best;
  for (const auto& [item, g] : grades) {
    if (!relevant(item)) continue;
    total += 1;
    best.push_back(std::max(g, 0.0));
  }
  std::sort(best.begin(), best.end(), std::greater<>{});
  const double listed = static_cast<double>(list.size());
  const double k = m.k == 0 ? listed : m.k;
  const auto shown = std::min<std::size_t>(list.size(), static_cast<std::size_t>(k));

  double hits = 0;
  double precisions = 0;
  double first = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    if (!relevant(list[i])) continue;
    hits += 1;
    precisions += hits / static_cast<double>(i + 1);
    if (first == 0) first = static_cast<double>(i + 1);
  }
  const double cut_total = m.k == 0 ? total : std::min(k, total);
  const auto below = [&] {
    switch (m.divisor) {
      case recokit::metric_divisor::k:
        return k;
      case recokit::metric_divisor::listed:
        return std::min(k, listed);
      case recokit::metric_divisor::all:
        return total;
      case recokit::metric_divisor::truncated:
        return cut_total;
      case recokit::metric_divisor::truncated_listed:
        return std::min(cut_total, listed);
      case recokit::metric_divisor::hits:
        return hits;
    }
    return 0.0;
  };
  const auto ratio = [](double a, double b) { return a == 0 ? 0.0 : a / b; };
  const auto gain = [&](double g, bool is_relevant) {
    if (m.gain == recokit::gain_function::binary) return is_relevant ? 1.0 : 0.0;
    return m.gain == recokit::gain_function::linear ? g : std::pow(2.0, g) - 1;
  };
  const auto discount = [&](std::size_t i) {
    const double rank = static_cast<double>(i + 1);
    return m.discount == recokit::discount_function::log2_next ? std::log2(rank + 1)
                                                               : std::max(std::log2(rank), 1.0);
  };
  double dcg = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    dcg += gain(grade(list[i]), relevant(list[i])) / discount(i);
  }
  // Places of the relevant items; those not listed share the places behind the list.
  std::vector<double> places;
  double right = 0;
  double right_of_first_k = 0;
  const double others = candidates - total;
  const auto is_listed = [&](int item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  };
  for (const auto& [item, g] : grades) {
    if (!relevant(item)) continue;
    double above = 0;
    if (is_listed(item)) {
      for (std::size_t i = 0; list[i] != item; ++i) above += relevant(list[i]) ? 0 : 1;
      places.push_back(
          static_cast<double>(std::find(list.begin(), list.end(), item) - list.begin()) + 1);
    } else {
      for (const int other : list) above += relevant(other) ? 0 : 1;
      above += (others - above) / 2;
      places.push_back((listed + 1 + candidates) / 2);
    }
    right += others - above;
    right_of_first_k += std::max(0.0, std::min<double>(m.k, others) - above);
  }
  double place_sum = 0;
  for (const double place : places) place_sum += place;

  switch (m.measure) {
    case ranking_measure::precision:
    case ranking_measure::recall:
      return ratio(hits, below());
    case ranking_measure::f_beta: {
      const double p = ratio(hits, k);
      const double r = hits / total;
      return ratio((1 + m.beta * m.beta) * p * r, m.beta * m.beta * p + r);
    }
    case ranking_measure::hit_rate:
      return hits > 0 ? 1 : 0;
    case ranking_measure::r_precision: {
      double found = 0;
      for (std::size_t i = 0; i < list.size() && static_cast<double>(i) < cut_total; ++i) {
        found += relevant(list[i]) ? 1 : 0;
      }
      return found / cut_total;
    }
    case ranking_measure::mrr:
      return first > 0 ? 1 / first : 0;
    case ranking_measure::map:
      return ratio(precisions, below());
    case ranking_measure::dcg:
      return dcg;
    case ranking_measure::ndcg: {
      double n = m.ideal == recokit::ideal_list::full     ? total
                 : m.ideal == recokit::ideal_list::filled ? k
                                                          : cut_total;
      if (m.ideal == recokit::ideal_list::listed) n = std::min(n, listed);
      double ideal = 0;
      for (std::size_t i = 0; static_cast<double>(i) < n; ++i) {
        ideal += gain(i < best.size() ? best[i] : 0, true) / discount(i);
      }
      return ratio(dcg, ideal);
    }
    case ranking_measure::auc:
      return others > 0 ? right / (total * others) : 1;
    case ranking_measure::partial_auc:
      return others > 0 ? right_of_first_k / (total * std::min<double>(m.k, others)) : 1;
    case ranking_measure::bpref: {
      double judged_others = 0;
      for (const auto& [item, g] : grades) judged_others += relevant(item) ? 0 : 1;
      double sum = 0;
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (!relevant(list[i])) continue;
        double above = 0;
        for (std::size_t j = 0; j < i; ++j) {
          above += grades.count(list[j]) != 0 && !relevant(list[j]) ? 1 : 0;
        }
        const double limit = std::min(judged_others, total);
        sum += limit > 0 ? 1 - std::min(above, total) / limit : 1;
      }
      return sum / total;
    }
    case ranking_measure::err: {
      double going_on = 1;
      double sum = 0;
      for (std::size_t i = 0; i < shown; ++i) {
        const double stop =
            (std::pow(2.0, std::min(grade(list[i]), m.max_grade)) - 1) / std::pow(2.0, m.max_grade);
        sum += going_on * stop / static_cast<double>(i + 1);
        going_on *= 1 - stop;
      }
      return sum;
    }
    case ranking_measure::rbp: {
      double sum = 0;
      for (std::size_t i = 0; i < shown; ++i) {
        sum += gain(grade(list[i]), relevant(list[i])) *
               std::pow(m.persistence, static_cast<double>(i));
      }
      return (1 - m.persistence) * sum /
             (m.gain == recokit::gain_function::binary ? 1 : gain(m.max_grade, true));
    }
    case ranking_measure::average_rank:
      return place_sum / total;
    case ranking_measure::percentile_rank:
      return (place_sum / total - 1) / (candidates - 1);
  }
  return -1;
}

}  // namespace recokit_test
