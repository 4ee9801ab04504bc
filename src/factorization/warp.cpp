// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/warp.hpp>

#include "factor_buffer.hpp"
#include "fold_in.hpp"
#include "negative_draws.hpp"
#include "pair_bands.hpp"
#include "pair_checks.hpp"
#include "pair_kernels.hpp"
#include "pair_rates.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace recokit::inline RECOKIT_ABI::warp::detail_warp {
namespace {

using recokit::detail::banded_entry;
using recokit::detail::factor_buffer;
using recokit::detail::pair_kernel;
using recokit::detail::pair_rates;
using recokit::detail::square_block;
using recokit::detail::triple;
using warp_loss::rank_weight;

}  // namespace

void check(const params& params, const csr_view<>& history) {
  recokit::detail::check_regularizations(params);
  recokit::detail::check_positives("warp", history);
}

struct trainer::state {
  const cpu& policy;
  const csr_view<> history;
  const params& settings;
  recokit::detail::pair_bands bands;
  factor_buffer rows;
  std::optional<factor_buffer> squares;
  kernels::warp_device* device;
  scratch_pool<recokit::detail::own_items> pool{[] { return recokit::detail::own_items{}; }};

  // Without rows: plain steps.
  square_block sums() const { return squares ? squares->block() : square_block{}; }

  // @returns whether all scores were finite
  bool job(std::int64_t user_band, std::int64_t item_band, int epoch) {
    const auto entries = bands.job(user_band, item_band);
    if (entries.empty()) return true;
    const auto items = bands.items_of(item_band);
    const auto band = static_cast<std::uint32_t>(items.size());
    const auto own = pool.borrow();
    const pair_kernel& kernel = recokit::detail::best_pair_kernel();
    const recokit::detail::factor_block block = rows.block();
    const square_block sums = this->sums();
    const pair_rates rates = recokit::detail::pair_rates_of(settings, settings.learning_rate);
    const auto margin = static_cast<float>(settings.margin);
    random_stream random(settings.seed, random_purpose::warp_draws,
                         bands.stream_of(epoch, user_band, item_band));
    const recokit::detail::draw32 uniform(band);
    const auto item_row = [&](index_t item) { return block.items + item * block.width; };
    bool finite = true;
    recokit::detail::for_each_user(entries, band, [&](std::span<const banded_entry> of_user) {
      own->begin(of_user, band);
      const float* const user =
          block.users + static_cast<std::ptrdiff_t>(of_user[0].user) * block.width;
      // The next item is drawn while one is scored, so that its row is there in time.
      const auto draw = [&] {
        const index_t item = items[own->other(band, [&] { return uniform(random); })];
        recokit::detail::fetch_row(item_row(item), block.width);
        return item;
      };
      index_t next = draw();
      for (const banded_entry& entry : of_user) {
        const index_t positive = items[entry.local];
        const float floor =
            kernel.dot(user, item_row(positive), block.width) + block.item_bias[positive] - margin;
        finite = finite && std::isfinite(floor);
        for (int t = 1; t <= settings.max_trials; ++t) {
          const index_t item = next;
          next = draw();
          const float score = kernel.dot(user, item_row(item), block.width) + block.item_bias[item];
          if (!(score > floor)) continue;
          const float weight = rank_weight(history.cols(), t);
          if (weight == 0) break;
          const triple sample{entry.user, static_cast<std::uint32_t>(positive),
                              static_cast<std::uint32_t>(item)};
          if (squares) {
            kernel.hinge_adagrad(block, sums, rates, weight, sample);
          } else {
            kernel.hinge(block, rates, weight, sample);
          }
          break;
        }
      }
    });
    return finite;
  }
};

trainer::trainer(const cpu& policy, const csr_view<>& history, const params& params,
                 const recokit::detail::adagrad_state& from, kernels::warp_device* device)
    : state_(new state{
          policy,
          history,
          params,
          {history, 4 * (std::int64_t{params.factors} + 1), params.schedule == schedule::hogwild},
          {policy, from.users, from.items},
          std::nullopt,
          device}) {
  if (params.optimizer == optimizer::adagrad) {
    state_->squares.emplace(policy, from.user_squares, from.item_squares,
                            recokit::detail::first_square);
  }
  if (device == nullptr) return;
  device->upload(state_->rows.block(), state_->sums(), from.users.rows(), from.items.rows(),
                 history.nonzeros());
}

trainer::~trainer() = default;

void trainer::epoch(int epoch, const std::function<bool()>& cancelled) {
  state& s = *state_;
  if (s.history.nonzeros() == 0) return;
  s.bands.shuffle(s.policy, s.settings.seed, epoch);
  if (s.device != nullptr) {
    s.device->begin_epoch(
        s.bands.cut(),
        {.rates = recokit::detail::pair_rates_of(s.settings, s.settings.learning_rate),
         .margin = static_cast<float>(s.settings.margin),
         .max_trials = s.settings.max_trials,
         .seed = s.settings.seed,
         .purpose = static_cast<std::uint32_t>(random_purpose::warp_draws),
         .epoch = epoch});
    for (std::int64_t round = 0; round < s.bands.item_bands(); ++round) {
      s.device->step(round);
      if (cancelled()) throw cancelled_error("warp::fit");
    }
    if (!s.device->finite()) recokit::detail::throw_diverged("warp::fit", epoch);
    return;
  }
  std::vector<char> finite(static_cast<std::size_t>(s.bands.user_bands()), 1);
  s.bands.run(
      s.policy,
      [&](std::int64_t user_band, std::int64_t item_band) {
        finite[static_cast<std::size_t>(user_band)] = s.job(user_band, item_band, epoch) ? 1 : 0;
      },
      [&] {
        if (std::find(finite.begin(), finite.end(), 0) != finite.end()) {
          recokit::detail::throw_diverged("warp::fit", epoch);
        }
        if (cancelled()) throw cancelled_error("warp::fit");
      });
}

void trainer::give(const recokit::detail::adagrad_state& to) const {
  const state& s = *state_;
  if (s.device != nullptr) s.device->download(s.rows.block(), s.sums());
  s.rows.give(s.policy, to.users, to.items);
  if (s.squares) s.squares->give(s.policy, to.user_squares, to.item_squares);
  if (!to.users.allFinite() || !to.items.allFinite() || !to.user_squares.allFinite() ||
      !to.item_squares.allFinite()) {
    recokit::detail::throw_diverged("warp::fit", 0);
  }
}

namespace {

using recokit::detail::late_mean;
using recokit::detail::row_of;

// One row that moves while all else stands still, the bias in its last place.
class moving_row {
 public:
  moving_row(Eigen::Index d, const params& p)
      : row(Eigen::RowVectorXf::Zero(d + 1)),
        squares_(Eigen::RowVectorXf::Constant(d + 1, recokit::detail::first_square)),
        adagrad_(p.optimizer == optimizer::adagrad),
        step_(static_cast<float>(p.learning_rate)) {}

  void move(const Eigen::RowVectorXf& gradient) {
    if (!adagrad_) {
      row += step_ * gradient;
      return;
    }
    squares_.array() += gradient.array().square();
    row.array() += step_ * gradient.array() / squares_.array().sqrt();
  }

  Eigen::RowVectorXf row;

 private:
  Eigen::RowVectorXf squares_;
  bool adagrad_;
  float step_;
};

}  // namespace

row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories,
                                    const params& params, const row_major_matrix<float>& items) {
  recokit::detail::check_positives("warp", histories);
  const Eigen::Index d = params.factors;
  const auto size = static_cast<std::uint32_t>(items.rows());
  const pair_rates rates = recokit::detail::pair_rates_of(params, params.learning_rate);
  const auto margin = static_cast<float>(params.margin);
  row_major_matrix<float> solved = row_major_matrix<float>::Zero(histories.rows(), d + 1);
  solved.col(d).setOnes();
  scratch_pool<recokit::detail::own_items> pool([] { return recokit::detail::own_items{}; });
  parallel_for(policy, histories.rows(), 4, [&](std::int64_t begin, std::int64_t end) {
    const auto own = pool.borrow();
    Eigen::RowVectorXf gradient(d + 1);
    for (std::int64_t r = begin; r < end; ++r) {
      const auto history = histories.row(r);
      if (history.size() == 0 || history.size() == size) continue;
      recokit::detail::mark_own(*own, history, size);
      // One stream for everybody: a history has one answer wherever it stands.
      random_stream random(params.seed, random_purpose::warp_draws, ~std::uint64_t{0});
      const recokit::detail::draw32 uniform(size);
      moving_row user(d, params);
      const auto score = [&](std::int64_t item) {
        return user.row.head(d).dot(row_of(items, item, d)) + items(item, d);
      };
      late_mean mean(d + 1, params.fold_in_epochs);
      for (int pass = 0; pass < params.fold_in_epochs; ++pass) {
        for (const index_t item : history.indices) {
          const float floor = score(item) - margin;
          for (int t = 1; t <= params.max_trials; ++t) {
            const std::uint32_t other = own->other(size, [&] { return uniform(random); });
            if (!(score(other) > floor)) continue;
            gradient.head(d) =
                rank_weight(size, t) * (row_of(items, item, d) - row_of(items, other, d)) -
                rates.user * user.row.head(d);
            gradient[d] = 0;
            user.move(gradient);
            break;
          }
        }
        mean.add(pass, user.row);
      }
      solved.row(r).head(d) = mean.mean().head(d);
    }
  });
  return solved;
}

row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories,
                                    const params& params, const csr_view<>& known,
                                    const row_major_matrix<float>& users,
                                    const row_major_matrix<float>& items) {
  recokit::detail::check_positives("warp", histories);
  recokit::detail::require_known(known, histories);
  const Eigen::Index d = params.factors;
  const pair_rates rates = recokit::detail::pair_rates_of(params, params.learning_rate);
  const auto margin = static_cast<float>(params.margin);
  const auto user_count = static_cast<std::uint32_t>(users.rows());
  const auto score = [&](std::int64_t user, std::int64_t item) {
    return row_of(users, user, d).dot(row_of(items, item, d)) + items(item, d);
  };
  // How often an item would be drawn in a pass if no trial ended early.
  const std::int64_t drawn = (known.nonzeros() * params.max_trials + items.rows() - 1) /
                             std::max<std::int64_t>(1, items.rows());
  row_major_matrix<float> solved = row_major_matrix<float>::Zero(histories.rows(), d + 1);
  scratch_pool<recokit::detail::own_items> pool([] { return recokit::detail::own_items{}; });
  parallel_for(policy, histories.rows(), 1, [&](std::int64_t begin, std::int64_t end) {
    const auto own = pool.borrow();
    Eigen::RowVectorXf gradient(d + 1);
    for (std::int64_t r = begin; r < end; ++r) {
      const auto history = histories.row(r);
      if (history.size() == 0 || known.nonzeros() == 0) continue;
      recokit::detail::mark_own(*own, history, user_count);
      random_stream random(params.seed, random_purpose::warp_draws, ~std::uint64_t{0});
      moving_row item(d, params);
      const auto own_score = [&](std::int64_t user) {
        return row_of(users, user, d).dot(item.row.head(d)) + item.row[d];
      };
      const auto move = [&](std::int64_t user, float weight, float regularization) {
        gradient.head(d) = weight * row_of(users, user, d) - regularization * item.row.head(d);
        gradient[d] = params.item_bias ? weight - rates.bias * item.row[d] : 0;
        item.move(gradient);
      };
      const auto as_positive = [&](index_t user) {
        const float floor = own_score(user) - margin;
        for (int t = 1; t <= params.max_trials; ++t) {
          const index_t other = recokit::detail::draw_other(known, user, random);
          if (!(score(user, other) > floor)) continue;
          move(user, rank_weight(items.rows(), t), rates.positive);
          return;
        }
      };
      // The item is the t-th to be drawn, unless one before it ends the trials.
      const auto as_negative = [&](int t) {
        const auto [user, positive] = recokit::detail::draw_interaction(known, random);
        if (own->has(static_cast<std::uint32_t>(user))) return;
        const float floor = score(user, positive) - margin;
        if (!(own_score(user) > floor)) return;
        for (int before = 1; before < t; ++before) {
          if (score(user, recokit::detail::draw_other(known, user, random)) > floor) return;
        }
        move(user, -rank_weight(items.rows(), t), rates.negative);
      };
      late_mean mean(d + 1, params.fold_in_epochs);
      for (int pass = 0; pass < params.fold_in_epochs; ++pass) {
        const auto positives = static_cast<std::int64_t>(history.size());
        const std::int64_t total = positives + drawn;
        std::int64_t taken = 0;  // of the positives, spread over the pass
        for (std::int64_t n = 0; n < total; ++n) {
          if ((n + 1) * positives / total > taken) {
            as_positive(history.indices[static_cast<std::size_t>(taken++)]);
          } else {
            as_negative(1 + static_cast<int>(n % params.max_trials));
          }
        }
        mean.add(pass, item.row);
      }
      solved.row(r) = mean.mean();
    }
  });
  return solved;
}

}  // namespace recokit::inline RECOKIT_ABI::warp::detail_warp
