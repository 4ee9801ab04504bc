// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

namespace recokit_bench {

double data_facts::density() const noexcept {
  if (users == 0 || items == 0) return 0;
  return static_cast<double>(interactions) /
         (static_cast<double>(users) * static_cast<double>(items));
}

std::string data_facts::title() const {
  if (files.empty()) return "synthetic data";
  std::vector<std::string> names;
  for (const auto& file : files) {
    // The folder tells data sets apart whose files are all called train.txt.
    const auto path = std::filesystem::path(file);
    const auto folder = path.parent_path().filename();
    names.push_back(names.empty() && !folder.empty() ? (folder / path.filename()).string()
                                                     : path.filename().string());
  }
  return joined(names, " + ");
}

double model_result::mean(std::size_t m) const {
  if (folds.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (const auto& fold : folds) sum += fold.values[m].mean;
  return sum / static_cast<double>(folds.size());
}

const metric_inference& model_result::inferred(std::size_t m) const {
  static const metric_inference nothing;
  return m < inference.size() ? inference[m] : nothing;
}

std::optional<double> model_result::deviation(std::size_t m) const {
  if (folds.size() < 2) return {};
  const double center = mean(m);
  double squares = 0;
  for (const auto& fold : folds) {
    squares += (fold.values[m].mean - center) * (fold.values[m].mean - center);
  }
  return std::sqrt(squares / static_cast<double>(folds.size() - 1));
}

double model_result::fit_seconds() const {
  double sum = 0;
  for (const auto& fold : folds) sum += fold.fit_seconds;
  return folds.empty() ? std::numeric_limits<double>::quiet_NaN()
                       : sum / static_cast<double>(folds.size());
}

std::optional<double> model_result::users_per_second() const {
  double seconds = 0;
  double users = 0;
  for (const auto& fold : folds) {
    seconds += fold.recommend_seconds;
    users += static_cast<double>(fold.recommended_users);
  }
  if (!(seconds > 0) || !(users > 0)) return {};
  return users / seconds;
}

std::optional<double> model_result::ratings_per_second() const {
  double seconds = 0;
  double ratings = 0;
  for (const auto& fold : folds) {
    seconds += fold.predict_seconds;
    ratings += static_cast<double>(fold.predicted_ratings);
  }
  if (!(seconds > 0) || !(ratings > 0)) return {};
  return ratings / seconds;
}

std::optional<std::int64_t> model_result::peak_memory() const {
  std::optional<std::int64_t> peak;
  for (const auto& fold : folds) {
    if (fold.peak_memory) peak = std::max(peak.value_or(0), *fold.peak_memory);
  }
  return peak;
}

peak_scope model_result::scope() const {
  return folds.empty() ? peak_scope::unknown : folds.front().scope;
}

std::string bench_results::protocol() const {
  if (parts.size() == 1 && !parts.front().protocol.empty()) return parts.front().protocol;
  return split_settings.empty() ? split : split + ": " + to_text(split_settings);
}

bool bench_results::of_lists() const {
  return std::any_of(metrics.begin(), metrics.end(),
                     [](const bench_metric& metric) { return metric.rating() == nullptr; });
}

std::string speed_heading(const bench_results& results) {
  return results.of_lists() ? "users/s" : "ratings/s";
}

std::optional<double> speed_of(const bench_results& results, const model_result& model) {
  return results.of_lists() ? model.users_per_second() : model.ratings_per_second();
}

std::string speed_note(const bench_results& results) {
  if (!results.of_lists()) return "test ratings predicted and compared a second";
  return "lists of length " + std::to_string(results.depth) +
         " recommended a second; metrics are not included";
}

std::string scope_note(const bench_results& results) {
  const bool of_ratings =
      std::any_of(results.metrics.begin(), results.metrics.end(),
                  [](const bench_metric& metric) { return metric.rating() != nullptr; });
  std::string text;
  if (results.of_lists()) {
    text = "means and lists are of users with a test item; items seen in training are left out";
  }
  if (of_ratings) {
    text += text.empty() ? "" : "; ";
    text += "predicted ratings are compared over all test ratings together";
  }
  return text;
}

void rank_models(bench_results& results) {
  const bool low_first =
      !results.metrics.empty() && results.metrics.front().good() == good_end::low;
  const auto key = [&](const model_result& model) {
    const double value = model.failed() ? std::numeric_limits<double>::quiet_NaN() : model.mean(0);
    if (std::isnan(value)) return -std::numeric_limits<double>::infinity();
    return low_first ? -value : value;
  };
  std::stable_sort(results.models.begin(), results.models.end(), [&](const auto& a, const auto& b) {
    if (a.failed() != b.failed()) return b.failed();
    return key(a) > key(b);
  });
}

std::string p_value_text(const bench_results& results, const model_result& model) {
  if (results.inference.method.empty()) return "";
  if (&model == &results.models.front()) return "best";
  const auto& comparison = model.inferred(0).comparison;
  if (!comparison || std::isnan(comparison->adjusted_p_value)) return "n/a";
  const double p = comparison->adjusted_p_value;
  return (p < 0.0001 ? "<0.0001" : fixed(p, 4)) + (comparison->significantly_worse ? "" : " ≈");
}

std::string p_value_note(const bench_results& results) {
  if (results.inference.method.empty()) return "";
  return "adjusted p value against the best by " + results.metrics.front().name() + ": " +
         results.inference.method +
         (results.parts.size() > 1 ? "; a pair is a user in a fold" : "") +
         "; ≈ is not significantly worse at 5 %";
}

std::string spread_note(const bench_results& results) {
  if (results.parts.size() > 1) {
    return "± is the sample standard deviation over the folds; fit s is their mean";
  }
  if (results.inference.intervals.empty()) return "";
  return "± is half the width of the " + results.inference.intervals + " of the mean over users";
}

std::string peak_memory_note(const bench_results& results) {
  for (const auto& model : results.models) {
    if (model.failed()) continue;
    switch (model.scope()) {
      case peak_scope::since_reset:
        return "of the process during fit and evaluation, data included; counted anew for each "
               "model";
      case peak_scope::process:
        return "of the process since it began (this kernel allows no reset), so a model shows at "
               "least what those run before it needed";
      case peak_scope::unknown:
        break;
    }
  }
  return "not told by this system";
}

}  // namespace recokit_bench
