// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "compare.hpp"

#include "metrics.hpp"
#include "report_json.hpp"
#include "text.hpp"

#include <recokit/metrics/significance.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

namespace recokit_bench {
namespace {

using nlohmann::json;

json parsed(std::string_view text, const std::string& which) {
  json report = json::parse(text, nullptr, false);
  if (report.is_discarded() || !report.is_object() ||
      report.value("schema", "") != "recokit-bench") {
    throw std::runtime_error("the " + which + " file is no JSON report of recokit-bench");
  }
  const int version = report.value("schema_version", 0);
  if (version != json_schema_version) {
    throw std::runtime_error("the " + which + " report has schema version " +
                             std::to_string(version) + ", this program reads " +
                             std::to_string(json_schema_version));
  }
  return report;
}

// Numbers of other data are no comparison.
void check_same_task(const json& before, const json& after) {
  const auto must_agree = [&](const std::string& part, const std::vector<std::string>& members) {
    for (const auto& member : members) {
      const json& a = before.at(part).at(member);
      const json& b = after.at(part).at(member);
      if (a != b) {
        throw std::runtime_error("the reports differ in " + part + "." + member + ": " + a.dump() +
                                 " and " + b.dump() + "; run both on the same data and split");
      }
    }
  };
  must_agree("data",
             {"source", "params", "filters", "weighting", "users", "items", "interactions"});
  must_agree("split", {"name", "params", "folds"});
}

const json* model_of(const json& report, const std::string& label) {
  for (const json& model : report.at("results")) {
    if (model.at("label") == label) return &model;
  }
  return nullptr;
}

double number(const json& value) {
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> numbers(const json& values) {
  std::vector<double> all;
  for (const json& value : values) all.push_back(number(value));
  return all;
}

Eigen::Map<const Eigen::VectorXd> column(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

verdict direction(double difference, good_end good) {
  if (good == good_end::neither) return verdict::changed;
  return (difference > 0) == (good == good_end::high) ? verdict::better : verdict::worse;
}

verdict judge_metric(const json& before, const json& after, good_end good) {
  if (before.at("folds") == after.at("folds")) return verdict::same;
  const auto a = numbers(before.at("folds"));
  const auto b = numbers(after.at("folds"));
  if (a.size() != b.size()) return verdict::unknown;
  double difference = number(after.at("mean")) - number(before.at("mean"));
  if (a.size() > 1) {
    const auto interval = recokit::significance::difference_interval(column(b), column(a));
    if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return verdict::unknown;
    return interval.low > 0 || interval.high < 0 ? direction(interval.mean, good) : verdict::within;
  }
  const json& mine = before.at("interval");
  const json& other = after.at("interval");
  if (mine.is_null() || other.is_null() || std::isnan(difference)) return verdict::unknown;
  const auto half = [](const json& i) { return (number(i.at("high")) - number(i.at("low"))) / 2; };
  const double spread = std::hypot(half(mine), half(other));
  return std::abs(difference) > spread ? direction(difference, good) : verdict::within;
}

// Seconds of each repeat, all folds together.
std::vector<double> seconds(const json& model, const std::string& member) {
  std::vector<double> all;
  for (const json& fold : model.at("folds")) {
    const auto each = fold.contains(member) ? numbers(fold.at(member)) : std::vector<double>{};
    if (all.empty()) all.resize(each.size());
    if (each.size() != all.size()) return {};
    std::transform(all.begin(), all.end(), each.begin(), all.begin(), std::plus<>{});
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Linear between the sorted values.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

verdict judge_seconds(const std::vector<double>& a, const std::vector<double>& b,
                      double tolerance) {
  if (a.size() < 3 || b.size() < 3) return verdict::unknown;
  const double before = quantile(a, 0.5);
  const double after = quantile(b, 0.5);
  // Below a millisecond the clock and the scheduler speak louder than the model.
  if (std::abs(after - before) <= std::max(tolerance * before, 1e-3)) return verdict::within;
  if (after > before) {
    return quantile(b, 0.25) > quantile(a, 0.75) ? verdict::worse : verdict::within;
  }
  return quantile(b, 0.75) < quantile(a, 0.25) ? verdict::better : verdict::within;
}

// Why seconds of the two say nothing about each other; empty: they do.
std::string other_machine(const json& before, const json& after) {
  for (const char* const member : {"processor", "threads"}) {
    const json& a = before.at("environment").at(member);
    const json& b = after.at("environment").at(member);
    if (a != b) {
      return "seconds are not compared: " + std::string(member) + " " + a.dump() + " and " +
             b.dump();
    }
  }
  return {};
}

void compare_model(const json& before, const json& after, const json& metrics, bool with_seconds,
                   double tolerance, comparison& result) {
  const auto label = before.at("label").get<std::string>();
  for (const json& metric : metrics) {
    const auto name = metric.at("name").get<std::string>();
    if (!after.at("metrics").contains(name)) continue;
    const json& a = before.at("metrics").at(name);
    const json& b = after.at("metrics").at(name);
    result.numbers.push_back({label, name, number(a.at("mean")), number(b.at("mean")),
                              judge_metric(a, b, parse_metric_word(name).good())});
  }
  if (!with_seconds) return;
  for (const std::string what : {"fit", "recommend"}) {
    const auto a = seconds(before, what + "_seconds_repeats");
    const auto b = seconds(after, what + "_seconds_repeats");
    if (a.empty() || b.empty() || quantile(a, 0.5) == 0) continue;
    result.numbers.push_back({label, what + " seconds", quantile(a, 0.5), quantile(b, 0.5),
                              judge_seconds(a, b, tolerance)});
  }
}

std::string change_text(const compared_number& one) {
  if (!(std::abs(one.before) > 0) || !std::isfinite(one.after)) return "n/a";
  const double percent = 100 * (one.after - one.before) / std::abs(one.before);
  return (percent >= 0 ? "+" : "") + fixed(percent, 2) + " %";
}

std::string value_text(const compared_number& one, double value) {
  return one.name.ends_with(" seconds") ? seconds_text(value) : fixed(value, 6);
}

}  // namespace

std::string_view verdict_text(verdict v) noexcept {
  switch (v) {
    case verdict::same:
      return "same";
    case verdict::within:
      return "within noise";
    case verdict::better:
      return "better";
    case verdict::worse:
      return "worse";
    case verdict::changed:
      return "changed";
    case verdict::unknown:
      break;
  }
  return "spread unknown";
}

bool comparison::any(verdict v) const noexcept {
  return std::any_of(numbers.begin(), numbers.end(), [&](const auto& n) { return n.outcome == v; });
}

comparison compare_reports(std::string_view before, std::string_view after, double tolerance) {
  comparison result;
  try {
    const json a = parsed(before, "first");
    const json b = parsed(after, "second");
    check_same_task(a, b);
    const std::string other = other_machine(a, b);
    if (!other.empty()) result.notes.push_back(other);
    bool common = false;
    for (const json& model : a.at("results")) {
      const auto label = model.at("label").get<std::string>();
      const json* const same = model_of(b, label);
      if (same == nullptr) {
        result.notes.push_back(label + " is in the first report only");
        continue;
      }
      common = true;
      if (model.at("status") != "ok" || same->at("status") != "ok") {
        result.notes.push_back(
            label + " failed in " +
            (model.at("status") == "ok" ? "the second report" : "the first report"));
        if (model.at("status") == "ok") {
          result.numbers.push_back({label, "run", 1, 0, verdict::worse});
        }
        continue;
      }
      compare_model(model, *same, a.at("metrics"), other.empty(), tolerance, result);
    }
    for (const json& model : b.at("results")) {
      const auto label = model.at("label").get<std::string>();
      if (model_of(a, label) == nullptr) {
        result.notes.push_back(label + " is in the second report only");
      }
    }
    if (!common) throw std::runtime_error("the reports have no model in common");
  } catch (const json::exception& error) {
    throw std::runtime_error("a report lacks what its schema promises: " +
                             std::string(error.what()));
  }
  return result;
}

std::string comparison_text(const comparison& compared) {
  std::vector<std::vector<std::string>> rows{
      {"model", "number", "before", "after", "change", "verdict"}};
  for (const auto& one : compared.numbers) {
    rows.push_back({one.model, one.name, value_text(one, one.before), value_text(one, one.after),
                    change_text(one), std::string(verdict_text(one.outcome))});
  }
  std::string text = aligned_table(rows, {0, 1, 5}) + "\n";
  for (const auto& note : compared.notes) text += note + "\n";
  for (const auto v : {verdict::same, verdict::within, verdict::better, verdict::worse,
                       verdict::changed, verdict::unknown}) {
    const auto count = std::count_if(compared.numbers.begin(), compared.numbers.end(),
                                     [&](const auto& n) { return n.outcome == v; });
    if (count > 0) text += std::to_string(count) + " " + std::string(verdict_text(v)) + ", ";
  }
  if (compared.any(verdict::unknown)) {
    text += "for the last take run --repeats 5 (seconds) and intervals or folds (metrics), ";
  }
  text.erase(text.size() - 2);
  return text + "\n";
}

}  // namespace recokit_bench
