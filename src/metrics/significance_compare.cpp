// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "paired_values.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::significance {
namespace {

using columns = std::vector<std::vector<double>>;

// The users for whom every model has a value, a vector a model.
columns complete_users(const Eigen::Ref<const Eigen::MatrixXd>& values, missing_values missing,
                       std::int64_t& dropped) {
  std::vector<bool> complete(static_cast<std::size_t>(values.rows()), true);
  for (Eigen::Index m = 0; m < values.cols(); ++m) {
    const std::string argument = "values.col(" + std::to_string(m) + ")";
    for (Eigen::Index u = 0; u < values.rows(); ++u) {
      if (!detail::present(values(u, m), argument, u, missing)) {
        complete[static_cast<std::size_t>(u)] = false;
      }
    }
  }
  const auto users = std::count(complete.begin(), complete.end(), true);
  dropped = static_cast<std::int64_t>(values.rows()) - users;
  columns kept(static_cast<std::size_t>(values.cols()));
  for (std::size_t m = 0; m < kept.size(); ++m) {
    kept[m].reserve(static_cast<std::size_t>(users));
    for (std::size_t u = 0; u < complete.size(); ++u) {
      if (complete[u]) {
        kept[m].push_back(values(static_cast<Eigen::Index>(u), static_cast<Eigen::Index>(m)));
      }
    }
  }
  return kept;
}

std::vector<std::pair<int, int>> wanted_pairs(const compare_options& options, int models,
                                              int best) {
  std::vector<std::pair<int, int>> pairs;
  if (options.pairs == comparison_set::all_pairs) {
    for (int a = 0; a < models; ++a) {
      for (int b = a + 1; b < models; ++b) pairs.emplace_back(a, b);
    }
    return pairs;
  }
  const int reference = options.pairs == comparison_set::with_best ? best : options.baseline;
  for (int m = 0; m < models && reference >= 0; ++m) {
    if (m != reference) pairs.emplace_back(m, reference);
  }
  return pairs;
}

struct outcome {
  double statistic = 0;
  double p_value = 0;
};

outcome run_test(const cpu& policy, std::span<const double> differences,
                 const compare_options& options, std::uint32_t stream) {
  switch (options.test) {
    case paired_test::wilcoxon: {
      const auto result = detail::wilcoxon_test(differences, wilcoxon_options{});
      return {result.statistic, result.p_value};
    }
    case paired_test::fisher: {
      fisher_options fisher;
      fisher.permutations = options.permutations;
      fisher.seed = options.seed;
      const auto result = detail::fisher_test(policy, differences, fisher, stream);
      return {result.statistic, result.p_value};
    }
    case paired_test::t:
      break;
  }
  const auto result = detail::t_test(differences, alternative::two_sided);
  return {result.statistic, result.p_value};
}

std::string method_text(const compare_options& options, std::size_t comparisons) {
  std::array<char, 32> level{};
  const auto end = std::to_chars(level.data(), level.data() + level.size(), 100 * options.level,
                                 std::chars_format::general, 6);
  std::string text = name(options.test);
  if (options.test == paired_test::fisher) {
    text += " (" + std::to_string(options.permutations) + " draws)";
  }
  text += ", two-sided, " + name(options.adjust) + " over " + std::to_string(comparisons) +
          (comparisons == 1 ? " comparison; " : " comparisons; ") +
          std::string(level.data(), end.ptr) + " % " + name(options.intervals) + " intervals";
  if (options.intervals != interval_method::student_t) {
    text += " (" + std::to_string(options.resamples) + " resamples)";
  }
  return text;
}

}  // namespace

Eigen::VectorXd adjust_p_values(values_ref p_values, correction method) {
  std::vector<Eigen::Index> order;
  for (Eigen::Index i = 0; i < p_values.size(); ++i) {
    if (std::isnan(p_values[i])) continue;
    check::in_range("p_values[" + std::to_string(i) + "]", p_values[i], 0.0, 1.0);
    order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return p_values[a] < p_values[b]; });
  const auto m = static_cast<double>(order.size());
  Eigen::VectorXd adjusted = p_values;
  switch (method) {
    case correction::none:
      break;
    case correction::bonferroni:
      for (const auto i : order) adjusted[i] = std::min(1.0, m * p_values[i]);
      break;
    case correction::holm: {
      double largest = 0;
      for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const double p = (m - static_cast<double>(rank)) * p_values[order[rank]];
        largest = std::max(largest, std::min(1.0, p));
        adjusted[order[rank]] = largest;
      }
      break;
    }
    case correction::benjamini_hochberg: {
      double smallest = 1;
      for (std::size_t rank = order.size(); rank-- > 0;) {
        const double p = m / static_cast<double>(rank + 1) * p_values[order[rank]];
        smallest = std::min(smallest, p);
        adjusted[order[rank]] = smallest;
      }
      break;
    }
  }
  return adjusted;
}

const pair_comparison* comparison::find(int a, int b) const noexcept {
  for (const auto& pair : pairs) {
    if ((pair.first == a && pair.second == b) || (pair.first == b && pair.second == a)) {
      return &pair;
    }
  }
  return nullptr;
}

comparison compare(const cpu& policy, const Eigen::Ref<const Eigen::MatrixXd>& values,
                   const compare_options& options) {
  if (values.cols() == 0) throw value_error("values.cols()", "0", "must be at least 1");
  if (options.pairs == comparison_set::with_baseline) {
    check::index_in("options.baseline", options.baseline, values.cols());
  }
  comparison result;
  const columns models = complete_users(values, options.missing, result.dropped);
  const int count = static_cast<int>(models.size());
  result.users = static_cast<std::int64_t>(models.front().size());

  interval_options intervals;
  intervals.method = options.intervals;
  intervals.level = options.level;
  intervals.resamples = options.resamples;
  intervals.seed = options.seed;
  std::uint32_t stream = 0;
  for (int m = 0; m < count; ++m) {
    const auto& column = models[static_cast<std::size_t>(m)];
    result.models.push_back(detail::mean_interval(policy, column, intervals, stream++));
    result.models.back().dropped = result.dropped;
    const double mean = result.models.back().mean;
    if (std::isnan(mean)) continue;
    const auto best_mean = [&] {
      return result.models[static_cast<std::size_t>(result.best)].mean;
    };
    if (result.best < 0 || (options.lower_is_better ? mean < best_mean() : mean > best_mean())) {
      result.best = m;
    }
  }

  detail::paired_values pair_values;
  for (const auto& [first, second] : wanted_pairs(options, count, result.best)) {
    pair_values.first = models[static_cast<std::size_t>(first)];
    pair_values.second = models[static_cast<std::size_t>(second)];
    pair_values.difference.resize(pair_values.first.size());
    std::transform(pair_values.first.begin(), pair_values.first.end(), pair_values.second.begin(),
                   pair_values.difference.begin(), std::minus<>{});
    pair_values.dropped = result.dropped;
    pair_comparison pair;
    pair.first = first;
    pair.second = second;
    pair.summary = detail::summarize(pair_values);
    pair.difference = detail::mean_interval(policy, pair_values.difference, intervals, stream);
    pair.difference.dropped = result.dropped;
    const auto outcome = run_test(policy, pair_values.difference, options, stream);
    ++stream;
    pair.statistic = outcome.statistic;
    pair.p_value = outcome.p_value;
    result.pairs.push_back(std::move(pair));
  }
  Eigen::VectorXd p_values(static_cast<Eigen::Index>(result.pairs.size()));
  for (Eigen::Index i = 0; i < p_values.size(); ++i) {
    p_values[i] = result.pairs[static_cast<std::size_t>(i)].p_value;
  }
  const Eigen::VectorXd adjusted = adjust_p_values(p_values, options.adjust);
  for (Eigen::Index i = 0; i < p_values.size(); ++i) {
    result.pairs[static_cast<std::size_t>(i)].adjusted_p_value = adjusted[i];
  }
  result.method = method_text(options, result.pairs.size());
  return result;
}

comparison compare(const Eigen::Ref<const Eigen::MatrixXd>& values,
                   const compare_options& options) {
  return compare(cpu{}, values, options);
}

std::string name(paired_test test) {
  switch (test) {
    case paired_test::wilcoxon:
      return "Wilcoxon signed-rank test";
    case paired_test::fisher:
      return "Fisher randomisation test";
    case paired_test::t:
      break;
  }
  return "paired t test";
}

std::string name(interval_method method) {
  switch (method) {
    case interval_method::percentile:
      return "percentile bootstrap";
    case interval_method::basic:
      return "basic bootstrap";
    case interval_method::bca:
      return "BCa bootstrap";
    case interval_method::student_t:
      break;
  }
  return "t";
}

std::string name(correction method) {
  switch (method) {
    case correction::bonferroni:
      return "Bonferroni";
    case correction::holm:
      return "Holm";
    case correction::benjamini_hochberg:
      return "Benjamini-Hochberg";
    case correction::none:
      break;
  }
  return "no correction";
}

}  // namespace recokit::inline RECOKIT_ABI::significance
