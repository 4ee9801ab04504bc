// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <recokit/metrics/presets.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

namespace recokit_eval {
namespace {

enum class value { none, needed, optional };

struct option {
  char letter;  ///< '\0': only by its long name
  std::string_view name;
  value takes;
};

constexpr char json_letter = '\1';
constexpr char threads_letter = '\2';
constexpr char preset_letter = '\3';
constexpr char metrics_letter = '\4';

constexpr option options[] = {
    {'h', "help", value::none},
    {'v', "version", value::none},
    {'q', "query_eval_wanted", value::none},
    {'m', "measure", value::needed},
    {'c', "complete_rel_info_wanted", value::none},
    {'l', "level_for_rel", value::needed},
    {'n', "nosummary", value::none},
    {'D', "Debug_level", value::needed},
    {'J', "Judged_docs_only", value::none},
    {'N', "Number_docs_in_coll", value::needed},
    {'M', "Max_retrieved_per_topic", value::needed},
    {'R', "Rel_info_format", value::needed},
    {'T', "Results_format", value::needed},
    {'o', "Output_old_results_format", value::none},
    {'Z', "Zscore", value::needed},
    {json_letter, "json", value::optional},
    {threads_letter, "threads", value::needed},
    {preset_letter, "preset", value::needed},
    {metrics_letter, "metrics", value::needed},
};

std::int64_t whole(const std::string& shown, const std::string& text, std::int64_t low,
                   std::int64_t high) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, number);
  if (status != std::errc{} || stop != end || number < low || number > high) {
    throw usage_error(shown + " " + text + ": must be a whole number from " + std::to_string(low) +
                      (high < std::numeric_limits<std::int32_t>::max() ||
                               high == std::numeric_limits<std::int32_t>::max()
                           ? " to " + std::to_string(high)
                           : " on"));
  }
  return number;
}

/// Words between commas; commas in parentheses belong to a word.
std::vector<std::string> metric_words(const std::string& text) {
  std::vector<std::string> words(1);
  int open = 0;
  for (const char c : text) {
    open += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && open == 0) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

void apply(request& asked, char letter, const std::string& shown, const std::string& text) {
  constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 2;
  switch (letter) {
    case 'h':
      asked.help = true;
      break;
    case 'v':
      asked.version = true;
      break;
    case 'q':
      asked.by_query = true;
      break;
    case 'm':
      asked.measures.push_back(text);
      break;
    case 'c':
      asked.complete = true;
      break;
    case 'l':
      asked.relevance_level = static_cast<std::int32_t>(whole(shown, text, 0, int_max));
      break;
    case 'n':
      asked.summary = false;
      break;
    case 'D': {
      const auto dot = text.find('.');
      asked.debug = true;
      if (dot != std::string::npos) asked.only_query = text.substr(dot + 1);
      break;
    }
    case 'J':
      asked.judged_only = true;
      break;
    case 'N':
      asked.collection_size = whole(shown, text, 0, most);
      break;
    case 'M':
      asked.max_retrieved = whole(shown, text, 1, most);
      break;
    case 'R':
      if (text != "qrels") {
        throw usage_error(shown + " " + text +
                          ": recokit-eval reads judgements as qrels only, no preferences");
      }
      break;
    case 'T':
      if (text != "trec_results") {
        throw usage_error(shown + " " + text + ": recokit-eval reads runs as trec_results only");
      }
      break;
    case 'o':
      break;  // trec_eval takes it and does nothing
    case 'Z':
      asked.zscores = text;
      break;
    case json_letter:
      asked.json = text.empty() ? json_place::output : json_place::file;
      asked.json_file = text;
      break;
    case threads_letter:
      asked.threads = static_cast<int>(whole(shown, text, 1, 4096));
      break;
    case preset_letter:
      asked.preset = text;
      break;
    case metrics_letter:
      for (auto& word : metric_words(text)) asked.metrics.push_back(std::move(word));
      break;
    default:
      break;
  }
}

const option& find_long(std::string_view name) {
  const option* found = nullptr;
  for (const option& each : options) {
    if (each.name == name) return each;
    if (!each.name.starts_with(name)) continue;
    if (found != nullptr) throw usage_error("--" + std::string(name) + " may mean several options");
    found = &each;
  }
  if (found == nullptr || name.empty()) {
    throw usage_error("there is no option --" + std::string(name));
  }
  return *found;
}

}  // namespace

request parse_command_line(const std::vector<std::string>& words) {
  request asked;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto next_word = [&](const std::string& shown) {
      if (i + 1 == words.size()) throw usage_error(shown + " needs a value");
      return words[++i];
    };
    if (word == "--") {
      files.insert(files.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word.starts_with("--")) {
      const auto equals = word.find('=');
      const option& found = find_long(
          std::string_view(word).substr(2, equals == std::string::npos ? equals : equals - 2));
      const std::string shown = "--" + std::string(found.name);
      std::string text;
      if (equals != std::string::npos) {
        if (found.takes == value::none) throw usage_error(shown + " takes no value");
        text = word.substr(equals + 1);
        if (text.empty()) throw usage_error(shown + " needs a value behind =");
      } else if (found.takes == value::needed) {
        text = next_word(shown);
      }
      apply(asked, found.letter, shown, text);
    } else if (word.size() > 1 && word[0] == '-') {
      for (std::size_t at = 1; at < word.size(); ++at) {
        const auto* const found =
            std::find_if(std::begin(options), std::end(options),
                         [&](const option& o) { return o.letter == word[at]; });
        const std::string shown = std::string("-") + word[at];
        if (found == std::end(options)) throw usage_error("there is no option " + shown);
        if (found->takes != value::needed) {
          apply(asked, found->letter, shown, {});
          continue;
        }
        apply(asked, found->letter, shown,
              at + 1 < word.size() ? word.substr(at + 1) : next_word(shown));
        break;
      }
    } else {
      files.push_back(word);
    }
  }
  if (asked.help || asked.version) return asked;
  if (files.size() != 2) {
    throw usage_error("needs two files, qrels and run; got " + std::to_string(files.size()));
  }
  if (!asked.metrics.empty() && asked.preset.empty()) asked.preset = "recokit";
  if (!asked.preset.empty()) {
    const auto refuse = [](bool given, const char* shown) {
      if (given)
        throw usage_error(std::string(shown) + " is trec_eval's and does not go with --preset");
    };
    refuse(!asked.measures.empty(), "-m");
    refuse(asked.judged_only, "-J");
    refuse(asked.collection_size != 0, "-N");
    refuse(!asked.zscores.empty(), "-Z");
  }
  asked.qrels = files[0];
  asked.run = files[1];
  return asked;
}

std::string usage_text() {
  return R"(Usage: recokit-eval [-h] [-q] {-m measure}* QRELS RUN
   -h: all options and measures
   -q: values of each query too
   -m: measures to compute (-m official is the default, -m all_trec computes all)
)";
}

std::string help_text(const request& asked) {
  std::string text = R"(recokit-eval: measures of a TREC run, as trec_eval computes and prints them.

Usage: recokit-eval [OPTIONS] QRELS RUN

  QRELS  lines `query iteration document relevance`
  RUN    lines `query Q0 document rank score run-id`; - reads standard input

 -q, --query_eval_wanted           values of each query too
 -n, --nosummary                   no values over all queries
 -m, --measure NAME[.PARAMETERS]   measure, or a group: official (default), all_trec, set; repeatable
 -c, --complete_rel_info_wanted    count queries without results as 0 instead of leaving them out
 -l, --level_for_rel N             judgements from N on are relevant; default 1
 -M, --Max_retrieved_per_topic N   look at the first N documents of a query only
 -J, --Judged_docs_only            leave documents without judgement out of the lists
 -N, --Number_docs_in_coll N       documents in the collection, for utility
 -Z, --Zscore FILE                 z-scores; FILE has lines `query measure mean deviation`
 -D, --Debug_level N[.QUERY]       evaluate QUERY only (nothing is traced)
 -R qrels, -T trec_results         the formats read; there are no others
     --json                        JSON in place of the table
     --json=FILE                   JSON into FILE besides the table
     --threads N                   threads; default all
     --preset NAME                 metrics with the conventions of another library, in place of -m
     --metrics A,B,...             its metrics under its own names or recokit's, such as ndcg@10;
                                   repeatable; default all, cut at 10
 -h, --help    -v, --version

Presets: )";
  std::string names;
  for (const auto& preset : recokit::ranking_presets()) {
    names += (names.empty() ? "" : ", ") + preset.name;
  }
  text += names + "\n\nMeasures:\n";
  const auto all = recokit::trec::all_measures();
  std::vector<std::string> wanted;
  if (!asked.measures.empty()) {
    const recokit::trec::measure_set set(asked.measures);
    for (const auto& m : set.measures()) wanted.emplace_back(all[m.kind].name);
  }
  for (const auto& [name, meaning] : all) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
    text += "  " + std::string(name);
    text.append(name.size() < 22 ? 22 - name.size() : 1, ' ');
    text += std::string(meaning) + "\n";
  }
  return text;
}

}  // namespace recokit_eval
