// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "catalogue.hpp"

#include "plan.hpp"

#include <algorithm>

namespace recokit_bench {
namespace {

std::string fields_text(const std::vector<field_facts>& fields) {
  std::size_t name = 0, type = 0, initial = 0;
  for (const auto& field : fields) {
    name = std::max(name, field.name.size());
    type = std::max(type, field.type.size());
    initial = std::max(initial, field.initial.size());
  }
  std::string text;
  for (const auto& field : fields) {
    text += "    " + left_aligned(field.name, name) + "  " + left_aligned(field.type, type) + "  " +
            left_aligned(field.initial, initial) + "  " + field.meaning +
            (field.range.empty() ? "" : " [" + field.range + "]") + "\n";
  }
  return text;
}

template <class Entries>
std::string section(const std::string& title, const Entries& entries) {
  std::string text = title + "\n";
  for (const auto& entry : entries) {
    text += "  " + entry.name + ": " + entry.summary + "\n" + fields_text(entry.fields);
  }
  return text + "\n";
}

}  // namespace

std::string catalogue_text() {
  std::string text = "Fields are shown as: name, type, default, meaning [range].\n\n";
  text += section("Models (--model NAME:FIELD=VALUE,...)", model_entries());
  text += section("Splits (--split NAME:FIELD=VALUE,...)", split_entries());
  text += section("Weightings (--weighting NAME:FIELD=VALUE,...)", weighting_entries());
  text +=
      "Synthetic data (--synthetic FIELD=VALUE,...)\n" +
      fields_text(describe(recokit::synthetic::params{}, recokit::synthetic::params::fields())) +
      "\n";
  text += "Metrics (--metrics NAME@K,...); shown for K = 10\n";
  std::vector<recokit::ranking_metric> metrics;
  for (auto metric : recokit::all_ranking_metrics(10)) {
    metrics.push_back(metric);
    // A metric whose other divisor reads the same has no choice of divisor.
    const std::string name = metric.name();
    metric.divisor = metric.divisor == recokit::relevant_divisor::all
                         ? recokit::relevant_divisor::truncated
                         : recokit::relevant_divisor::all;
    if (metric.name() != name) metrics.push_back(metric);
  }
  std::size_t width = 0;
  for (const auto& metric : metrics) width = std::max(width, metric.name().size());
  for (const auto& metric : metrics) {
    text += "  " + left_aligned(metric.name(), width) + "  " + metric.convention() + "\n";
  }
  return text + "  Means are over users with at least one test item.\n";
}

}  // namespace recokit_bench
