// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/baseline/bias.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI::bias {
namespace {

// Pairs of one parallel task.
constexpr std::int64_t pair_grain = 16'384;

std::size_t at(index_t index) noexcept { return static_cast<std::size_t>(index); }

// Solves one side with the other fixed: own = Σ (r − mean − other) / (n + regularization).
void solve_side(const cpu& policy, const csr_view<>& rows, double mean,
                const std::vector<double>& other, double regularization, std::vector<double>& own) {
  parallel_for(policy, rows.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const auto row = rows.row(r);
      if (row.size() == 0) continue;
      double sum = 0;
      for (std::size_t n = 0; n < row.size(); ++n) {
        sum += double{row.value(n)} - mean - other[at(row.indices[n])];
      }
      own[static_cast<std::size_t>(r)] = sum / (regularization + static_cast<double>(row.size()));
    }
  });
}

}  // namespace

void model::write(model_writer& out) const {
  write_scale(out);
  out.add("mean", mean_);
  out.add("user_bias", user_bias_);
  out.add("item_bias", item_bias_);
  out.add("fold_in_constant", fold_in_constant_);
  out.add("fold_in_factor", fold_in_factor_);
  out.history(history_);
}

model model::read(model_reader& in) {
  model loaded;
  loaded.read_scale(in);
  loaded.mean_ = in.number<double>("mean");
  loaded.user_bias_ = in.vector<double>("user_bias");
  loaded.item_bias_ = in.vector<double>("item_bias");
  for (const auto& [name, size] : {std::pair{"user_bias", loaded.user_bias_.size()},
                                   std::pair{"item_bias", loaded.item_bias_.size()}}) {
    if (std::cmp_greater(size, std::numeric_limits<index_t>::max())) {
      in.fail(name, "has " + std::to_string(size) + " entries, more than an index counts");
    }
  }
  loaded.fold_in_constant_ = in.number<double>("fold_in_constant");
  loaded.fold_in_factor_ = in.number<double>("fold_in_factor");
  if (!(loaded.fold_in_factor_ > 0) || !(loaded.fold_in_constant_ >= 0)) {
    in.fail("fold_in_factor", "and fold_in_constant cannot come from a fit");
  }
  loaded.history_ = in.history(loaded.users(), loaded.items());
  return loaded;
}

void model::als_epoch(const cpu& policy, const csr_view<>& by_user, const csr_view<>& by_item,
                      const params& params) {
  solve_side(policy, by_item, mean_, user_bias_, params.regularization_item, item_bias_);
  solve_side(policy, by_user, mean_, item_bias_, params.regularization_user, user_bias_);
}

void model::sgd_epoch(const csr_view<>& by_user, const params& params) {
  const double step = params.learning_rate;
  for (index_t u = 0; u < by_user.rows(); ++u) {
    const auto row = by_user.row(u);
    double user = user_bias_[at(u)];
    for (std::size_t n = 0; n < row.size(); ++n) {
      double& item = item_bias_[at(row.indices[n])];
      const double error = double{row.value(n)} - (mean_ + user + item);
      user += step * (error - params.regularization * user);
      item += step * (error - params.regularization * item);
    }
    user_bias_[at(u)] = user;
    if (!std::isfinite(user)) {
      throw error("bias::fit: sgd diverged at user " + std::to_string(u) +
                  "; take a smaller params.learning_rate");
    }
  }
}

double model::fold_in(const csr_row<float, index_t>& history) const {
  if (history.size() == 0) return 0;
  double sum = 0;
  for (std::size_t n = 0; n < history.size(); ++n) {
    sum += double{history.value(n)} - mean_ - item_bias_[at(history.indices[n])];
  }
  return sum / (fold_in_factor_ * static_cast<double>(history.size()) + fold_in_constant_);
}

ranked_lists model::rank(const cpu& policy, std::span<const index_t> users,
                         const item_filter& filter, int k, bool exclude_seen) const {
  return rank_rows(policy, history_.view(), users, filter, k, exclude_seen,
                   [this](index_t user, std::span<float> scores) {
                     const double start = mean_ + user_bias_[at(user)];
                     for (std::size_t i = 0; i < scores.size(); ++i) {
                       scores[i] = static_cast<float>(start + item_bias_[i]);
                     }
                   });
}

ranked_lists model::rank_histories(const cpu& policy, const csr_view<>& histories,
                                   const item_filter& filter, int k, bool exclude_seen) const {
  return rank_rows(policy, histories, recokit::detail::all_rows(histories.rows()), filter, k,
                   exclude_seen, [&](index_t row, std::span<float> scores) {
                     const double start = mean_ + fold_in(histories.row(row));
                     for (std::size_t i = 0; i < scores.size(); ++i) {
                       scores[i] = static_cast<float>(start + item_bias_[i]);
                     }
                   });
}

void model::score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
  const double start = mean_ + user_bias_[at(user)];
  for (std::size_t n = 0; n < items.size(); ++n) {
    scores[n] = static_cast<float>(start + item_bias_[at(items[n])]);
  }
}

void model::estimate(const cpu& policy, std::span<const index_t> users,
                     std::span<const index_t> items, std::span<float> estimates) const {
  parallel_for(policy, std::ssize(users), pair_grain, [&](std::int64_t begin, std::int64_t end) {
    for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
      estimates[n] =
          static_cast<float>(mean_ + user_bias_[at(users[n])] + item_bias_[at(items[n])]);
    }
  });
}

void model::estimate_for(const cpu& policy, const csr_view<>& histories,
                         std::span<const index_t> rows, std::span<const index_t> items,
                         std::span<float> estimates) const {
  std::vector<double> start(static_cast<std::size_t>(histories.rows()));
  parallel_for(policy, histories.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      start[static_cast<std::size_t>(r)] = mean_ + fold_in(histories.row(r));
    }
  });
  parallel_for(policy, std::ssize(rows), pair_grain, [&](std::int64_t begin, std::int64_t end) {
    for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
      estimates[n] = static_cast<float>(start[at(rows[n])] + item_bias_[at(items[n])]);
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::bias
