// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics.hpp"

#include "text.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace recokit_bench {
namespace {

using recokit::beyond_measure;
using recokit::beyond_variant;

// recokit-bench reads interactions and nothing about items.
bool needs_item_features(const recokit::beyond_metric& metric) {
  return metric.measure == beyond_measure::category_diversity ||
         metric.measure == beyond_measure::calibration_error ||
         metric.measure == beyond_measure::group_share;
}

std::string measure_of(const std::string& name) { return name.substr(0, name.find_first_of("@(")); }

template <class Metric>
std::vector<std::string> measures_of(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const auto& metric : metrics) names.push_back(measure_of(metric.name()));
  return names;
}

struct rating_facts {
  rating_number number;
  std::string_view name;
  std::string_view convention;
  good_end good;
  double recokit::rating_report::*value;
};

using recokit::rating_report;
constexpr std::array rating_table{
    rating_facts{rating_number::rmse, "rmse", "root of mse", good_end::low, &rating_report::rmse},
    rating_facts{rating_number::mae, "mae", "mean of |e|", good_end::low, &rating_report::mae},
    rating_facts{rating_number::mse, "mse", "mean of e^2", good_end::low, &rating_report::mse},
    rating_facts{rating_number::r2, "r2", "1 - sum of e^2 / sum of (truth - mean truth)^2",
                 good_end::high, &rating_report::r2},
    rating_facts{rating_number::explained_variance, "explained_variance",
                 "1 - variance of e / variance of truth", good_end::high,
                 &rating_report::explained_variance},
    rating_facts{rating_number::mean_error, "mean_error",
                 "mean of e; above 0 where predictions are too high", good_end::neither,
                 &rating_report::mean_error},
    rating_facts{rating_number::max_error, "max_error", "largest |e|", good_end::low,
                 &rating_report::max_error},
};

const rating_facts& facts_of(rating_number number) noexcept {
  return rating_table[static_cast<std::size_t>(number)];
}

}  // namespace

std::string rating_metric::name() const { return std::string(facts_of(number_).name); }
std::string rating_metric::convention() const {
  return std::string(facts_of(number_).convention) +
         ", e = predicted - true rating, over all test ratings";
}
good_end rating_metric::good() const noexcept { return facts_of(number_).good; }
double rating_metric::value(const recokit::rating_report& report) const noexcept {
  return report.*facts_of(number_).value;
}

std::vector<rating_metric> all_rating_metrics() {
  std::vector<rating_metric> metrics;
  for (const auto& facts : rating_table) metrics.emplace_back(facts.number);
  return metrics;
}

const recokit::ranking_metric* bench_metric::ranking() const noexcept {
  return std::get_if<recokit::ranking_metric>(&metric_);
}

const recokit::beyond_metric* bench_metric::beyond() const noexcept {
  return std::get_if<recokit::beyond_metric>(&metric_);
}

const rating_metric* bench_metric::rating() const noexcept {
  return std::get_if<rating_metric>(&metric_);
}

std::string bench_metric::name() const {
  return std::visit([](const auto& metric) { return metric.name(); }, metric_);
}

std::string bench_metric::convention() const {
  const std::string text =
      std::visit([](const auto& metric) { return metric.convention(); }, metric_);
  return by_distance() ? text + "; distance: 1 - cosine of the users of two items in training"
                       : text;
}

good_end bench_metric::good() const noexcept {
  if (rating() != nullptr) return rating()->good();
  if (ranking() == nullptr) return good_end::neither;
  return ranking()->lower_is_better() ? good_end::low : good_end::high;
}

std::string bench_metric::good_text() const {
  switch (good()) {
    case good_end::high:
      return "more is better";
    case good_end::low:
      return "less is better";
    case good_end::neither:
      break;
  }
  return "";
}

bool bench_metric::mean_over_users() const noexcept {
  if (rating() != nullptr) return false;
  if (ranking() != nullptr) return ranking()->average == recokit::user_average::macro;
  const auto& metric = *beyond();
  const bool ratio_of_means =
      metric.measure == beyond_measure::popularity_lift && metric.variant == beyond_variant::group;
  return !metric.aggregate() && !ratio_of_means && metric.average == recokit::user_average::macro;
}

bool bench_metric::by_distance() const noexcept {
  return beyond() != nullptr && (beyond()->measure == beyond_measure::diversity ||
                                 beyond()->variant == beyond_variant::distance ||
                                 beyond()->variant == beyond_variant::nearest);
}

bench_metric parse_metric_word(const std::string& text) {
  const std::string name = measure_of(text);
  const auto among = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& metric : all_rating_metrics()) {
    if (metric.name() != name) continue;
    if (name == text) return metric;
    throw usage_error("metric \"" + text + "\": " + name +
                      " is over all test ratings; it takes no @k and no choices");
  }
  std::vector<std::string> known = measures_of(recokit::all_ranking_metrics());
  known.insert(known.end(), {"f_beta", "gauc"});
  try {
    if (among(known)) return recokit::parse_metric(text);
    if (among(measures_of(recokit::all_beyond_metrics()))) {
      const auto metric = recokit::parse_beyond_metric(text);
      if (!needs_item_features(metric)) return metric;
      throw usage_error("metric \"" + text +
                        "\" needs item features (categories or groups), which recokit-bench does "
                        "not read; the library has it in recokit/metrics/beyond_accuracy.hpp");
    }
  } catch (const recokit::value_error& error) {
    throw usage_error(error.what());
  }
  for (const auto& other : measures_of(offered_beyond_metrics(10))) known.push_back(other);
  for (const auto& other : all_rating_metrics()) known.push_back(other.name());
  throw unknown_word("metric", name, known);
}

std::vector<recokit::beyond_metric> offered_beyond_metrics(int k) {
  auto metrics = recokit::all_beyond_metrics(k);
  metrics.erase(std::remove_if(metrics.begin(), metrics.end(), needs_item_features), metrics.end());
  return metrics;
}

}  // namespace recokit_bench
