// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include "../bench/output_file.hpp"
#include "command_line.hpp"
#include "preset_evaluation.hpp"
#include "report.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/version.hpp>
#include <recokit/metrics/trec.hpp>

#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace recokit_eval {
namespace {

namespace trec = recokit::trec;

/// "-" stands for standard input.
std::filesystem::path input_path(const std::string& name) {
  return name == "-" ? std::filesystem::path("/dev/stdin") : std::filesystem::path(name);
}

/// The judgements of one query alone.
trec::qrels only(const trec::qrels& all, const std::string& query) {
  const auto at = all.find(query);
  if (!at) throw recokit::value_error("-D", query, "the qrels have no such query");
  return trec::qrels({{all.query(*at), all.lines(*at)}}, std::make_shared<const trec::qrels>(all));
}

trec::evaluate_options options_of(const request& asked) {
  trec::evaluate_options options;
  options.judge.relevance_level = asked.relevance_level;
  options.judge.max_retrieved = asked.max_retrieved;
  options.judge.judged_only = asked.judged_only;
  options.judge.complete = asked.complete;
  options.collection_size = asked.collection_size;
  options.policy.threads = asked.threads;
  return options;
}

void tell(outcome& out, const std::string& message) {
  out.errors += "recokit-eval: " + message + "\n";
}

std::string some_queries(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " query" : " queries");
}

void tell_uneven(outcome& out, const request& asked, std::size_t without_judgements,
                 std::size_t unanswered, bool counted) {
  if (without_judgements > 0 && asked.only_query.empty()) {
    tell(out, some_queries(without_judgements) + " of the run without judgements ignored");
  }
  if (unanswered > 0) {
    tell(out, some_queries(unanswered) + " of the qrels without results " +
                  (counted ? "counted as 0" : "left out; -c counts them as 0"));
  }
}

outcome evaluate_preset(const request& asked) {
  outcome out;
  const preset_measures measures(asked);
  std::optional<recokit_bench::output_file> json;
  if (asked.json == json_place::file) json.emplace(asked.json_file);
  const recokit::cpu policy{.threads = asked.threads};
  auto judgements = trec::read_qrels(input_path(asked.qrels), policy);
  if (!asked.only_query.empty()) judgements = only(judgements, asked.only_query);
  const auto results = trec::read_run(input_path(asked.run), policy);
  const auto result = evaluate(policy, measures, judgements, results);
  tell_uneven(out, asked, result.without_judgements, result.unanswered, measures.complete());
  if (json) json->write(json_text(result, measures, asked));
  out.output = asked.json == json_place::output ? json_text(result, measures, asked)
                                                : table_text(result, measures, asked);
  return out;
}

outcome evaluate_trec(const request& asked) {
  outcome out;
  const trec::measure_set measures(asked.measures);
  for (const auto& request : measures.overruled()) {
    tell(out, "-m " + request + " does not count: the first parameters of a measure do");
  }
  if (asked.debug) tell(out, "-D traces nothing");
  std::optional<recokit_bench::output_file> json;
  if (asked.json == json_place::file) json.emplace(asked.json_file);

  auto options = options_of(asked);
  std::optional<trec::zscore_table> zscores;
  if (!asked.zscores.empty())
    options.zscores = &zscores.emplace(trec::zscore_table::read(asked.zscores));
  auto judgements = trec::read_qrels(input_path(asked.qrels), options.policy);
  if (!asked.only_query.empty()) judgements = only(judgements, asked.only_query);
  const auto results = trec::read_run(input_path(asked.run), options.policy);
  const auto result = trec::evaluate(judgements, results, measures, options);

  tell_uneven(out, asked, result.without_judgements, result.unanswered, asked.complete);
  if (json) json->write(json_text(result, asked));
  out.output =
      asked.json == json_place::output ? json_text(result, asked) : table_text(result, asked);
  return out;
}

}  // namespace

outcome run_program(const std::vector<std::string>& words) {
  outcome out;
  const auto fail = [&](exit_code code, const std::string& message) {
    out = {};
    out.code = code;
    tell(out, message);
  };
  std::optional<request> asked;
  try {
    asked = parse_command_line(words);
    if (asked->help) {
      out.output = help_text(*asked);
    } else if (asked->version) {
      out.output = "recokit-eval " RECOKIT_VERSION_STRING "\n";
    } else {
      out = asked->preset.empty() ? evaluate_trec(*asked) : evaluate_preset(*asked);
    }
  } catch (const usage_error& error) {
    fail(wrong_usage, error.what());
    out.errors += usage_text();
  } catch (const recokit::value_error& error) {
    // Measures and their parameters are usage; what the files lack is input.
    const bool usage = error.argument() == "measure" || error.argument() == "preset" ||
                       error.argument().starts_with("metric");
    fail(usage ? wrong_usage : bad_input, error.what());
  } catch (const recokit::io_error& error) {
    const bool writing =
        asked && asked->json == json_place::file && error.path() == asked->json_file;
    fail(writing ? no_output : bad_input, error.what());
  } catch (const recokit::error& error) {
    fail(bad_input, error.what());
  }
  return out;
}

}  // namespace recokit_eval
