// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "plan.hpp"

#include "groups.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace recokit_bench {
namespace {

using recokit::duplicate_rule;
using recokit::file_format;
using recokit::header_rule;
using recokit::id_rule;

template <class Value>
struct choice {
  std::string_view word;
  Value value;
};

constexpr std::array formats{
    choice<file_format>{"detect", file_format::detect},
    choice<file_format>{"movielens", file_format::movielens},
    choice<file_format>{"delimited", file_format::delimited},
    choice<file_format>{"lightgcn", file_format::lightgcn},
    choice<file_format>{"matrix_market", file_format::matrix_market},
    choice<file_format>{"npz", file_format::npz},
};
constexpr std::array delimiters{
    choice<char>{"detect", 0},      choice<char>{"tab", '\t'}, choice<char>{"comma", ','},
    choice<char>{"semicolon", ';'}, choice<char>{"bar", '|'},  choice<char>{"blank", ' '},
};
constexpr std::array headers{
    choice<header_rule>{"detect", header_rule::detect},
    choice<header_rule>{"present", header_rule::present},
    choice<header_rule>{"absent", header_rule::absent},
};
constexpr std::array duplicate_rules{
    choice<duplicate_rule>{"last", duplicate_rule::last},
    choice<duplicate_rule>{"sum", duplicate_rule::sum},
    choice<duplicate_rule>{"max", duplicate_rule::max},
    choice<duplicate_rule>{"error", duplicate_rule::error},
};
constexpr std::array id_rules{
    choice<id_rule>{"detect", id_rule::detect},
    choice<id_rule>{"integer", id_rule::integer},
    choice<id_rule>{"string", id_rule::string},
};

using recokit::significance::interval_method;
using recokit::significance::paired_test;

constexpr std::array paired_tests{
    choice<paired_test>{"t", paired_test::t},
    choice<paired_test>{"wilcoxon", paired_test::wilcoxon},
    choice<paired_test>{"fisher", paired_test::fisher},
};
constexpr std::array interval_methods{
    choice<std::optional<interval_method>>{"t", interval_method::student_t},
    choice<std::optional<interval_method>>{"percentile", interval_method::percentile},
    choice<std::optional<interval_method>>{"basic", interval_method::basic},
    choice<std::optional<interval_method>>{"bca", interval_method::bca},
    choice<std::optional<interval_method>>{"none", std::nullopt},
};

template <class Choices>
std::vector<std::string> words(const Choices& choices) {
  std::vector<std::string> list;
  for (const auto& each : choices) list.emplace_back(each.word);
  return list;
}

template <class Choices>
auto chosen(std::string_view what, std::string_view word, const Choices& choices) {
  for (const auto& each : choices) {
    if (each.word == word) return each.value;
  }
  throw unknown_word(what, word, words(choices));
}

// A word, or the character itself.
char delimiter_of(const std::string& text) {
  if (text.size() == 1) return text[0];
  if (text == "\\t") return '\t';
  return chosen("delimiter", text, delimiters);
}

int whole_number(std::string_view what, const std::string& text) {
  int value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || value < 0) {
    throw usage_error(std::string(what) + ": expected a whole number, not negative, got \"" + text +
                      "\"");
  }
  return value;
}

// FOLDER/ials.rkm; a second ials is FOLDER/ials-2.rkm.
void name_model_files(const std::filesystem::path& folder, run_plan& plan) {
  for (auto model = plan.models.begin(); model != plan.models.end(); ++model) {
    const auto same = [&](const planned_model& other) { return other.name == model->name; };
    const auto before = std::count_if(plan.models.begin(), model, same);
    const std::string number = before == 0 ? "" : "-" + std::to_string(before + 1);
    model->save_as = folder / (model->name + number + ".rkm");
  }
}

void refuse(bool given, const std::string& option, const std::string& why) {
  if (given) throw usage_error(option + " " + why);
}

}  // namespace

const std::vector<std::string>& default_models(bool built_in_data) {
  static const std::vector<std::string> any{"popularity", "item_knn", "ials"};
  static const std::vector<std::string> built_in{
      "popularity", "item_knn", "ials:factors=16,regularization=0.03,unobserved_weight=0.5"};
  return built_in_data ? built_in : any;
}

const std::string& default_split() {
  static const std::string split = "random:test_fraction=0.2";
  return split;
}

std::vector<std::string> words_of(const std::string& option) {
  if (option == "format") return words(formats);
  if (option == "delimiter") return words(delimiters);
  if (option == "header") return words(headers);
  if (option == "duplicates") return words(duplicate_rules);
  if (option == "test") return words(paired_tests);
  if (option == "intervals") return words(interval_methods);
  return words(id_rules);
}

void set_columns(const std::string& text, recokit::read_options& reading) {
  const std::array<std::pair<std::string_view, recokit::column_name*>, 4> columns{{
      {"user", &reading.user},
      {"item", &reading.item},
      {"rating", &reading.rating},
      {"timestamp", &reading.timestamp},
  }};
  for (const auto& given : parse_fields("--columns", text)) {
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&](const auto& c) { return c.first == given.name; });
    if (column == columns.end()) {
      throw unknown_word("column", given.name, {"user", "item", "rating", "timestamp"});
    }
    if (given.value.find_first_not_of("0123456789") == std::string::npos) {
      *column->second = whole_number("--columns " + given.name, given.value);
    } else {
      *column->second = given.value;
    }
  }
}

recokit::k_core_params parse_k_core(const std::string& text) {
  const auto numbers = divided(text, ',');
  if (numbers.size() > 2) {
    throw usage_error("--k-core \"" + text + "\": expected K, or USERS,ITEMS");
  }
  return {.user = whole_number("--k-core", numbers.front()),
          .item = whole_number("--k-core", numbers.back())};
}

run_plan resolve(const run_options& options) {
  run_plan plan;
  const bool synthetic = options.data.empty();
  if (synthetic) {
    const std::string needs = "needs --data";
    refuse(!options.test.empty(), "--test", needs);
    refuse(!options.columns.empty(), "--columns", needs);
    refuse(options.format != "detect", "--format", needs);
  } else {
    refuse(!options.synthetic.empty(), "--synthetic", "and --data exclude each other");
  }
  plan.data = options.data;
  plan.test = options.test;
  plan.policy.threads = options.threads;
  plan.seed = options.seed;

  plan.repeats = options.repeats;
  const model_group* const group = options.group.empty() ? nullptr : &find_group(options.group);
  refuse(group != nullptr && !options.models.empty(), "--group", "and --model exclude each other");
  const bool groups_set = group != nullptr && synthetic && options.synthetic.empty();

  set_fields("synthetic",
             parse_fields("--synthetic", groups_set ? group->synthetic : options.synthetic),
             plan.synthetic, recokit::synthetic::params::fields(), options.seed);
  try {
    recokit::check_params("synthetic", plan.synthetic);
  } catch (const recokit::value_error& error) {
    throw usage_error(error.what());
  }

  plan.reading.format = chosen("format", options.format, formats);
  plan.reading.delimiter = delimiter_of(options.delimiter);
  plan.reading.header = chosen("header", options.header, headers);
  plan.reading.duplicates = chosen("duplicates", options.duplicates, duplicate_rules);
  plan.reading.user_ids = chosen("user ids", options.user_ids, id_rules);
  plan.reading.item_ids = chosen("item ids", options.item_ids, id_rules);
  plan.reading.ignore_ratings = options.ignore_ratings;
  plan.reading.ignore_timestamps = options.ignore_timestamps;
  plan.reading.policy = plan.policy;
  set_columns(options.columns, plan.reading);

  plan.min_rating = options.min_rating;
  if (plan.min_rating && !std::isfinite(*plan.min_rating)) {
    throw usage_error("--min-rating must be a finite number");
  }
  refuse(plan.min_rating && options.ignore_ratings, "--min-rating",
         "and --ignore-ratings exclude each other");
  if (!options.k_core.empty()) plan.k_core = parse_k_core(options.k_core);
  plan.weighting = make_weighting(options.weighting);

  const bool two_files = !options.test.empty();
  plan.split = make_split(!options.split.empty() ? options.split
                          : two_files            ? "given"
                                                 : default_split(),
                          options.seed);
  const bool given = plan.split.name == "given";
  refuse(given && !two_files, "--split given", "needs --test");
  refuse(two_files && !given, "--test", "is the split \"given\"; leave --split out");
  refuse(given && plan.k_core, "--k-core", "would renumber a given split; it needs --data alone");
  refuse(plan.split.strong_generalisation && !plan.weighting.entry_by_entry,
         "--weighting " + plan.weighting.name,
         "counts over users and items, which folded-in histories do not share with the training "
         "part; take none, binary or log with this split");

  for (const auto& word : options.metrics) {
    const auto metric = parse_metric_word(word);
    if (std::find(plan.metrics.begin(), plan.metrics.end(), metric) == plan.metrics.end()) {
      plan.metrics.push_back(metric);
    }
  }
  if (plan.metrics.empty()) throw usage_error("--metrics must name at least one metric");
  if (plan.metrics.front().beyond() != nullptr) {
    throw usage_error(
        "--metrics: the first sorts the leaderboard and must be a ranking metric or one of "
        "predicted ratings, got " +
        plan.metrics.front().name() + "; put one such as ndcg@10 before it");
  }
  const auto first_of = [&](const auto& is_kind) {
    return std::find_if(plan.metrics.begin(), plan.metrics.end(), is_kind);
  };
  const auto ranking = first_of([](const auto& metric) { return metric.ranking() != nullptr; });
  const auto beyond = first_of([](const auto& metric) { return metric.beyond() != nullptr; });
  const auto rating = first_of([](const auto& metric) { return metric.rating() != nullptr; });
  const auto none = plan.metrics.end();
  if (beyond != none && ranking == none) {
    throw usage_error("--metrics: " + beyond->name() +
                      " is of lists; take a ranking metric such as ndcg@10 with it");
  }
  if (rating != none) {
    const std::string word = "--metrics " + rating->name();
    refuse(options.ignore_ratings, word, "needs ratings; leave --ignore-ratings out");
    refuse(plan.weighting.name != "none", word,
           "compares with ratings as read; leave --weighting out");
  }
  refuse(!options.save.empty() && plan.split.folds > 1, "--save",
         "is for one fit a model, and --split " + plan.split.name + " makes " +
             std::to_string(plan.split.folds) + "; take a split such as " + default_split());
  plan.inference.test = chosen("test", options.significance_test, paired_tests);
  plan.inference.intervals = chosen("intervals", options.intervals, interval_methods);

  static const std::vector<std::string> rating_models{"bias", "slope_one", "rating_knn"};
  const auto& by_default = plan.metrics.front().rating() != nullptr
                               ? rating_models
                               : default_models(options.data.empty());
  const auto& by_group = group != nullptr ? group->models : by_default;
  for (const auto& text : options.models.empty() ? by_group : options.models) {
    const spec model = parse_spec("--model", text);
    const model_entry& entry = find_model(model.name);
    if (rating != none && !entry.predicts_ratings) {
      std::vector<std::string> able;
      for (const auto& other : model_entries()) {
        if (other.predicts_ratings) able.push_back(other.name);
      }
      throw usage_error(
          "--metrics " + rating->name() + ": model \"" + model.name +
          "\" ranks items and predicts no ratings; models that do: " + joined(able, ", "));
    }
    refuse(!options.save.empty() && !entry.can_save, "--save",
           "cannot be: model \"" + model.name + "\" has no model file");
    plan.models.push_back({model.text, model.name, entry.make(model, options.seed)});
  }
  if (!options.save.empty()) name_model_files(options.save, plan);
  return plan;
}

std::string plan_text(const run_plan& plan) {
  std::string text = "would run " + std::to_string(plan.models.size()) + " models on " +
                     (plan.data.empty() ? "synthetic data" : plan.data) + ", split " +
                     plan.split.name + ", " + std::to_string(plan.repeats) + " times:\n";
  for (const auto& model : plan.models) text += "  " + model.label + "\n";
  std::vector<std::string> names;
  for (const auto& metric : plan.metrics) names.push_back(metric.name());
  return text + "metrics " + joined(names, ", ") + "\n";
}

}  // namespace recokit_bench
