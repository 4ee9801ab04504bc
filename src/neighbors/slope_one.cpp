// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/neighbors/slope_one.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace recokit::inline RECOKIT_ABI::slope_one {
namespace {

std::size_t at(index_t index) noexcept { return static_cast<std::size_t>(index); }

double mean_of_row(const csr_row<float, index_t>& row) {
  double sum = 0;
  for (std::size_t n = 0; n < row.size(); ++n) sum += double{row.value(n)};
  return sum / static_cast<double>(row.size());
}

}  // namespace

// Wraps around for row 0, where the column added is at least 1.
std::size_t model::start(std::size_t i) const noexcept {
  const std::size_t n = at(items());
  return i * n - i * (i + 1) / 2 - i - 1;
}

model::pair model::between(std::size_t i, std::size_t j) const noexcept {
  if (i == j) return {};
  if (i < j) return pairs_[start(i) + j];
  const pair found = pairs_[start(j) + i];
  return {-found.deviation, found.users};
}

double model::deviation(index_t i, index_t j) const {
  check::index_in("i", i, items());
  check::index_in("j", j, items());
  return double{between(at(i), at(j)).deviation};
}

std::int64_t model::common_users(index_t i, index_t j) const {
  check::index_in("i", i, items());
  check::index_in("j", j, items());
  return between(at(i), at(j)).users;
}

// The mean of all ratings, and which items have one.
void model::learn_means() {
  double total = 0;
  is_rated_.assign(at(items()), 0);
  for (std::int64_t u = 0; u < history_.rows(); ++u) {
    const auto row = history_.row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      total += double{row.value(n)};
      is_rated_[at(row.indices[n])] = 1;
    }
  }
  mean_ = total / static_cast<double>(history_.nonzeros());
}

void model::write(model_writer& out) const {
  out.required_history(history_, "slope_one predicts from the ratings of its users");
  write_scale(out);
  out.add("weighted", weighted_);
  std::vector<float> deviations;
  std::vector<std::int32_t> users;
  deviations.reserve(pairs_.size());
  users.reserve(pairs_.size());
  for (const pair& each : pairs_) {
    deviations.push_back(each.deviation);
    users.push_back(each.users);
  }
  out.add("pairs.deviation", deviations);
  out.add("pairs.users", users);
}

model model::read(model_reader& in) {
  model loaded;
  loaded.read_scale(in);
  loaded.weighted_ = in.number<bool>("weighted");
  loaded.history_ = in.csr<>("history");
  if (loaded.history_.nonzeros() == 0) in.fail("history", "has no rating");
  loaded.learn_means();
  const std::int64_t items = loaded.items();
  const auto deviations = in.vector<float>("pairs.deviation", items * (items - 1) / 2);
  const auto users = in.vector<std::int32_t>("pairs.users", items * (items - 1) / 2);
  loaded.pairs_.reserve(users.size());
  for (std::size_t n = 0; n < users.size(); ++n) {
    if (users[n] < 0) in.fail("pairs.users", "has an entry below 0");
    loaded.pairs_.push_back({deviations[n], users[n]});
  }
  return loaded;
}

model model::learn(const cpu& policy, const csr_matrix<>& ratings, const params& params,
                   const std::function<bool()>& cancelled) {
  model fitted;
  fitted.scale_ = detail::scale_of(ratings.view());
  fitted.clip_ = params.clip;
  fitted.weighted_ = params.weighted;
  fitted.history_ = ratings;

  const auto items = at(ratings.cols());
  const auto half = static_cast<std::uint64_t>(items % 2 == 0 ? items / 2 : items);
  const auto other = static_cast<std::uint64_t>(items % 2 == 0 ? items - 1 : (items - 1) / 2);
  check::fits_memory("slope_one: differences of " + std::to_string(items) + " items",
                     check::bytes("slope_one: differences", half, other, sizeof(pair)));
  fitted.learn_means();
  fitted.pairs_.resize(static_cast<std::size_t>(half * other));

  const csr_matrix<> by_item = transpose(policy, ratings.view());
  struct sums {
    std::vector<double> difference;
    std::vector<std::int32_t> users;
  };
  scratch_pool<sums> pool([items] {
    return sums{std::vector<double>(items, 0), std::vector<std::int32_t>(items, 0)};
  });
  parallel_for(policy, by_item.rows(), 4, [&](std::int64_t begin, std::int64_t end) {
    if (cancelled()) throw cancelled_error("slope_one::fit");
    const auto space = pool.borrow();
    for (auto i = static_cast<index_t>(begin); i < end; ++i) {
      const auto raters = by_item.row(i);
      if (at(i) + 1 == items) continue;
      for (std::size_t n = 0; n < raters.size(); ++n) {
        const double own = double{raters.value(n)};
        const auto row = ratings.row(raters.indices[n]);
        const auto after = std::upper_bound(row.indices.begin(), row.indices.end(), i);
        for (auto m = static_cast<std::size_t>(after - row.indices.begin()); m < row.size(); ++m) {
          const auto j = at(row.indices[m]);
          space->difference[j] += own - double{row.value(m)};
          ++space->users[j];
        }
      }
      pair* const out = fitted.pairs_.data() + (fitted.start(at(i)) + at(i) + 1);
      for (std::size_t j = at(i) + 1; j < items; ++j) {
        if (space->users[j] == 0) continue;
        out[j - at(i) - 1] = {
            static_cast<float>(space->difference[j] / static_cast<double>(space->users[j])),
            space->users[j]};
        space->difference[j] = 0;
        space->users[j] = 0;
      }
    }
  });
  return fitted;
}

// The sums of an estimate are over the history in order of index, wherever they are taken.
float model::combine(double mean, double sum, double weight, bool rated) const noexcept {
  if (!rated) return static_cast<float>(mean_);
  if (weight == 0) return static_cast<float>(mean);
  return static_cast<float>(weighted_ ? sum / weight : mean + sum / weight);
}

void model::estimate_known(const cpu& policy, const csr_view<>& known,
                           std::span<const index_t> rows, std::span<const index_t> items,
                           std::span<float> estimates) const {
  parallel_for(policy, std::ssize(rows), 256, [&](std::int64_t begin, std::int64_t end) {
    index_t last = -1;
    double mean = 0;
    for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
      const auto history = known.row(rows[n]);
      if (history.size() == 0) {
        estimates[n] = static_cast<float>(mean_);
        continue;
      }
      if (rows[n] != last) mean = mean_of_row(history);
      last = rows[n];
      const auto i = at(items[n]);
      double sum = 0, weight = 0;
      for (std::size_t m = 0; m < history.size(); ++m) {
        const pair found = between(i, at(history.indices[m]));
        if (found.users == 0) continue;
        const double w = weighted_ ? found.users : 1;
        sum += weighted_ ? w * (double{history.value(m)} + double{found.deviation})
                         : double{found.deviation};
        weight += w;
      }
      estimates[n] = combine(mean, sum, weight, is_rated_[i] != 0);
    }
  });
}

ranked_lists model::rank_known(const cpu& policy, const csr_view<>& known,
                               std::span<const index_t> which, const item_filter& filter, int k,
                               bool exclude_seen) const {
  struct sums {
    std::vector<double> sum, weight;
  };
  scratch_pool<sums> pool([] { return sums{}; });
  return rank_rows(
      policy, known, which, filter, k, exclude_seen, [&](index_t user, std::span<float> scores) {
        const auto history = known.row(user);
        if (history.size() == 0) {
          std::fill(scores.begin(), scores.end(), static_cast<float>(mean_));
          return;
        }
        const auto space = pool.borrow();
        space->sum.assign(scores.size(), 0);
        space->weight.assign(scores.size(), 0);
        for (std::size_t m = 0; m < history.size(); ++m) {
          const auto j = at(history.indices[m]);
          const double rating = double{history.value(m)};
          const auto add = [&](std::size_t i, const pair& found, double sign) {
            if (found.users == 0) return;
            const double w = weighted_ ? found.users : 1;
            const double deviation = sign * double{found.deviation};
            space->sum[i] += weighted_ ? w * (rating + deviation) : deviation;
            space->weight[i] += w;
          };
          for (std::size_t i = 0; i < j; ++i) add(i, pairs_[start(i) + j], 1);
          for (std::size_t i = j + 1; i < scores.size(); ++i) add(i, pairs_[start(j) + i], -1);
        }
        const double mean = mean_of_row(history);
        for (std::size_t i = 0; i < scores.size(); ++i) {
          scores[i] = combine(mean, space->sum[i], space->weight[i], is_rated_[i] != 0);
        }
      });
}

ranked_lists model::rank(const cpu& policy, std::span<const index_t> users,
                         const item_filter& filter, int k, bool exclude_seen) const {
  return rank_known(policy, history_.view(), users, filter, k, exclude_seen);
}

ranked_lists model::rank_histories(const cpu& policy, const csr_view<>& histories,
                                   const item_filter& filter, int k, bool exclude_seen) const {
  return rank_known(policy, histories, detail::all_rows(histories.rows()), filter, k, exclude_seen);
}

void model::score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
  const std::vector<index_t> users(items.size(), user);
  estimate_known({.threads = 1}, history_.view(), users, items, scores);
}

void model::estimate(const cpu& policy, std::span<const index_t> users,
                     std::span<const index_t> items, std::span<float> estimates) const {
  estimate_known(policy, history_.view(), users, items, estimates);
}

void model::estimate_for(const cpu& policy, const csr_view<>& histories,
                         std::span<const index_t> rows, std::span<const index_t> items,
                         std::span<float> estimates) const {
  estimate_known(policy, histories, rows, items, estimates);
}

// Shares of the plain form carry their part of the user's mean, so that all sum to the score.
std::vector<scored_item<>> model::shares(const csr_row<float, index_t>& history,
                                         index_t item) const {
  std::vector<scored_item<>> list;
  if (history.size() == 0 || is_rated_[at(item)] == 0) return list;
  double weight = 0;
  for (const index_t j : history.indices) {
    const pair found = between(at(item), at(j));
    weight += weighted_ || found.users == 0 ? found.users : 1;
  }
  const double mean = mean_of_row(history);
  for (std::size_t m = 0; m < history.size(); ++m) {
    const pair found = between(at(item), at(history.indices[m]));
    if (found.users == 0) continue;
    const double deviation = double{found.deviation};
    const double share = weighted_ ? found.users * (double{history.value(m)} + deviation) / weight
                                   : (mean + deviation) / weight;
    list.push_back({history.indices[m], static_cast<float>(share)});
  }
  return list;
}

}  // namespace recokit::inline RECOKIT_ABI::slope_one
