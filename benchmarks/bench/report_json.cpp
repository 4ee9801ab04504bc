// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "report_json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <optional>

namespace recokit_bench {
namespace {

using json = nlohmann::ordered_json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

template <class Number>
json number(const std::optional<Number>& value) {
  return value ? number(static_cast<double>(*value)) : json(nullptr);
}
json number(const std::optional<std::int64_t>& value) {
  return value ? json(*value) : json(nullptr);
}

struct value_writer {
  json operator()(std::monostate) const { return nullptr; }
  json operator()(double value) const { return number(value); }
  template <class Value>
  json operator()(const Value& value) const {
    return value;
  }
};

json object(const std::vector<setting>& settings) {
  json result = json::object();
  for (const auto& s : settings) result[s.name] = std::visit(value_writer{}, s.value);
  return result;
}

const char* scope_name(peak_scope scope) {
  switch (scope) {
    case peak_scope::since_reset:
      return "model";
    case peak_scope::process:
      return "process";
    case peak_scope::unknown:
      break;
  }
  return "unknown";
}

const char* kind_of(const bench_metric& metric) {
  if (metric.rating() != nullptr) return "rating";
  return metric.ranking() != nullptr ? "ranking" : "beyond";
}

json data_object(const data_facts& data) {
  json result;
  result["source"] = data.source;
  result["files"] = data.files;
  result["params"] = object(data.settings);
  result["filters"] = object(data.filters);
  result["weighting"] = data.weighting;
  result["users"] = data.users;
  result["items"] = data.items;
  result["interactions"] = data.interactions;
  result["density"] = number(data.density());
  result["has_values"] = data.has_values;
  result["has_timestamps"] = data.has_timestamps;
  result["seconds"] = number(data.seconds);
  return result;
}

json split_object(const bench_results& results) {
  json result;
  result["name"] = results.split;
  result["params"] = object(results.split_settings);
  result["folds"] = json::array();
  for (const auto& part : results.parts) {
    result["folds"].push_back({{"protocol", part.protocol},
                               {"train_interactions", part.train},
                               {"test_interactions", part.test},
                               {"evaluated_users", part.evaluated_users}});
  }
  return result;
}

json environment_object(const bench_results& results) {
  const auto& where = results.where;
  json result;
  result["recokit_version"] = where.build.version;
  result["build"] = where.build.build;
  result["compiler"] = where.build.compiler;
  result["executor"] = where.build.executor;
  result["eigen"] = where.build.eigen;
  result["simd"] = where.build.simd;
  result["backend"] = where.backend;
  result["threads"] = where.threads;
  result["hardware_threads"] = where.build.hardware_threads;
  result["processor"] = where.processor;
  return result;
}

json interval_object(const recokit::significance::interval& interval, const std::string& method) {
  return {{"mean", number(interval.mean)},
          {"low", number(interval.low)},
          {"high", number(interval.high)},
          {"level", 1 - significance_level},
          {"method", method},
          {"users", interval.users}};
}

json metric_object(const bench_results& results, const model_result& model, std::size_t m) {
  json values = json::array();
  for (const auto& fold : model.folds) values.push_back(number(fold.values[m].mean));
  json result = {
      {"mean", number(model.mean(m))}, {"stddev", number(model.deviation(m))}, {"folds", values}};
  const auto& inferred = model.inferred(m);
  const auto& method = results.inference.interval_method;
  result["interval"] =
      inferred.interval ? interval_object(*inferred.interval, method) : json(nullptr);
  for (const char* const name :
       {"p_value", "adjusted_p_value", "difference", "significantly_worse"}) {
    result[name] = nullptr;
  }
  if (const auto& comparison = inferred.comparison) {
    result["p_value"] = number(comparison->p_value);
    result["adjusted_p_value"] = number(comparison->adjusted_p_value);
    result["difference"] =
        interval_object(comparison->difference, method.empty() ? std::string("t") : method);
    if (results.metrics[m].good() != good_end::neither) {
      result["significantly_worse"] = comparison->significantly_worse;
    }
  }
  return result;
}

json comparison_object(const bench_results& results) {
  const auto& facts = results.inference;
  if (facts.method.empty()) return nullptr;
  return {{"best", facts.best},
          {"metric", results.metrics.front().name()},
          {"test", facts.test},
          {"level", significance_level},
          {"method", facts.method}};
}

json model_object(const bench_results& results, const model_result& model, std::size_t rank) {
  json result;
  result["label"] = model.label;
  result["model"] = model.name;
  result["params"] = object(model.settings);
  result["status"] = model.failed() ? "failed" : "ok";
  if (model.failed()) {
    result["error"] = model.error;
    return result;
  }
  result["rank"] = rank;
  result["fit_seconds"] = number(model.fit_seconds());
  result["recommend_users_per_second"] = number(model.users_per_second());
  result["predict_ratings_per_second"] = number(model.ratings_per_second());
  result["peak_memory_bytes"] = number(model.peak_memory());
  result["peak_memory_scope"] = scope_name(model.scope());
  result["metrics"] = json::object();
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    result["metrics"][results.metrics[m].name()] = metric_object(results, model, m);
  }
  result["folds"] = json::array();
  for (const auto& fold : model.folds) {
    result["folds"].push_back({{"fit_seconds", number(fold.fit_seconds)},
                               {"recommend_seconds", number(fold.recommend_seconds)},
                               {"fit_seconds_repeats", fold.fit_repeats},
                               {"recommend_seconds_repeats", fold.recommend_repeats},
                               {"recommended_users", fold.recommended_users},
                               {"predict_seconds", number(fold.predict_seconds)},
                               {"predicted_ratings", fold.predicted_ratings},
                               {"evaluated_users", fold.evaluated_users},
                               {"skipped_users", fold.skipped_users},
                               {"memory_before_bytes", number(fold.memory_before)},
                               {"peak_memory_bytes", number(fold.peak_memory)}});
  }
  return result;
}

}  // namespace

std::string json_text(const bench_results& results) {
  json report;
  report["schema"] = "recokit-bench";
  report["schema_version"] = json_schema_version;
  report["started"] = results.where.started;
  report["command"] = results.where.command;
  report["seed"] = results.seed;
  report["data"] = data_object(results.data);
  report["split"] = split_object(results);
  report["recommend_depth"] = results.depth;
  report["metrics"] = json::array();
  for (const auto& metric : results.metrics) {
    report["metrics"].push_back(
        {{"name", metric.name()}, {"convention", metric.convention()}, {"kind", kind_of(metric)}});
  }
  report["comparison"] = comparison_object(results);
  report["warnings"] = results.warnings;
  report["environment"] = environment_object(results);
  report["results"] = json::array();
  for (std::size_t i = 0; i < results.models.size(); ++i) {
    report["results"].push_back(model_object(results, results.models[i], i + 1));
  }
  // File names need not be UTF-8; JSON must.
  return report.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace recokit_bench
