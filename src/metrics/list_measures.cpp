// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "list_measures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

bool contains(std::span<const index_t> sorted, index_t item) {
  return std::binary_search(sorted.begin(), sorted.end(), item);
}

double undefined(const beyond_metric& metric) {
  return metric.undefined == undefined_value::zero ? 0 : nan;
}

struct served {
  beyond_metric metric;
  std::size_t column;
};

class serving : public list_measure {
 public:
  void serve(const beyond_metric& metric, std::size_t column) {
    served_.push_back({metric, column});
    most_ = std::max(most_, metric.k);
  }

 protected:
  const std::vector<served>& all() const { return served_; }
  std::size_t most() const { return at(most_); }  // the largest k

 private:
  std::vector<served> served_;
  int most_ = 0;
};

// Values made of a sum over the ranks up to k.
class prefix_measure : public serving {
 public:
  void measure(index_t user, std::span<const index_t> items, std::span<double> row,
               list_scratch& work) const final {
    items = items.first(std::min(items.size(), most()));
    work.parts.resize(items.size());
    const bool known = fill(user, items, work.parts, work);
    for (std::size_t r = 1; r < items.size(); ++r) work.parts[r] += work.parts[r - 1];
    for (const auto& [metric, column] : all()) {
      const std::size_t n = std::min(items.size(), at(metric.k));
      row[column] = !known || n == 0 ? undefined(metric) : finish(work.parts[n - 1], n, metric);
    }
  }

 protected:
  // What each rank adds; false when the user has no value.
  virtual bool fill(index_t user, std::span<const index_t> items, std::span<double> parts,
                    list_scratch& work) const = 0;
  virtual double finish(double sum, std::size_t n, const beyond_metric& metric) const {
    return sum / (metric.divisor == metric_divisor::k ? metric.k : static_cast<double>(n));
  }
};

// novelty, average_popularity
class item_table final : public prefix_measure {
 public:
  explicit item_table(std::vector<double> of_item) : of_item_(std::move(of_item)) {}

 private:
  bool fill(index_t, std::span<const index_t> items, std::span<double> parts,
            list_scratch&) const override {
    for (std::size_t r = 0; r < items.size(); ++r) parts[r] = of_item_[at(items[r])];
    return true;
  }
  std::vector<double> of_item_;
};

std::vector<double> novelty_table(const beyond_metric& metric, const beyond_facts& facts) {
  const auto all = static_cast<double>(metric.variant == beyond_variant::interactions
                                           ? static_cast<std::int64_t>(facts.train.nonzeros())
                                           : facts.active_users);
  const double scale = metric.variant == beyond_variant::surprisal ? std::log2(all) : 1;
  std::vector<double> table;
  table.reserve(facts.counts.size());
  for (const auto count : facts.counts) {
    const bool nothing = count == 0 && metric.unseen == unseen_item::zero;
    const auto had = static_cast<double>(std::max<std::int64_t>(count, 1));
    // With one user (or none) everything is known to everybody.
    table.push_back(nothing || all <= 1 ? 0 : std::log2(all / had) / scale);
  }
  return table;
}

std::vector<double> popularity_table(const beyond_metric& metric, const beyond_facts& facts) {
  double below = 1;
  if (metric.variant == beyond_variant::users) below = static_cast<double>(facts.active_users);
  if (metric.variant == beyond_variant::interactions) {
    below = static_cast<double>(facts.train.nonzeros());
  }
  std::vector<double> table;
  table.reserve(facts.counts.size());
  for (const auto count : facts.counts) {
    table.push_back(count == 0 ? 0 : static_cast<double>(count) / below);
  }
  return table;
}

class pair_diversity final : public prefix_measure {
 public:
  explicit pair_diversity(const item_distance& distance) : distance_(distance) {}

 private:
  bool fill(index_t, std::span<const index_t> items, std::span<double> parts,
            list_scratch& work) const override {
    distance_.how().sums_to_earlier(items, parts, work.distance);
    return true;
  }
  double finish(double sum, std::size_t n, const beyond_metric& metric) const override {
    if (n < 2) return undefined(metric);
    return sum / (static_cast<double>(n) * static_cast<double>(n - 1) / 2);
  }
  item_distance distance_;
};

class category_counts final : public prefix_measure {
 public:
  explicit category_counts(const csr_view<>& categories) : categories_(categories) {}

 private:
  bool fill(index_t, std::span<const index_t> items, std::span<double> parts,
            list_scratch& work) const override {
    work.marks.resize(at(categories_.cols()), 0);  // left clear after each use
    for (std::size_t r = 0; r < items.size(); ++r) {
      double fresh = 0;
      for (const auto category : categories_.row(items[r]).indices) {
        fresh += work.marks[at(category)] == 0 ? 1 : 0;
        work.marks[at(category)] = 1;
      }
      parts[r] = fresh;
    }
    for (const auto item : items) {
      for (const auto category : categories_.row(item).indices) work.marks[at(category)] = 0;
    }
    return true;
  }
  double finish(double sum, std::size_t, const beyond_metric& metric) const override {
    return sum / (metric.variant == beyond_variant::places ? metric.k : categories_.cols());
  }
  csr_view<> categories_;
};

// RecTools' definition. P_user - P_any = (popularity rank - rank) / n in a catalogue of n.
class rank_serendipity final : public prefix_measure {
 public:
  explicit rank_serendipity(const beyond_facts& facts) : relevant_(*facts.inputs.relevant) {
    auto levels = facts.counts;
    std::sort(levels.begin(), levels.end(), std::greater<>());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    const auto n = static_cast<double>(facts.counts.size());
    any_.reserve(facts.counts.size());
    for (const auto count : facts.counts) {
      const auto place = std::lower_bound(levels.begin(), levels.end(), count, std::greater<>());
      any_.push_back(count == 0 ? 0 : (n - static_cast<double>(place - levels.begin())) / n);
    }
  }

 private:
  bool fill(index_t user, std::span<const index_t> items, std::span<double> parts,
            list_scratch&) const override {
    const auto relevant = relevant_.row(user).indices;
    const auto n = static_cast<double>(any_.size());
    for (std::size_t r = 0; r < items.size(); ++r) {
      const double surprise = (n - static_cast<double>(r)) / n - any_[at(items[r])];
      parts[r] = surprise > 0 && contains(relevant, items[r]) ? surprise : 0;
    }
    return true;
  }
  csr_view<> relevant_;
  std::vector<double> any_;
};

// Distance to the history, of all items or of the relevant ones.
class history_distance final : public prefix_measure {
 public:
  history_distance(const beyond_facts& facts, bool relevant_only, bool nearest)
      : distance_(facts.inputs.distance), histories_(facts.histories), nearest_(nearest) {
    if (relevant_only) relevant_ = facts.inputs.relevant;
  }

 private:
  bool fill(index_t user, std::span<const index_t> items, std::span<double> parts,
            list_scratch& work) const override {
    const auto history = histories_.row(user).indices;
    if (history.empty()) return false;
    if (nearest_) {
      for (std::size_t r = 0; r < items.size(); ++r) {
        double least = std::numeric_limits<double>::infinity();
        for (const auto item : history) {
          const double each = distance_(items[r], item);
          // NaN stays: the nearest is not known then.
          if (!(each >= least)) least = each;
          if (std::isnan(least)) break;
        }
        parts[r] = least;
      }
    } else {
      distance_.how().means_to(items, history, parts, work.distance);
    }
    if (relevant_) {
      const auto relevant = relevant_->row(user).indices;
      for (std::size_t r = 0; r < items.size(); ++r) {
        if (!contains(relevant, items[r])) parts[r] = 0;
      }
    }
    return true;
  }
  item_distance distance_;
  csr_view<> histories_;
  std::optional<csr_view<>> relevant_;
  bool nearest_;
};

class unexpected_items final : public prefix_measure {
 public:
  explicit unexpected_items(const csr_view<>& expected) : expected_(expected) {}

 private:
  bool fill(index_t user, std::span<const index_t> items, std::span<double> parts,
            list_scratch&) const override {
    const auto expected = expected_.row(user).indices;
    for (std::size_t r = 0; r < items.size(); ++r) parts[r] = contains(expected, items[r]) ? 0 : 1;
    return true;
  }
  double finish(double sum, std::size_t n, const beyond_metric& metric) const override {
    if (metric.divisor == metric_divisor::listed) return sum / static_cast<double>(n);
    return (sum + metric.k - static_cast<double>(n)) / metric.k;
  }
  csr_view<> expected_;
};

class group_shares final : public serving {
 public:
  group_shares(const beyond_facts& facts, int group)
      : histories_(facts.histories), groups_(facts.inputs.item_groups), group_(group) {}

  void measure(index_t user, std::span<const index_t> items, std::span<double> row,
               list_scratch&) const override {
    const auto history = histories_.row(user).indices;
    const double profile = history.empty() ? nan : members(history) / double_of(history.size());
    for (const auto& [metric, column] : all()) {
      const auto first = items.first(std::min(items.size(), at(metric.k)));
      const double below = metric.divisor == metric_divisor::k ? metric.k : double_of(first.size());
      double value = first.empty() ? nan : members(first) / below;
      if (metric.variant == beyond_variant::profile) value = profile;
      if (metric.variant == beyond_variant::change) value -= profile;
      row[column] = std::isnan(value) ? undefined(metric) : value;
    }
  }

 private:
  static double double_of(std::size_t size) { return static_cast<double>(size); }
  double members(std::span<const index_t> items) const {
    return static_cast<double>(std::count_if(
        items.begin(), items.end(), [&](index_t item) { return groups_[at(item)] == group_; }));
  }
  csr_view<> histories_;
  std::span<const int> groups_;
  int group_;
};

class lift_parts final : public serving {
 public:
  explicit lift_parts(const beyond_facts& facts) : facts_(facts) {}

  void measure(index_t user, std::span<const index_t> items, std::span<double> row,
               list_scratch&) const override {
    const double profile = mean_count(facts_.histories.row(user).indices);
    for (const auto& [metric, column] : all()) {
      const double listed = mean_count(items.first(std::min(items.size(), at(metric.k))));
      const bool known = !std::isnan(listed) && profile > 0;
      row[column] = known ? listed : nan;
      row[column + 1] = known ? profile : nan;
    }
  }

 private:
  double mean_count(std::span<const index_t> items) const {
    std::int64_t sum = 0;
    for (const auto item : items) sum += facts_.counts[at(item)];
    return items.empty() ? nan : static_cast<double>(sum) / static_cast<double>(items.size());
  }
  const beyond_facts& facts_;
};

class calibration final : public serving {
 public:
  explicit calibration(const beyond_facts& facts)
      : histories_(facts.histories), categories_(*facts.inputs.categories) {
    weight_.reserve(at(categories_.rows()));
    for (index_t item = 0; item < categories_.rows(); ++item) {
      const auto row = categories_.row(item);
      double sum = 0;
      for (std::size_t i = 0; i < row.size(); ++i) sum += row.value(i);
      weight_.push_back(row.size() == 0 ? 0 : 1 / sum);
    }
  }

  void measure(index_t user, std::span<const index_t> items, std::span<double> row,
               list_scratch& work) const override {
    work.profile.assign(at(categories_.cols()), 0.0);
    work.listed.assign(at(categories_.cols()), 0.0);
    std::int64_t in_profile = 0;
    for (const auto item : histories_.row(user).indices) in_profile += add(item, work.profile);
    std::int64_t in_list = 0;
    std::size_t r = 0;
    for (const auto& [metric, column] : all()) {  // by rising k
      for (; r < std::min(items.size(), at(metric.k)); ++r) in_list += add(items[r], work.listed);
      row[column] = in_profile == 0 || in_list == 0
                        ? undefined(metric)
                        : error(metric, work.profile, static_cast<double>(in_profile), work.listed,
                                static_cast<double>(in_list));
    }
  }

 private:
  std::int64_t add(index_t item, std::vector<double>& sums) const {
    const auto row = categories_.row(item);
    for (std::size_t i = 0; i < row.size(); ++i) {
      sums[at(row.indices[i])] += row.value(i) * weight_[at(item)];
    }
    return row.size() > 0 ? 1 : 0;
  }

  static double error(const beyond_metric& metric, const std::vector<double>& profile,
                      double in_profile, const std::vector<double>& listed, double in_list) {
    double sum = 0;
    for (std::size_t g = 0; g < profile.size(); ++g) {
      const double p = profile[g] / in_profile;
      const double q = listed[g] / in_list;
      const double middle = (p + q) / 2;
      switch (metric.variant) {
        case beyond_variant::js:
          if (p > 0) sum += p * std::log2(p / middle) / 2;
          if (q > 0) sum += q * std::log2(q / middle) / 2;
          break;
        case beyond_variant::hellinger:
          sum += (std::sqrt(p) - std::sqrt(q)) * (std::sqrt(p) - std::sqrt(q)) / 2;
          break;
        case beyond_variant::absolute:
          sum += std::abs(p - q) / 2;
          break;
        default:
          if (p > 0) sum += p * std::log(p / ((1 - metric.alpha) * q + metric.alpha * p));
      }
    }
    sum = std::max(sum, 0.0);  // rounding
    return metric.variant == beyond_variant::hellinger ? std::sqrt(sum) : sum;
  }

  csr_view<> histories_;
  csr_view<> categories_;
  std::vector<double> weight_;  // 1 / sum of the weights of an item
};

// user_coverage, empty_places
class list_lengths final : public serving {
 public:
  void measure(index_t, std::span<const index_t> items, std::span<double> row,
               list_scratch&) const override {
    for (const auto& [metric, column] : all()) {
      const auto length = static_cast<double>(std::min(items.size(), at(metric.k)));
      switch (metric.variant) {
        case beyond_variant::any:
          row[column] = length > 0 ? 1 : 0;
          break;
        case beyond_variant::full:
          row[column] = length == metric.k ? 1 : 0;
          break;
        default:
          row[column] = (metric.k - length) / metric.k;
      }
    }
  }
};

class repeated_items final : public serving {
 public:
  void measure(index_t, std::span<const index_t> items, std::span<double> row,
               list_scratch& work) const override {
    items = items.first(std::min(items.size(), most()));
    // Sorted by item, then rank: all but the first of each item repeat it.
    work.order.clear();
    for (std::size_t r = 0; r < items.size(); ++r) {
      work.order.push_back((static_cast<std::int64_t>(items[r]) << 32) | static_cast<int>(r));
    }
    std::sort(work.order.begin(), work.order.end());
    work.parts.assign(items.size() + 1, 0.0);  // parts[n]: repeats in the first n
    for (std::size_t i = 1; i < work.order.size(); ++i) {
      if (work.order[i] >> 32 == work.order[i - 1] >> 32) {
        work.parts[at((work.order[i] & 0xffffffff) + 1)] = 1;
      }
    }
    for (std::size_t n = 1; n < work.parts.size(); ++n) work.parts[n] += work.parts[n - 1];
    for (const auto& [metric, column] : all()) {
      row[column] = work.parts[std::min(items.size(), at(metric.k))] / metric.k;
    }
  }
};

std::unique_ptr<serving> make(const beyond_metric& metric, const beyond_facts& facts) {
  const auto& inputs = facts.inputs;
  switch (metric.measure) {
    case beyond_measure::diversity:
      return std::make_unique<pair_diversity>(inputs.distance);
    case beyond_measure::category_diversity:
      return std::make_unique<category_counts>(*inputs.categories);
    case beyond_measure::novelty:
      return std::make_unique<item_table>(novelty_table(metric, facts));
    case beyond_measure::average_popularity:
      return std::make_unique<item_table>(popularity_table(metric, facts));
    case beyond_measure::serendipity:
      if (metric.variant == beyond_variant::rank) return std::make_unique<rank_serendipity>(facts);
      return std::make_unique<history_distance>(facts, true, false);
    case beyond_measure::unexpectedness:
      if (metric.variant == beyond_variant::set) {
        return std::make_unique<unexpected_items>(inputs.expected.value_or(facts.histories));
      }
      return std::make_unique<history_distance>(facts, false,
                                                metric.variant == beyond_variant::nearest);
    case beyond_measure::group_share:
      return std::make_unique<group_shares>(facts, metric.group);
    case beyond_measure::popularity_lift:
      return std::make_unique<lift_parts>(facts);
    case beyond_measure::calibration_error:
      return std::make_unique<calibration>(facts);
    case beyond_measure::duplicates:
      return std::make_unique<repeated_items>();
    default:
      return std::make_unique<list_lengths>();
  }
}

// Metrics that are the same but for this go to one list_measure.
bool same_definition(const beyond_metric& a, const beyond_metric& b) {
  const bool finish_differs =
      a.measure == beyond_measure::category_diversity ||
      a.measure == beyond_measure::calibration_error || a.measure == beyond_measure::group_share ||
      a.measure == beyond_measure::user_coverage || a.measure == beyond_measure::popularity_lift;
  return a.measure == b.measure && (a.variant == b.variant || finish_differs) &&
         a.unseen == b.unseen && a.group == b.group;
}

}  // namespace

list_plan plan_list_measures(const std::vector<beyond_metric>& metrics, const beyond_facts& facts) {
  list_plan plan;
  plan.columns.assign(metrics.size(), 0);
  std::vector<std::size_t> order;  // by rising k, which calibration relies on
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].aggregate()) continue;
    order.push_back(m);
    plan.columns[m] = plan.width;
    plan.width += metrics[m].measure == beyond_measure::popularity_lift ? 2 : 1;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return metrics[a].k < metrics[b].k; });
  std::vector<std::pair<beyond_metric, std::unique_ptr<serving>>> made;
  for (const std::size_t m : order) {
    auto found = std::find_if(made.begin(), made.end(), [&](const auto& each) {
      return same_definition(each.first, metrics[m]);
    });
    if (found == made.end()) found = made.insert(made.end(), {metrics[m], make(metrics[m], facts)});
    found->second->serve(metrics[m], plan.columns[m]);
  }
  for (auto& each : made) plan.measures.push_back(std::move(each.second));
  return plan;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
