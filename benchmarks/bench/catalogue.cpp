// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "catalogue.hpp"

#include "groups.hpp"
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

std::string metrics_text(const std::vector<bench_metric>& metrics) {
  std::size_t width = 0;
  for (const auto& metric : metrics) width = std::max(width, metric.name().size());
  std::string text;
  for (const auto& metric : metrics) {
    text += "  " + left_aligned(metric.name(), width) + "  " + metric.convention() + "\n";
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
  text += "Groups (--group NAME)\n";
  for (const auto& group : model_groups()) {
    text += "  " + group.name + ": " + group.summary + "\n    " + joined(group.models, " ") + "\n";
  }
  text += "\n";
  text += section("Splits (--split NAME:FIELD=VALUE,...)", split_entries());
  text += section("Weightings (--weighting NAME:FIELD=VALUE,...)", weighting_entries());
  text +=
      "Synthetic data (--synthetic FIELD=VALUE,...)\n" +
      fields_text(describe(recokit::synthetic::params{}, recokit::synthetic::params::fields())) +
      "\n";
  text += "Metrics (--metrics NAME@K,...); shown for K = 10\n";
  std::vector<recokit::ranking_metric> metrics = recokit::all_ranking_metrics(10);
  for (const auto* choice :
       {"precision(listed)@10", "recall(truncated)@10", "f_beta(beta=2)@10", "r_precision@10",
        "map(all)@10", "ndcg(exponential)@10", "ndcg(ideal_filled)@10", "ndcg@all", "err(max=1)@10",
        "rbp(p=0.95)@10", "gauc"}) {
    metrics.push_back(recokit::parse_metric(choice));
  }
  text +=
      metrics_text({metrics.begin(), metrics.end()}) +
      "  Choices in parentheses are separated by commas; means are over users with at least one "
      "test item.\n\nMetrics beyond accuracy (--metrics too, after a ranking metric)\n";
  const auto beyond = offered_beyond_metrics(10);
  text += metrics_text({beyond.begin(), beyond.end()});
  text += "\nMetrics of predicted ratings (--metrics too, for models that predict ratings:";
  for (const auto& entry : model_entries()) {
    if (entry.predicts_ratings) text += " " + entry.name;
  }
  const auto ratings = all_rating_metrics();
  return text + ")\n" + metrics_text({ratings.begin(), ratings.end()});
}

}  // namespace recokit_bench
