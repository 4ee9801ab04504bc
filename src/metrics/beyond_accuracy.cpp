// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/metrics/beyond_accuracy.hpp>

#include "beyond_words.hpp"
#include "exposure.hpp"
#include "list_measures.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/metrics/popularity_groups.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace recokit::inline RECOKIT_ABI {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The sum of a metric over users so far; `profile` is the second part of popularity_lift.
struct running_sum {
  double sum = 0;
  double profile = 0;
  double weight = 0;
  std::int64_t users = 0;

  double result(const beyond_metric& metric) const {
    if (users == 0) return nan;
    if (metric.variant == beyond_variant::group) return (sum - profile) / profile;
    return sum / weight;
  }
};

double length_of(const beyond_metric& metric, std::size_t length) {
  return static_cast<double>(std::min(length, static_cast<std::size_t>(metric.k)));
}

double lift(double listed, double profile) { return (listed - profile) / profile; }

void check_labels(const std::string& name, std::span<const int> labels, const std::string& owner,
                  std::int64_t size) {
  if (labels.empty()) return;
  check::equal(name + ".size()", std::ssize(labels), owner, size);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    check::in_range(name + "[" + std::to_string(i) + "]", labels[i], -1, 65535);
  }
}

int groups_in(std::span<const int> labels) {
  return labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
}

void check_inputs(const beyond_metric& metric, const detail::beyond_facts& facts) {
  const auto& inputs = facts.inputs;
  const auto need = [&](bool there, const char* what) {
    if (!there) {
      throw value_error(std::string("inputs.") + what, "missing", metric.name() + " needs it");
    }
  };
  const bool by_distance = metric.variant == beyond_variant::distance ||
                           metric.variant == beyond_variant::nearest ||
                           metric.measure == beyond_measure::diversity;
  if (by_distance) need(static_cast<bool>(inputs.distance), "distance");
  switch (metric.measure) {
    case beyond_measure::serendipity:
      need(inputs.relevant.has_value(), "relevant");
      break;
    case beyond_measure::category_diversity:
    case beyond_measure::calibration_error:
      need(inputs.categories.has_value(), "categories");
      break;
    case beyond_measure::group_share:
      need(!inputs.item_groups.empty(), "item_groups");
      if (metric.group >= groups_in(inputs.item_groups)) {
        throw value_error(
            "group", std::to_string(metric.group),
            "item_groups has groups in [0, " + std::to_string(groups_in(inputs.item_groups)) + ")");
      }
      break;
    default:
      break;
  }
}

void check_shapes(const detail::beyond_facts& facts) {
  const auto& inputs = facts.inputs;
  const std::int64_t items = facts.train.cols();
  const std::int64_t users = facts.histories.rows();
  const auto check_users = [&](const std::optional<csr_view<>>& matrix, const std::string& name) {
    if (!matrix) return;
    check::equal(name + ".cols()", matrix->cols(), "train.cols()", items);
    check::equal(name + ".rows()", matrix->rows(),
                 inputs.histories ? "histories.rows()" : "train.rows()", users);
  };
  check_users(inputs.histories, "histories");
  check_users(inputs.relevant, "relevant");
  check_users(inputs.expected, "expected");
  check_labels("item_groups", inputs.item_groups, "train.cols()", items);
  check_labels("user_groups", inputs.user_groups,
               inputs.histories ? "histories.rows()" : "train.rows()", users);
  if (inputs.distance && inputs.distance.items() >= 0) {
    check::equal("distance.items()", inputs.distance.items(), "train.cols()", items,
                 "give a row of NaN to items without features");
  }
  if (inputs.categories) {
    const auto& categories = *inputs.categories;
    check::equal("categories.rows()", categories.rows(), "train.cols()", items);
    if (categories.cols() == 0) throw value_error("categories.cols()", "0", "must be at least 1");
    for (index_t item = 0; item < categories.rows(); ++item) {
      for (const float weight : categories.row(item).values) {
        if (weight > 0) continue;
        throw value_error("weight of item " + std::to_string(item), std::to_string(weight),
                          "must be above 0");
      }
    }
  }
}

}  // namespace

class beyond_accumulator::state {
 public:
  state(const csr_view<>& train, std::vector<beyond_metric> metrics, const beyond_inputs& inputs)
      : metrics_(std::move(metrics)) {
    if (metrics_.empty()) throw value_error("metrics", "{}", "must name at least one");
    facts_.train = train;
    facts_.inputs = inputs;
    facts_.histories = inputs.histories.value_or(train);
    check_shapes(facts_);
    std::vector<beyond_metric> aggregates;
    for (const auto& metric : metrics_) {
      detail::check_metric(metric);
      check_inputs(metric, facts_);
      depth_ = std::max(depth_, std::min(metric.k, train.cols()));
      if (metric.aggregate()) aggregates.push_back(metric);
    }
    facts_.counts = item_counts(train);
    facts_.seen_items = std::count_if(facts_.counts.begin(), facts_.counts.end(),
                                      [](std::int64_t count) { return count > 0; });
    for (index_t u = 0; u < train.rows(); ++u) facts_.active_users += train.row(u).size() > 0;
    plan_ = detail::plan_list_measures(metrics_, facts_);
    exposure_ = detail::exposure_counter(aggregates, train.cols());
    groups_ = static_cast<std::size_t>(groups_in(inputs.user_groups));
    sums_.resize(metrics_.size() * (groups_ + 1));
    came_.assign(static_cast<std::size_t>(facts_.histories.rows()), false);
    values_.resize(metrics_.size());
  }
  state(const state&) = delete;  // the plan points into facts_

  const std::vector<beyond_metric>& metrics() const noexcept { return metrics_; }
  int depth() const noexcept { return depth_; }

  void add(const cpu& policy, std::span<const index_t> users, const ranked_lists& lists) {
    check_lists(policy, users, lists);
    constexpr std::size_t tile = 4096;
    std::vector<double> table(std::min(tile, users.size()) * plan_.width);
    for (std::size_t first = 0; first < users.size(); first += tile) {
      const auto part = users.subspan(first, std::min(tile, users.size() - first));
      measure(policy, part, lists, first, table);
      for (std::size_t u = 0; u < part.size(); ++u) {
        const bool empty = lists[first + u].empty();
        ++lists_;
        empty_lists_ += empty ? 1 : 0;
        sum_up(part[u], std::min(lists[first + u].size(), static_cast<std::size_t>(depth_)),
               std::span(table).subspan(u * plan_.width, plan_.width));
      }
    }
    exposure_.add(policy, lists);
    if (facts_.inputs.per_user) users_.insert(users_.end(), users.begin(), users.end());
  }

  beyond_report finish() const {
    beyond_report report;
    report.lists = lists_;
    report.empty_lists = empty_lists_;
    report.users = users_;
    report.distance = facts_.inputs.distance.name();
    const detail::exposure_facts facts{.seen_items = facts_.seen_items,
                                       .item_groups = facts_.inputs.item_groups,
                                       .lists = lists_ - empty_lists_};
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      beyond_value value{.metric = metrics_[m]};
      if (metrics_[m].aggregate()) {
        value.value = exposure_.value(metrics_[m], facts);
        value.users = facts.lists;
      } else {
        const auto sums = std::span(sums_).subspan(m * (groups_ + 1), groups_ + 1);
        value.value = sums[0].result(metrics_[m]);
        value.users = sums[0].users;
        value.by_group.resize(static_cast<Eigen::Index>(groups_));
        for (std::size_t g = 0; g < groups_; ++g) {
          value.by_group[static_cast<Eigen::Index>(g)] = sums[g + 1].result(metrics_[m]);
        }
        value.per_user = Eigen::Map<const Eigen::VectorXd>(
            values_[m].data(), static_cast<Eigen::Index>(values_[m].size()));
      }
      report.values.push_back(std::move(value));
    }
    return report;
  }

 private:
  void check_lists(const cpu& policy, std::span<const index_t> users, const ranked_lists& lists) {
    check::equal("lists.size()", static_cast<std::int64_t>(lists.size()), "users.size()",
                 std::ssize(users));
    const index_t items = facts_.train.cols();
    parallel_for(policy, std::ssize(users), 512, [&](std::int64_t begin, std::int64_t end) {
      for (auto u = static_cast<std::size_t>(begin); std::cmp_less(u, end); ++u) {
        const auto list = lists[u];
        for (const auto& entry :
             list.first(std::min(list.size(), static_cast<std::size_t>(depth_)))) {
          if (entry.item >= 0 && entry.item < items) continue;
          check::index_in("item in the list of user " + std::to_string(users[u]), entry.item,
                          items);
        }
      }
    });
    std::size_t marked = 0;
    try {
      for (; marked < users.size(); ++marked) {
        const index_t user = users[marked];
        check::index_in("user", user, facts_.histories.rows());
        if (came_[static_cast<std::size_t>(user)]) {
          throw value_error("user", std::to_string(user), "came before; each has one list");
        }
        came_[static_cast<std::size_t>(user)] = true;
      }
    } catch (...) {
      while (marked-- > 0) came_[static_cast<std::size_t>(users[marked])] = false;
      throw;
    }
  }

  void measure(const cpu& policy, std::span<const index_t> users, const ranked_lists& lists,
               std::size_t first, std::vector<double>& table) {
    if (plan_.measures.empty()) return;
    parallel_for(policy, std::ssize(users), 64, [&](std::int64_t begin, std::int64_t end) {
      const auto work = scratch_.borrow();
      for (auto u = static_cast<std::size_t>(begin); std::cmp_less(u, end); ++u) {
        const auto list = lists[first + u];
        work->items.clear();
        for (const auto& entry :
             list.first(std::min(list.size(), static_cast<std::size_t>(depth_)))) {
          work->items.push_back(entry.item);
        }
        const auto row = std::span(table).subspan(u * plan_.width, plan_.width);
        for (const auto& each : plan_.measures) each->measure(users[u], work->items, row, *work);
      }
    });
  }

  void sum_up(index_t user, std::size_t length, std::span<const double> row) {
    const int group = groups_ > 0 ? facts_.inputs.user_groups[static_cast<std::size_t>(user)] : -1;
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      const auto& metric = metrics_[m];
      if (metric.aggregate()) continue;
      double value = row[plan_.columns[m]];
      double summed = value;
      double profile = 0;
      if (metric.measure == beyond_measure::popularity_lift) {
        profile = row[plan_.columns[m] + 1];
        value = lift(value, profile);
        if (metric.variant == beyond_variant::per_user) summed = value;
      }
      if (facts_.inputs.per_user) values_[m].push_back(value);
      if (std::isnan(value)) continue;
      const double weight = metric.average == user_average::macro ? 1
                            : metric.divisor == metric_divisor::k ? metric.k
                                                                  : length_of(metric, length);
      const auto take = [&](running_sum& sum) {
        sum.sum += weight * summed;
        sum.profile += profile;
        sum.weight += weight;
        ++sum.users;
      };
      take(sums_[m * (groups_ + 1)]);
      if (group >= 0) take(sums_[m * (groups_ + 1) + 1 + static_cast<std::size_t>(group)]);
    }
  }

  std::vector<beyond_metric> metrics_;
  detail::beyond_facts facts_;
  detail::list_plan plan_;
  detail::exposure_counter exposure_;
  scratch_pool<detail::list_scratch> scratch_{[] { return detail::list_scratch{}; }};
  std::size_t groups_ = 0;
  std::vector<running_sum> sums_;  // a metric: all users, then each group
  std::vector<std::vector<double>> values_;
  std::vector<index_t> users_;
  std::vector<bool> came_;
  std::int64_t lists_ = 0;
  std::int64_t empty_lists_ = 0;
  int depth_ = 0;
};

beyond_accumulator::beyond_accumulator(const csr_view<>& train, std::vector<beyond_metric> metrics,
                                       const beyond_inputs& inputs)
    : state_(std::make_unique<state>(train, std::move(metrics), inputs)) {}
beyond_accumulator::~beyond_accumulator() = default;
beyond_accumulator::beyond_accumulator(beyond_accumulator&&) noexcept = default;
beyond_accumulator& beyond_accumulator::operator=(beyond_accumulator&&) noexcept = default;

const std::vector<beyond_metric>& beyond_accumulator::metrics() const noexcept {
  return state_->metrics();
}
int beyond_accumulator::depth() const noexcept { return state_->depth(); }
void beyond_accumulator::add(const cpu& policy, std::span<const index_t> users,
                             const ranked_lists& lists) {
  state_->add(policy, users, lists);
}
beyond_report beyond_accumulator::finish() const { return state_->finish(); }

const beyond_value& beyond_report::at(std::string_view name) const {
  const beyond_metric wanted = parse_beyond_metric(name);
  for (const auto& value : values) {
    if (value.metric == wanted) return value;
  }
  throw value_error("metric", "\"" + std::string(name) + "\"", "was not measured");
}

}  // namespace recokit::inline RECOKIT_ABI
