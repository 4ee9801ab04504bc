// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

struct measure_words {
  ranking_measure measure;
  std::string_view name;
  relevant_divisor divisor;  // the default
  bool has_divisor;
};

constexpr std::array measures{
    measure_words{ranking_measure::precision, "precision", relevant_divisor::all, false},
    measure_words{ranking_measure::recall, "recall", relevant_divisor::all, true},
    measure_words{ranking_measure::ndcg, "ndcg", relevant_divisor::all, false},
    measure_words{ranking_measure::mrr, "mrr", relevant_divisor::all, false},
    measure_words{ranking_measure::map, "map", relevant_divisor::truncated, true},
    measure_words{ranking_measure::hit_rate, "hit_rate", relevant_divisor::all, false},
};

const measure_words& words(ranking_measure measure) {
  return *std::find_if(measures.begin(), measures.end(),
                       [&](const auto& w) { return w.measure == measure; });
}

std::string_view divisor_name(relevant_divisor divisor) {
  return divisor == relevant_divisor::all ? "all" : "truncated";
}

}  // namespace

std::string ranking_metric::name() const {
  const auto& w = words(measure);
  std::string text(w.name);
  if (w.has_divisor && divisor != w.divisor) {
    text += "(" + std::string(divisor_name(divisor)) + ")";
  }
  return text + "@" + std::to_string(k);
}

std::string ranking_metric::convention() const {
  const std::string depth = std::to_string(k);
  const std::string below = divisor == relevant_divisor::all ? std::string("|relevant|")
                                                             : "min(" + depth + ", |relevant|)";
  switch (measure) {
    case ranking_measure::precision:
      return "hits in the first " + depth + " / " + depth;
    case ranking_measure::recall:
      return "hits in the first " + depth + " / " + below;
    case ranking_measure::ndcg:
      return "binary gain, discount 1 / log2(rank + 1), ideal list of min(" + depth +
             ", |relevant|) hits";
    case ranking_measure::mrr:
      return "1 / rank of the first hit in the first " + depth + ", else 0";
    case ranking_measure::map:
      return "sum of precision at the hits in the first " + depth + " / " + below;
    case ranking_measure::hit_rate:
      return "1 when the first " + depth + " hold a hit, else 0";
  }
  return {};
}

ranking_metric precision(int k) { return {.measure = ranking_measure::precision, .k = k}; }
ranking_metric recall(int k, relevant_divisor divisor) {
  return {.measure = ranking_measure::recall, .k = k, .divisor = divisor};
}
ranking_metric ndcg(int k) { return {.measure = ranking_measure::ndcg, .k = k}; }
ranking_metric mrr(int k) { return {.measure = ranking_measure::mrr, .k = k}; }
ranking_metric map(int k, relevant_divisor divisor) {
  return {.measure = ranking_measure::map, .k = k, .divisor = divisor};
}
ranking_metric hit_rate(int k) { return {.measure = ranking_measure::hit_rate, .k = k}; }

ranking_metric parse_metric(std::string_view text) {
  const auto fail = [&](const std::string& requirement) {
    throw value_error("metric", "\"" + std::string(text) + "\"", requirement);
  };
  const auto at = text.find('@');
  if (at == std::string_view::npos) fail("must be measure@k, such as ndcg@10");
  std::string_view name = text.substr(0, at);
  const std::string_view depth = text.substr(at + 1);
  std::string_view divisor;
  if (const auto open = name.find('('); open != std::string_view::npos && name.ends_with(')')) {
    divisor = name.substr(open + 1, name.size() - open - 2);
    name = name.substr(0, open);
  }
  const auto found =
      std::find_if(measures.begin(), measures.end(), [&](const auto& w) { return w.name == name; });
  if (found == measures.end()) {
    std::string known;
    for (const auto& w : measures) known += (known.empty() ? "" : ", ") + std::string(w.name);
    fail("unknown measure; known are " + known);
  }
  ranking_metric metric{.measure = found->measure, .divisor = found->divisor};
  const auto [end, status] = std::from_chars(depth.data(), depth.data() + depth.size(), metric.k);
  if (status != std::errc{} || end != depth.data() + depth.size() || metric.k < 1) {
    fail("k must be a whole number, at least 1");
  }
  if (!divisor.empty()) {
    if (!found->has_divisor) fail(std::string(name) + " has no choice of divisor");
    if (divisor == "all") {
      metric.divisor = relevant_divisor::all;
    } else if (divisor == "truncated") {
      metric.divisor = relevant_divisor::truncated;
    } else {
      fail("the divisor must be all or truncated");
    }
  }
  return metric;
}

std::vector<ranking_metric> all_ranking_metrics(int k) {
  std::vector<ranking_metric> metrics;
  for (const auto& w : measures) {
    metrics.push_back({.measure = w.measure, .k = k, .divisor = w.divisor});
  }
  return metrics;
}

ranking_evaluator::ranking_evaluator(std::vector<ranking_metric> metrics, index_t items)
    : metrics_(std::move(metrics)) {
  for (const auto& metric : metrics_) {
    check::in_range(metric.name(), metric.k, 1, std::numeric_limits<int>::max());
    depth_ = std::max(depth_, std::min(metric.k, items));
  }
  discount_.assign(static_cast<std::size_t>(depth_) + 1, 0.0);
  ideal_ = discount_;
  for (std::size_t rank = 1; rank < discount_.size(); ++rank) {
    discount_[rank] = 1.0 / std::log2(static_cast<double>(rank) + 1.0);
    ideal_[rank] = ideal_[rank - 1] + discount_[rank];
  }
}

void ranking_evaluator::evaluate(std::span<const scored_item<>> list,
                                 std::span<const index_t> relevant,
                                 std::span<double> values) const {
  // The ranks of the hits hold all that any binary metric asks for.
  thread_local std::vector<int> hit_ranks;
  hit_ranks.clear();
  const auto depth = std::min(list.size(), static_cast<std::size_t>(depth_));
  for (std::size_t i = 0; i < depth; ++i) {
    if (std::binary_search(relevant.begin(), relevant.end(), list[i].item)) {
      hit_ranks.push_back(static_cast<int>(i) + 1);
    }
  }
  for (std::size_t m = 0; m < metrics_.size(); ++m) {
    const auto& metric = metrics_[m];
    const double below =
        static_cast<double>(metric.divisor == relevant_divisor::all
                                ? relevant.size()
                                : std::min(relevant.size(), static_cast<std::size_t>(metric.k)));
    int hits = 0;
    double value = 0;
    for (const int rank : hit_ranks) {
      if (rank > metric.k) break;
      ++hits;
      if (metric.measure == ranking_measure::ndcg) {
        value += discount_[static_cast<std::size_t>(rank)];
      }
      if (metric.measure == ranking_measure::map) value += hits / static_cast<double>(rank);
    }
    switch (metric.measure) {
      case ranking_measure::precision:
        value = hits / static_cast<double>(metric.k);
        break;
      case ranking_measure::recall:
        value = hits / below;
        break;
      case ranking_measure::ndcg:
        value /= ideal_[std::min(relevant.size(), static_cast<std::size_t>(metric.k))];
        break;
      case ranking_measure::mrr:
        value = hits > 0 ? 1.0 / hit_ranks.front() : 0.0;
        break;
      case ranking_measure::map:
        value /= below;
        break;
      case ranking_measure::hit_rate:
        value = hits > 0 ? 1.0 : 0.0;
        break;
    }
    values[m] = value;
  }
}

}  // namespace recokit::inline RECOKIT_ABI
