// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "catalogue.hpp"
#include "command_line.hpp"
#include "compare.hpp"
#include "leaderboard.hpp"
#include "output_file.hpp"
#include "report_html.hpp"
#include "report_json.hpp"
#include "run.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace recokit_bench {
namespace {

const char* const overview =
    R"(recokit-bench: trains recommender models, evaluates them and reports.

Usage:
  recokit-bench run [OPTIONS]   fit and evaluate; without options, on a built-in synthetic set
  recokit-bench compare A B     two JSON reports: what changed by more than chance
  recokit-bench list            models, splits, weightings and metrics with their fields
  recokit-bench --help          this text
  recokit-bench --version       version and build

)";

enum exit_code { success = 0, failure = 1, wrong_usage = 2, loss = 3 };

void print(const std::string& text) {
  std::cout << text << std::flush;
  if (!std::cout) throw std::runtime_error("cannot write to standard output");
}

exit_code run(const std::vector<std::string>& words, const std::vector<std::string>& command) {
  const run_request request = parse_run(words);
  if (!request.help.empty()) {
    print(request.help);
    return success;
  }
  const run_options& options = request.options;
  const run_plan plan = resolve(options);
  if (options.dry_run) {
    print(plan_text(plan));
    return success;
  }
  std::optional<output_file> json, html;
  if (!options.json.empty()) json.emplace(options.json);
  if (!options.html.empty()) html.emplace(options.html);

  if (!options.save.empty()) make_writable_folder(options.save);

  progress_line line(options.quiet);
  const bench_results results = run_plan_of(plan, command, line);
  // Files first: they are there even when nobody reads the table to its end.
  std::vector<std::string> problems;
  const auto save = [&](const std::optional<output_file>& file, const auto& text) {
    if (!file) return;
    try {
      file->write(text(results));
    } catch (const recokit::io_error& error) {
      problems.emplace_back(error.what());
    }
  };
  save(json, json_text);
  save(html, html_text);
  for (const auto& model : results.models) {
    if (model.failed()) problems.push_back(model.label + ": " + model.error);
    for (const auto& fold : model.folds) {
      if (!fold.save_error.empty()) problems.push_back(model.label + ": " + fold.save_error);
    }
  }
  print(leaderboard_text(results));
  for (const auto& problem : problems) std::cerr << "recokit-bench: " << problem << "\n";
  return problems.empty() ? success : failure;
}

const char* const compare_help =
    R"(Usage: recokit-bench compare BEFORE.json AFTER.json [--tolerance X]

Holds two files of run --json against each other, model by model: metrics by their intervals or
folds, seconds by their repeats. Seconds that differ by less than the tolerance (0.05, a share) are
never called a change. Exit codes: 0 nothing is worse, 1 the files cannot be compared, 2 the command
line is wrong, 3 something is worse.
)";

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || !text) throw std::runtime_error(file + ": cannot be read");
  return text.str();
}

exit_code compare(std::vector<std::string> words) {
  double tolerance = 0.05;
  if (words == std::vector<std::string>{"--help"} || words == std::vector<std::string>{"-h"}) {
    print(compare_help);
    return success;
  }
  const auto option = std::find(words.begin(), words.end(), "--tolerance");
  if (option != words.end()) {
    if (option + 1 == words.end()) throw usage_error("--tolerance needs a number");
    detail::parse_value("--tolerance", *(option + 1), tolerance);
    if (!(tolerance >= 0)) throw usage_error("--tolerance must be at least 0");
    words.erase(option, option + 2);
  }
  for (const auto& word : words) {
    if (word.starts_with("--")) throw unknown_word("option", word, {"--tolerance", "--help"});
  }
  if (words.size() != 2) throw usage_error("compare takes two JSON files");
  const auto result = compare_reports(text_of(words[0]), text_of(words[1]), tolerance);
  print(comparison_text(result));
  return result.any(verdict::worse) ? loss : success;
}

exit_code dispatch(const std::vector<std::string>& command) {
  const std::string word = command.size() > 1 ? command[1] : "--help";
  const std::vector<std::string> rest(
      command.begin() + std::min<std::ptrdiff_t>(2, std::ssize(command)), command.end());
  if (word == "run") return run(rest, command);
  if (word == "compare") return compare(rest);
  if (word == "--help" || word == "-h" || word == "help") {
    print(overview + run_help());
    return command.size() > 1 ? success : wrong_usage;
  }
  const std::vector<std::string> commands{"run", "compare", "list", "--help", "--version"};
  if (word != "list" && word != "--version") throw unknown_word("command", word, commands);
  if (!rest.empty()) throw usage_error(word + " takes no arguments, got \"" + rest.front() + "\"");
  print(word == "list" ? catalogue_text()
                       : "recokit-bench " + build_line(recokit::build_info()) + "\n");
  return success;
}

}  // namespace
}  // namespace recokit_bench

int main(int argc, char** argv) {
  using namespace recokit_bench;
  try {
    return dispatch({argv, argv + argc});
  } catch (const usage_error& error) {
    std::cerr << "recokit-bench: " << error.what() << "\nSee recokit-bench --help\n";
    return wrong_usage;
  } catch (const std::bad_alloc&) {
    std::cerr << "recokit-bench: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "recokit-bench: " << error.what() << "\n";
  }
  return failure;
}
