// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include "groups.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace recokit_bench {
namespace {

constexpr const char* run_footer = R"(Examples:
  recokit-bench run
  recokit-bench run --data ml-100k/u.data --model popularity --model ials:factors=128,epochs=20
  recokit-bench run --data train.txt --test test.txt --metrics recall@20,ndcg@20 --html report.html
  recokit-bench run --data ratings.csv --min-rating 4 --k-core 5 --split k_fold:folds=5
  recokit-bench run --data ratings.csv --model rating_knn --model bias --metrics rmse,mae
  recokit-bench run --group small --repeats 5 --json today.json
  recokit-bench run --config bench.toml

A config file holds the same options under their long names; the command line wins:
  data = "ratings.csv"
  model = ["popularity", "ials:factors=128"]
  split = "leave_last_out"
  metrics = ["ndcg@10", "recall@20"]
  threads = 4
  html = "report.html"

Exit codes: 0 all models ran, 1 something failed, 2 the command line is wrong.
`recokit-bench list` names models, splits, weightings and metrics with all their fields.)";

std::string one_of(const std::string& option) { return "one of " + joined(words_of(option), ", "); }

void add_options(CLI::App& app, run_options& o) {
  const auto once = CLI::MultiOptionPolicy::Throw;
  const auto text = [&](const std::string& name, std::string& value, const std::string& meaning,
                        const std::string& type, const std::string& group) {
    auto* option = app.add_option(name, value, meaning)->type_name(type)->group(group);
    option->multi_option_policy(once);
    if (!value.empty()) option->capture_default_str();
  };
  const std::string data = "Data";
  text("--data", o.data, "interactions; without it, a synthetic set is drawn", "FILE", data);
  text("--test", o.test, "test part of a given split; --data is then the training part", "FILE",
       data);
  text("--synthetic", o.synthetic, "fields of the synthetic set, such as users=5000,items=2000",
       "FIELDS", data);
  text("--format", o.format, one_of("format"), "NAME", data);
  text("--columns", o.columns,
       "columns of delimited text: user=0,item=1,rating=2,timestamp=3 by position from 0, or by "
       "name in the header",
       "FIELDS", data);
  text("--delimiter", o.delimiter, one_of("delimiter") + ", or the character itself", "NAME", data);
  text("--header", o.header, one_of("header"), "NAME", data);
  text("--duplicates", o.duplicates,
       "which of two interactions of a user and an item stays: " + one_of("duplicates"), "NAME",
       data);
  text("--user-ids", o.user_ids, one_of("ids"), "NAME", data);
  text("--item-ids", o.item_ids, one_of("ids"), "NAME", data);
  app.add_flag("--ignore-ratings", o.ignore_ratings, "count every interaction as 1")->group(data);
  app.add_flag("--ignore-timestamps", o.ignore_timestamps, "leave timestamps out")->group(data);
  app.add_option("--min-rating", o.min_rating, "drop interactions with a lower rating")
      ->type_name("X")
      ->multi_option_policy(once)
      ->group(data);
  text("--k-core", o.k_core,
       "drop users and items with fewer than K interactions until none is left; K, or USERS,ITEMS",
       "K", data);
  text("--weighting", o.weighting,
       "of the training values: none, binary, log, tf_idf, bm25, or NAME:FIELD=VALUE,...", "SPEC",
       data);

  const std::string experiment = "Experiment";
  std::vector<std::string> groups;
  for (const auto& group : model_groups()) groups.push_back(group.name);
  text("--group", o.group,
       "a group of models in place of --model, without --data on a set of its own: one of " +
           joined(groups, ", "),
       "NAME", experiment);
  app.add_option("--model", o.models,
                 "NAME or NAME:FIELD=VALUE,...; may be repeated [" +
                     joined(default_models(false), " ") + "; on the built-in data " +
                     default_models(true).back() + "]")
      ->type_name("SPEC")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(experiment);
  text("--split", o.split,
       "NAME or NAME:FIELD=VALUE,... [" + default_split() + ", or given with --test]", "SPEC",
       experiment);
  app.add_option(
         "--metrics", o.metrics,
         "divided by commas; the first sorts the leaderboard [" + joined(o.metrics, ",") + "]")
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(experiment);
  text("--significance", o.significance_test,
       "paired test of each model against the best by the first metric: " + one_of("test"), "NAME",
       experiment);
  text("--intervals", o.intervals, "95 % intervals of the means over users: " + one_of("intervals"),
       "NAME", experiment);
  app.add_option("--threads", o.threads, "most threads to use, 0: all of the machine")
      ->type_name("N")
      ->check(CLI::Range(0, 4096).description(""))
      ->multi_option_policy(once)
      ->capture_default_str()
      ->group(experiment);
  // CLI11 would take 99999999999999999999 for the largest seed.
  app.add_option_function<std::string>(
         "--seed", [&o](const std::string& word) { detail::parse_value("--seed", word, o.seed); },
         "of synthetic data, split and models that have no seed of theirs")
      ->type_name("S")
      ->multi_option_policy(once)
      ->default_str(std::to_string(o.seed))
      ->group(experiment);

  app.add_option("--repeats", o.repeats,
                 "fit and evaluate each model N times, in turn; seconds are medians")
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""))
      ->multi_option_policy(once)
      ->capture_default_str()
      ->group(experiment);
  app.add_flag("--dry-run", o.dry_run, "check the command line, say what would run, and end")
      ->group(experiment);

  const std::string output = "Output";
  text("--json", o.json, "write the results as JSON", "FILE", output);
  text("--html", o.html, "write a page with table and charts", "FILE", output);
  text("--save", o.save, "write every fitted model as FOLDER/NAME.rkm; not with several folds",
       "FOLDER", output);
  app.add_flag("--quiet", o.quiet, "no progress on standard error")->group(output);
}

void describe(CLI::App& app, run_options& options) {
  app.description(
      "Fits models, evaluates them on held-out interactions and prints a leaderboard.\n"
      "Seconds are wall-clock seconds, memory is in MiB, ids of columns count from 0.");
  app.footer(run_footer);
  app.get_formatter()->column_width(26);
  app.set_help_flag("--help,-h", "print this and exit");
  add_options(app, options);
  app.set_config("--config", "", "read options from a TOML or INI file")->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
}

}  // namespace

run_request parse_run(const std::vector<std::string>& words) {
  run_request request;
  CLI::App app("", "recokit-bench run");
  describe(app, request.options);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    request.help = app.help();
  } catch (const CLI::ParseError& error) {
    throw usage_error(error.what());
  }
  return request;
}

std::string run_help() {
  run_options options;
  CLI::App app("", "recokit-bench run");
  describe(app, options);
  return app.help();
}

}  // namespace recokit_bench
