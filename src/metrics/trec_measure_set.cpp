// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "trec_measure_table.hpp"
#include "trec_scan.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>

namespace recokit::inline RECOKIT_ABI::trec {
namespace {

using detail::measure_entry;
using detail::measure_table;
using detail::number_status;
using detail::parameter_kind;
using recokit::detail::in_quotes;

constexpr std::array official{"runid",  "num_q", "num_ret", "num_rel",    "num_rel_ret",     "map",
                              "gm_map", "Rprec", "bpref",   "recip_rank", "iprec_at_recall", "P"};
constexpr std::array set_measures{"runid",          "num_q",   "num_ret", "num_rel",
                                  "num_rel_ret",    "utility", "set_P",   "set_recall",
                                  "set_relative_P", "set_map", "set_F"};
// all_trec is every measure but these.
constexpr std::array only_by_name{"dcg", "ideal_dcg", "yaap"};

/// Measures of trec_eval that compare preferences or groups of judges.
bool needs_another_format(std::string_view name) {
  return name.starts_with("prefs") || name == "all_prefs" || name == "qrels_jg" ||
         name.ends_with("_avgjg");
}

[[noreturn]] void fail(const std::string& request, const std::string& what) {
  throw value_error("measure", in_quotes(request), what);
}

std::size_t find_measure(std::string_view name) {
  const auto table = measure_table();
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const measure_entry& entry) { return entry.name == name; });
  return static_cast<std::size_t>(at - table.begin());
}

/// The measures that a name stands for, as places in the table.
std::vector<std::size_t> kinds_of(const std::string& request, std::string_view name,
                                  bool parameters) {
  std::vector<std::size_t> kinds;
  const auto add_all = [&](const auto& names) {
    for (const auto* const one : names) kinds.push_back(find_measure(one));
  };
  const auto table = measure_table();
  if (name == "official") {
    add_all(official);
  } else if (name == "set") {
    add_all(set_measures);
  } else if (name == "all_trec") {
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (std::find(only_by_name.begin(), only_by_name.end(), table[i].name) ==
          only_by_name.end()) {
        kinds.push_back(i);
      }
    }
  } else if (needs_another_format(name)) {
    fail(request, "recokit has no measures of preferences or judgement groups");
  } else {
    const std::size_t kind = find_measure(name);
    if (kind == table.size()) fail(request, "there is no such measure");
    if (parameters && table[kind].takes == parameter_kind::none) {
      fail(request, std::string(name) + " takes no parameters");
    }
    return {kind};
  }
  if (parameters) fail(request, "a group of measures takes no parameters");
  return kinds;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

double number(const std::string& request, std::string_view text) {
  double value = 0;
  if (detail::parse_score(text, value) != number_status::good || !std::isfinite(value)) {
    fail(request, "parameter " + in_quotes(text) + " is not a number");
  }
  return value;
}

void check_distinct(const std::string& request, const std::vector<double>& sorted) {
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    fail(request, "a parameter is there twice");
  }
}

/// The parameters of one measure, as given or by default.
void set_parameters(measure& m, const measure_entry& entry, const std::string& request,
                    const std::optional<std::string>& given) {
  if (entry.takes == parameter_kind::pairs) {
    if (!given) return;
    for (const auto part : split(*given)) {
      const auto equals = part.find('=');
      if (equals == std::string_view::npos) {
        fail(request, "parameters must be relevance=gain, such as 1=3.5,2=9");
      }
      const auto name = part.substr(0, equals);
      const double value = number(request, part.substr(equals + 1));
      std::int64_t level = 0;
      if (name == "p" && entry.name.starts_with("rbp")) {
        if (!(value >= 0 && value <= 1)) fail(request, "p must be in [0, 1]");
        m.persistence = value;
      } else if (recokit::detail::parse_integer(name, level) != number_status::good ||
                 std::abs(level) > 1'000'000'000) {
        fail(request, in_quotes(name) + " is not a relevance");
      } else {
        for (const auto& other : m.gains) {
          if (other.first == level) fail(request, "a parameter is there twice");
        }
        m.gains.emplace_back(static_cast<std::int32_t>(level), value);
      }
    }
    return;
  }
  std::vector<double> values(entry.defaults.begin(), entry.defaults.end());
  if (given) {
    values.clear();
    for (const auto part : split(*given)) values.push_back(number(request, part));
  }
  if (entry.takes == parameter_kind::cutoffs) {
    for (double& value : values) {
      value = std::trunc(value);
      if (!(value >= 1 && value <= 1e15)) fail(request, "cutoffs must be positive");
    }
    std::sort(values.begin(), values.end());
    check_distinct(request, values);
    m.cutoffs.assign(values.begin(), values.end());
    return;
  }
  if (entry.takes == parameter_kind::fractions) {
    std::sort(values.begin(), values.end());
    check_distinct(request, values);
  } else if (entry.kind != summary::rank_string && entry.name != "11pt_avg" &&
             values.size() != entry.defaults.size()) {
    fail(request, std::string(entry.name) + " takes " + std::to_string(entry.defaults.size()) +
                      (entry.defaults.size() == 1 ? " number" : " numbers"));
  }
  for (const double value : values) {
    if (std::abs(value) > 1e9) fail(request, "a parameter is out of range");
  }
  m.values = std::move(values);
}

/// "0.10" as printf's %3.2f.
std::string two_decimals(double value) {
  std::array<char, 64> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  return {text.data(), end};
}

void add_columns(measure& m, const measure_entry& entry, const std::optional<std::string>& given,
                 std::vector<column>& columns) {
  m.first_column = columns.size();
  const std::string name(entry.name);
  if (entry.takes == parameter_kind::cutoffs) {
    for (const auto cutoff : m.cutoffs) {
      columns.push_back({name + "_" + std::to_string(cutoff), entry.kind});
    }
  } else if (entry.takes == parameter_kind::fractions) {
    for (const double value : m.values) {
      columns.push_back({name + "_" + two_decimals(value), entry.kind});
    }
  } else {
    columns.push_back({given ? name + "_" + *given : name, entry.kind});
  }
  m.columns = columns.size() - m.first_column;
}

}  // namespace

measure_set::measure_set(std::span<const std::string> requests) {
  const auto table = measure_table();
  struct wish {
    std::string request;
    std::optional<std::string> parameters;
  };
  std::map<std::size_t, wish> wishes;  // by place in the table, so in its order
  const std::array<std::string, 1> usual{"official"};
  for (const auto& request : requests.empty() ? std::span<const std::string>(usual) : requests) {
    const auto dot = request.find('.');
    const auto name = std::string_view(request).substr(0, dot);
    std::optional<std::string> parameters;
    if (dot != std::string::npos) {
      parameters = request.substr(dot + 1);
      if (parameters->empty()) fail(request, "nothing follows the dot");
    }
    for (const auto kind : kinds_of(request, name, parameters.has_value())) {
      const auto [at, fresh] = wishes.try_emplace(kind, wish{request, parameters});
      if (fresh || !parameters) continue;
      if (at->second.parameters) {
        if (*at->second.parameters != *parameters) overruled_.push_back(request);
      } else {
        at->second = {request, parameters};  // parameters count wherever the bare name stands
      }
    }
  }
  for (const auto& [kind, wanted] : wishes) {
    measure m;
    m.kind = kind;
    set_parameters(m, table[kind], wanted.request, wanted.parameters);
    add_columns(m, table[kind], wanted.parameters, columns_);
    measures_.push_back(std::move(m));
  }
}

std::vector<measure_help> all_measures() {
  std::vector<measure_help> all;
  for (const auto& entry : measure_table()) all.push_back({entry.name, entry.help});
  return all;
}

}  // namespace recokit::inline RECOKIT_ABI::trec
