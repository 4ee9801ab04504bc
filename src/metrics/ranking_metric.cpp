// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "ranking_words.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/ranking_metric.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::depth_use;
using detail::number_text;
using detail::words_of;

template <class Enum, std::size_t Size>
using word_list = std::array<std::pair<Enum, std::string_view>, Size>;

constexpr word_list<metric_divisor, 6> divisor_words{{
    {metric_divisor::k, "k"},
    {metric_divisor::listed, "listed"},
    {metric_divisor::all, "all"},
    {metric_divisor::truncated, "truncated"},
    {metric_divisor::truncated_listed, "truncated_listed"},
    {metric_divisor::hits, "hits"},
}};
constexpr word_list<gain_function, 3> gain_words{{
    {gain_function::binary, "binary"},
    {gain_function::linear, "linear"},
    {gain_function::exponential, "exponential"},
}};
constexpr word_list<ideal_list, 4> ideal_words{{
    {ideal_list::truncated, "ideal_truncated"},
    {ideal_list::full, "ideal_full"},
    {ideal_list::filled, "ideal_filled"},
    {ideal_list::listed, "ideal_listed"},
}};
constexpr word_list<discount_function, 2> discount_words{{
    {discount_function::log2_next, "log2_next"},
    {discount_function::log2_rank, "log2_rank"},
}};

template <class Words, class Enum>
std::string word(const Words& words, Enum value) {
  return std::string(std::find_if(words.begin(), words.end(), [&](const auto& entry) {
                       return entry.first == value;
                     })->second);
}

template <class Words, class Enum>
bool read_word(const Words& words, std::string_view text, Enum& value) {
  for (const auto& [candidate, name] : words) {
    if (name != text) continue;
    value = candidate;
    return true;
  }
  return false;
}

bool has_divisor(const detail::measure_words& words, metric_divisor divisor) {
  return (words.divisors & detail::bit(divisor)) != 0;
}

ranking_metric usual(ranking_measure measure, int k) {
  return {.measure = measure, .k = k, .divisor = words_of(measure).divisor};
}

}  // namespace

std::string ranking_metric::name() const {
  const auto& words = words_of(measure);
  if (measure == ranking_measure::auc && average == user_average::micro) return "gauc";
  std::string choices;
  const auto add = [&](const std::string& choice) {
    choices += (choices.empty() ? "" : ",") + choice;
  };
  if (divisor != words.divisor) add(word(divisor_words, divisor));
  if (gain != gain_function::binary) add(word(gain_words, gain));
  if (ideal != ideal_list::truncated) add(word(ideal_words, ideal));
  if (discount != discount_function::log2_next) add(word(discount_words, discount));
  if (average == user_average::micro) add("micro");
  if (positive_scores) add("positive");
  if (beta != ranking_metric{}.beta) add("beta=" + number_text(beta));
  if (persistence != ranking_metric{}.persistence) add("p=" + number_text(persistence));
  if (max_grade != ranking_metric{}.max_grade) add("max=" + number_text(max_grade));
  std::string text(words.name);
  if (measure == ranking_measure::f_beta && choices.empty()) text = "f1";
  if (!choices.empty()) text += "(" + choices + ")";
  if (words.depth == depth_use::none || (words.depth == depth_use::optional && k == 0)) return text;
  return text + "@" + (k == 0 ? "all" : std::to_string(k));
}

std::string ranking_metric::convention() const {
  const std::string depth = k == 0 ? "length of the list" : std::to_string(k);
  const std::string part = k == 0 ? "the list" : "the first " + depth;
  const auto at_most = [&](const std::string& limit) {
    return k == 0 ? limit : "min(" + depth + ", " + limit + ")";
  };
  const auto below = [&] {
    switch (divisor) {
      case metric_divisor::k:
        return depth;
      case metric_divisor::listed:
        return at_most("length of the list");
      case metric_divisor::all:
        return std::string("|relevant|");
      case metric_divisor::truncated:
        return at_most("|relevant|");
      case metric_divisor::truncated_listed:
        return at_most("|relevant|, length of the list");
      case metric_divisor::hits:
        return "hits in " + part;
    }
    return std::string();
  };
  const auto gain_text = [&] {
    switch (gain) {
      case gain_function::binary:
        return std::string("binary gain");
      case gain_function::linear:
        return std::string("gain r");
      case gain_function::exponential:
        return std::string("gain 2^r - 1");
    }
    return std::string();
  };
  const std::string discounted =
      discount == discount_function::log2_next ? "1 / log2(rank + 1)" : "1 / max(log2(rank), 1)";
  const auto ideal_text = [&] {
    switch (ideal) {
      case ideal_list::truncated:
        return at_most("|relevant|") + " hits";
      case ideal_list::full:
        return std::string("|relevant| hits");
      case ideal_list::filled:
        return depth + " hits";
      case ideal_list::listed:
        return at_most("|relevant|, length of the list") + " hits";
    }
    return std::string();
  };
  std::string text;
  switch (measure) {
    case ranking_measure::precision:
    case ranking_measure::recall:
      text = "hits in " + part + " / " + below();
      break;
    case ranking_measure::f_beta:
      text = "F of precision (hits / " + depth + ") and recall (hits / |relevant|), beta " +
             number_text(beta);
      break;
    case ranking_measure::hit_rate:
      text = "1 when " + part + (k == 0 ? " holds" : " hold") + " a hit, else 0";
      break;
    case ranking_measure::r_precision:
      text = "hits in the first R / R, R = " + at_most("|relevant|");
      break;
    case ranking_measure::mrr:
      text = "1 / rank of the first hit in " + part + ", else 0";
      break;
    case ranking_measure::map:
      text = "sum of precision at the hits in " + part + " / " + below();
      break;
    case ranking_measure::ndcg:
      text = gain_text() + ", discount " + discounted + ", ideal list of " + ideal_text();
      break;
    case ranking_measure::dcg:
      text = gain_text() + ", discount " + discounted + ", over " + part;
      break;
    case ranking_measure::auc:
      text = "share of pairs (relevant, other candidate) in the right order";
      break;
    case ranking_measure::partial_auc:
      text = "share of pairs in the right order against the " + depth +
             " highest ranked other candidates";
      if (divisor != metric_divisor::all) {
        text += ", listed ones alone, / (" + depth + " * " +
                (divisor == metric_divisor::listed ? "|relevant|" : at_most("|relevant|")) + ")";
      }
      break;
    case ranking_measure::bpref:
      text = "mean over relevant items of 1 - min(N above, R) / min(N, R), N: judged not relevant";
      break;
    case ranking_measure::err:
      text = "expected reciprocal rank in " + part + ", highest grade " + number_text(max_grade);
      break;
    case ranking_measure::rbp:
      text = gain_text() +
             (gain == gain_function::binary
                  ? ""
                  : " over that of the highest grade " + number_text(max_grade)) +
             ", (1 - p) p^(rank - 1), p = " + number_text(persistence) + ", over " + part;
      break;
    case ranking_measure::average_rank:
      text = "mean rank of the relevant items, 1 is best";
      break;
    case ranking_measure::percentile_rank:
      text = "mean of (rank - 1) / (candidates - 1) of the relevant items, 0 is best";
      break;
  }
  if (positive_scores) text += "; scores of 0 and less are misses";
  if (average == user_average::micro) text += "; users weigh what it divides by";
  return text;
}

bool ranking_metric::lower_is_better() const noexcept {
  return measure == ranking_measure::average_rank || measure == ranking_measure::percentile_rank;
}

namespace detail {

void check_metric(const ranking_metric& metric) {
  const auto& words = words_of(metric.measure);
  const auto fail = [&](const std::string& value, const std::string& requirement) {
    throw value_error("metric " + metric.name(), value, requirement);
  };
  const auto has = [&](bool used, bool is_default, const char* choice) {
    if (!used && !is_default) fail(choice, "is no choice of " + std::string(words.name));
  };
  if (metric.k < 0) fail("k = " + std::to_string(metric.k), "k must be at least 1, or 0 for all");
  if (words.depth == depth_use::none && metric.k != 0) {
    fail("k = " + std::to_string(metric.k), "always looks at the whole list: k must be 0");
  }
  if (metric.measure == ranking_measure::partial_auc && metric.k == 0) {
    fail("k = 0", "needs k, the number of other candidates; auc takes all");
  }
  if (metric.divisor != words.divisor && !has_divisor(words, metric.divisor)) {
    fail(word(divisor_words, metric.divisor), "is no divisor of " + std::string(words.name));
  }
  has(words.gain, metric.gain == gain_function::binary, "gain");
  has(words.ideal, metric.ideal == ideal_list::truncated, "ideal list");
  has(words.discount, metric.discount == discount_function::log2_next, "discount");
  has(words.micro, metric.average == user_average::macro, "micro");
  has(words.positive, !metric.positive_scores, "positive");
  const ranking_metric usual;
  has(metric.measure == ranking_measure::f_beta, metric.beta == usual.beta, "beta");
  has(metric.measure == ranking_measure::rbp, metric.persistence == usual.persistence, "p");
  const bool grades_limited =
      metric.measure == ranking_measure::err ||
      (metric.measure == ranking_measure::rbp && metric.gain != gain_function::binary);
  has(grades_limited, metric.max_grade == usual.max_grade, "max");
  if (metric.ideal == ideal_list::filled && metric.gain != gain_function::binary) {
    fail("ideal_filled", "needs binary gain: no grade is known for missing hits");
  }
  if (!(metric.beta > 0 && metric.beta < std::numeric_limits<double>::infinity())) {
    fail("beta = " + number_text(metric.beta), "beta must be above 0 and finite");
  }
  if (!(metric.persistence > 0 && metric.persistence < 1)) {
    fail("p = " + number_text(metric.persistence), "p must be in (0, 1)");
  }
  if (!(metric.max_grade > 0 && metric.max_grade <= 64)) {
    fail("max = " + number_text(metric.max_grade), "max must be in (0, 64]");
  }
}

}  // namespace detail

ranking_metric precision(int k, metric_divisor divisor) {
  return {.measure = ranking_measure::precision, .k = k, .divisor = divisor};
}
ranking_metric recall(int k, metric_divisor divisor) {
  return {.measure = ranking_measure::recall, .k = k, .divisor = divisor};
}
ranking_metric f_beta(int k, double beta) {
  return {.measure = ranking_measure::f_beta, .k = k, .beta = beta};
}
ranking_metric hit_rate(int k) { return usual(ranking_measure::hit_rate, k); }
ranking_metric r_precision(int k) { return usual(ranking_measure::r_precision, k); }
ranking_metric mrr(int k) { return usual(ranking_measure::mrr, k); }
ranking_metric map(int k, metric_divisor divisor) {
  return {.measure = ranking_measure::map, .k = k, .divisor = divisor};
}
ranking_metric ndcg(int k, gain_function gain, ideal_list ideal) {
  return {.measure = ranking_measure::ndcg, .k = k, .gain = gain, .ideal = ideal};
}
ranking_metric dcg(int k, gain_function gain) {
  return {.measure = ranking_measure::dcg, .k = k, .gain = gain};
}
ranking_metric auc() { return usual(ranking_measure::auc, 0); }
ranking_metric gauc() {
  return {.measure = ranking_measure::auc, .k = 0, .average = user_average::micro};
}
ranking_metric partial_auc(int k, metric_divisor divisor) {
  return {.measure = ranking_measure::partial_auc, .k = k, .divisor = divisor};
}
ranking_metric bpref() { return usual(ranking_measure::bpref, 0); }
ranking_metric err(int k, double max_grade) {
  return {.measure = ranking_measure::err, .k = k, .max_grade = max_grade};
}
ranking_metric rbp(int k, double persistence) {
  return {.measure = ranking_measure::rbp, .k = k, .persistence = persistence};
}
ranking_metric average_rank() { return usual(ranking_measure::average_rank, 0); }
ranking_metric percentile_rank() { return usual(ranking_measure::percentile_rank, 0); }

ranking_metric parse_metric(std::string_view text) {
  const auto fail = [&](const std::string& requirement) {
    throw value_error("metric", "\"" + std::string(text) + "\"", requirement);
  };
  std::string_view name = text;
  std::string_view depth;
  const auto at = text.rfind('@');
  if (at != std::string_view::npos) {
    name = text.substr(0, at);
    depth = text.substr(at + 1);
  }
  std::string_view choices;
  if (const auto open = name.find('('); open != std::string_view::npos && name.ends_with(')')) {
    choices = name.substr(open + 1, name.size() - open - 2);
    name = name.substr(0, open);
    if (choices.empty()) fail("the parentheses are empty");
  }
  ranking_metric metric{.k = 0};
  if (name == "gauc") {
    metric.measure = ranking_measure::auc;
    metric.average = user_average::micro;
  } else if (name == "f1") {
    metric.measure = ranking_measure::f_beta;
  } else {
    const auto found =
        std::find_if(detail::ranking_measures.begin(), detail::ranking_measures.end(),
                     [&](const auto& words) { return words.name == name; });
    if (found == detail::ranking_measures.end()) {
      std::string known;
      for (const auto& words : detail::ranking_measures) known += std::string(words.name) + ", ";
      fail("unknown measure; known are " + known + "f1, gauc");
    }
    metric.measure = found->measure;
  }
  const auto& words = words_of(metric.measure);
  metric.divisor = words.divisor;

  if (at == std::string_view::npos) {
    if (words.depth == depth_use::needed) {
      fail("must be measure@k, such as " + std::string(name) + "@10; @all takes whole lists");
    }
  } else if (words.depth == depth_use::none) {
    fail(std::string(name) + " always looks at the whole list; leave out @" + std::string(depth));
  } else if (depth != "all") {
    const auto [end, status] = std::from_chars(depth.data(), depth.data() + depth.size(), metric.k);
    if (status != std::errc{} || end != depth.data() + depth.size() || metric.k < 1) {
      fail("k must be a whole number, at least 1, or all");
    }
  }

  while (!choices.empty()) {
    const auto comma = std::min(choices.find(','), choices.size());
    const std::string_view choice = choices.substr(0, comma);
    choices.remove_prefix(std::min(comma + 1, choices.size()));
    const auto number = [&](std::string_view key, bool used, double& value) {
      if (!choice.starts_with(key)) return false;
      const std::string_view digits = choice.substr(key.size());
      const auto [end, status] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (status != std::errc{} || end != digits.data() + digits.size()) {
        fail("\"" + std::string(digits) + "\" is not a number");
      }
      if (!used)
        fail(std::string(words.name) + " has no " + std::string(key.substr(0, key.size() - 1)));
      return true;
    };
    if (metric_divisor divisor{}; read_word(divisor_words, choice, divisor)) {
      if (divisor != words.divisor && !has_divisor(words, divisor)) {
        fail(std::string(choice) + " is no divisor of " + std::string(words.name));
      }
      metric.divisor = divisor;
      continue;
    }
    if (read_word(gain_words, choice, metric.gain) ||
        read_word(ideal_words, choice, metric.ideal) ||
        read_word(discount_words, choice, metric.discount)) {
      continue;
    }
    if (choice == "micro") {
      metric.average = user_average::micro;
      continue;
    }
    if (choice == "positive") {
      metric.positive_scores = true;
      continue;
    }
    if (number("beta=", metric.measure == ranking_measure::f_beta, metric.beta) ||
        number("p=", metric.measure == ranking_measure::rbp, metric.persistence) ||
        number("max=",
               metric.measure == ranking_measure::err || metric.measure == ranking_measure::rbp,
               metric.max_grade)) {
      continue;
    }
    fail("\"" + std::string(choice) + "\" is no choice of " + std::string(words.name));
  }
  detail::check_metric(metric);
  return metric;
}

std::vector<ranking_metric> all_ranking_metrics(int k) {
  std::vector<ranking_metric> metrics;
  for (const auto& words : detail::ranking_measures) {
    metrics.push_back(usual(words.measure, words.depth == depth_use::needed ? k : 0));
  }
  return metrics;
}

}  // namespace recokit::inline RECOKIT_ABI
