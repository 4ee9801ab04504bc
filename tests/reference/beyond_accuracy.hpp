// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Measures beyond accuracy straight from their definitions, with loops over users × users
/// and items × items.
#pragma once

#include "support/lists.hpp"

#include <recokit/metrics/beyond_accuracy.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <vector>

namespace recokit_test {

/// All data as plain nested vectors.
struct naive_beyond {
  index_rows lists;
  index_rows history;
  index_rows relevant;
  Eigen::MatrixXd categories;  // items × categories
  std::vector<int> item_group;
  std::function<double(int, int)> distance;
  int items = 0;

  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  using variant = recokit::beyond_variant;

  static bool in(const std::vector<recokit::index_t>& row, recokit::index_t item) {
    return std::find(row.begin(), row.end(), item) != row.end();
  }
  std::vector<recokit::index_t> top(std::size_t u, int k) const {
    auto list = lists[u];
    if (list.size() > static_cast<std::size_t>(k)) list.resize(static_cast<std::size_t>(k));
    return list;
  }
  double count(recokit::index_t item) const {
    double users = 0;
    for (const auto& row : history) users += in(row, item) ? 1 : 0;
    return users;
  }
  double active() const {
    double users = 0;
    for (const auto& row : history) users += row.empty() ? 0 : 1;
    return users;
  }
  double interactions() const {
    double all = 0;
    for (const auto& row : history) all += static_cast<double>(row.size());
    return all;
  }
  // 1 for the most popular items; equal counts share a rank and leave no gap.
  double popularity_rank(recokit::index_t item) const {
    std::set<double> above;
    for (recokit::index_t other = 0; other < items; ++other) {
      if (count(other) > count(item)) above.insert(count(other));
    }
    return 1 + static_cast<double>(above.size());
  }
  Eigen::VectorXd category_shares(const std::vector<recokit::index_t>& row) const {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(categories.cols());
    for (const auto item : row) {
      if (categories.row(item).sum() > 0) {
        sum += categories.row(item).transpose() / categories.row(item).sum();
      }
    }
    return sum / sum.sum();
  }

  double divided(double sum, std::size_t n, const recokit::beyond_metric& metric) const {
    return sum / (metric.divisor == recokit::metric_divisor::k ? metric.k : static_cast<double>(n));
  }

  /// NaN where the definition says nothing.
  double user_value(const recokit::beyond_metric& metric, std::size_t u) const {
    const auto list = top(u, metric.k);
    const std::size_t n = list.size();
    double sum = 0;
    switch (metric.measure) {
      case recokit::beyond_measure::novelty:
        for (const auto item : list) {
          const double had = std::max(count(item), 1.0);
          if (count(item) == 0 && metric.unseen == recokit::unseen_item::zero) continue;
          sum += metric.variant == variant::users ? -std::log2(had / active())
                 : metric.variant == variant::surprisal
                     ? -std::log2(had / active()) / std::log2(active())
                     : -std::log2(had / interactions());
        }
        return n == 0 ? nan : divided(sum, n, metric);
      case recokit::beyond_measure::average_popularity:
        for (const auto item : list) {
          sum += metric.variant == variant::count   ? count(item)
                 : metric.variant == variant::users ? count(item) / active()
                                                    : count(item) / interactions();
        }
        return n == 0 ? nan : divided(sum, n, metric);
      case recokit::beyond_measure::diversity:
        for (std::size_t i = 0; i < n; ++i) {
          for (std::size_t j = 0; j < n; ++j) {
            if (i != j) sum += distance(list[i], list[j]);
          }
        }
        return n < 2 ? nan : sum / static_cast<double>(n * (n - 1));
      case recokit::beyond_measure::category_diversity: {
        std::set<Eigen::Index> found;
        for (const auto item : list) {
          for (Eigen::Index g = 0; g < categories.cols(); ++g) {
            if (categories(item, g) > 0) found.insert(g);
          }
        }
        return n == 0 ? nan
                      : static_cast<double>(found.size()) /
                            (metric.variant == variant::places
                                 ? metric.k
                                 : static_cast<double>(categories.cols()));
      }
      case recokit::beyond_measure::serendipity:
        if (metric.variant == variant::distance && history[u].empty()) return nan;
        for (std::size_t r = 0; r < n; ++r) {
          if (!in(relevant[u], list[r])) continue;
          const double all = items;
          if (metric.variant == variant::rank) {
            const double user = (all + 1 - static_cast<double>(r + 1)) / all;
            const double any = count(list[r]) > 0 ? (all + 1 - popularity_rank(list[r])) / all : 0;
            sum += std::max(user - any, 0.0);
          } else {
            double mean = 0;
            for (const auto item : history[u]) mean += distance(list[r], item);
            sum += mean / static_cast<double>(history[u].size());
          }
        }
        return n == 0 ? nan : divided(sum, n, metric);
      case recokit::beyond_measure::unexpectedness:
        if (metric.variant == variant::set) {
          for (const auto item : list) sum += in(history[u], item) ? 0 : 1;
          if (metric.divisor == recokit::metric_divisor::k) {
            sum += metric.k - static_cast<double>(n);
          }
          return n == 0 ? nan : divided(sum, n, metric);
        }
        if (history[u].empty()) return nan;
        for (const auto item : list) {
          double mean = 0;
          double least = std::numeric_limits<double>::infinity();
          for (const auto other : history[u]) {
            mean += distance(item, other) / static_cast<double>(history[u].size());
            least = std::min(least, distance(item, other));
          }
          sum += metric.variant == variant::nearest ? least : mean;
        }
        return n == 0 ? nan : divided(sum, n, metric);
      case recokit::beyond_measure::group_share: {
        const auto share = [&](const std::vector<recokit::index_t>& row, double below) {
          double members = 0;
          for (const auto item : row) {
            members += item_group[static_cast<std::size_t>(item)] == metric.group ? 1 : 0;
          }
          return row.empty() ? nan : members / below;
        };
        const double listed = share(
            list, metric.divisor == recokit::metric_divisor::k ? metric.k : static_cast<double>(n));
        const double before = share(history[u], static_cast<double>(history[u].size()));
        return metric.variant == variant::list      ? listed
               : metric.variant == variant::profile ? before
                                                    : listed - before;
      }
      case recokit::beyond_measure::popularity_lift: {
        if (n == 0 || history[u].empty()) return nan;
        double before = 0;
        for (const auto item : list) sum += count(item) / static_cast<double>(n);
        for (const auto item : history[u]) {
          before += count(item) / static_cast<double>(history[u].size());
        }
        return sum / before - 1;
      }
      case recokit::beyond_measure::calibration_error: {
        const Eigen::VectorXd p = category_shares(history[u]);
        const Eigen::VectorXd q = category_shares(list);
        if (p.hasNaN() || q.hasNaN()) return nan;
        const auto kl = [](const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
          double total = 0;
          for (Eigen::Index g = 0; g < a.size(); ++g) {
            if (a[g] > 0) total += a[g] * std::log(a[g] / b[g]);
          }
          return total;
        };
        switch (metric.variant) {
          case variant::js:
            return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2 / std::log(2.0);
          case variant::hellinger:
            return (p.cwiseSqrt() - q.cwiseSqrt()).norm() / std::sqrt(2.0);
          case variant::absolute:
            return (p - q).cwiseAbs().sum() / 2;
          default:
            return kl(p, (1 - metric.alpha) * q + metric.alpha * p);
        }
      }
      case recokit::beyond_measure::user_coverage:
        if (metric.variant == variant::any) return n > 0 ? 1 : 0;
        return n == static_cast<std::size_t>(metric.k) ? 1 : 0;
      case recokit::beyond_measure::empty_places:
        return 1 - static_cast<double>(n) / metric.k;
      case recokit::beyond_measure::duplicates:
        return static_cast<double>(n -
                                   std::set<recokit::index_t>(list.begin(), list.end()).size()) /
               metric.k;
      default:
        return nan;
    }
  }

  double all_value(const recokit::beyond_metric& metric) const {
    Eigen::VectorXd x = Eigen::VectorXd::Zero(items);
    double filled = 0;
    for (std::size_t u = 0; u < lists.size(); ++u) {
      const auto list = top(u, metric.k);
      filled += list.empty() ? 0 : 1;
      for (const auto item : list) x[item] += 1;
    }
    const double n = items;
    switch (metric.measure) {
      case recokit::beyond_measure::coverage: {
        const auto distinct = static_cast<double>((x.array() > 0).count());
        double seen = 0;
        for (recokit::index_t item = 0; item < items; ++item) seen += count(item) > 0 ? 1 : 0;
        return metric.variant == variant::count  ? distinct
               : metric.variant == variant::seen ? distinct / seen
                                                 : distinct / n;
      }
      case recokit::beyond_measure::gini: {
        // Half the mean absolute difference of all pairs, over the mean.
        double apart = 0;
        for (Eigen::Index i = 0; i < items; ++i) {
          for (Eigen::Index j = 0; j < items; ++j) apart += std::abs(x[i] - x[j]);
        }
        const double gini = apart / (2 * n * x.sum());
        return metric.variant == variant::items ? gini : gini * n / (n - 1);
      }
      case recokit::beyond_measure::entropy: {
        double nats = 0;
        for (Eigen::Index i = 0; i < items; ++i) {
          if (x[i] > 0) nats -= x[i] / x.sum() * std::log(x[i] / x.sum());
        }
        return metric.variant == variant::bits   ? nats / std::log(2.0)
               : metric.variant == variant::nats ? nats
               : metric.variant == variant::nats_a_item
                   ? nats / static_cast<double>((x.array() > 0).count())
                   : nats / std::log(n);
      }
      case recokit::beyond_measure::group_share: {
        double members = 0;
        for (Eigen::Index i = 0; i < items; ++i) {
          if (item_group[static_cast<std::size_t>(i)] == metric.group) members += x[i];
        }
        return members / x.sum();
      }
      default: {
        double alike = 0;
        for (std::size_t a = 0; a < lists.size(); ++a) {
          for (std::size_t b = 0; b < a; ++b) {
            const auto first = top(a, metric.k);
            const auto second = top(b, metric.k);
            double both = 0;
            for (const auto item : first) both += in(second, item) ? 1 : 0;
            if (both == 0) continue;
            alike += both / (metric.variant == variant::overlap
                                 ? metric.k
                                 : std::sqrt(static_cast<double>(first.size() * second.size())));
          }
        }
        return 1 - alike / (filled * (filled - 1) / 2);
      }
    }
  }
};

}  // namespace recokit_test
