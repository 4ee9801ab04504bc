// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/bpr.hpp>

#include "factor_buffer.hpp"
#include "fold_in.hpp"
#include "negative_draws.hpp"
#include "pair_bands.hpp"
#include "pair_checks.hpp"
#include "pair_kernels.hpp"
#include "pair_rates.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/factorization/sample_levels.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::bpr::detail_bpr {
namespace {

using recokit::detail::banded_entry;
using recokit::detail::pair_rates;
using recokit::detail::triple;

// Samples between two calls of the kernel: few enough to stay in the first-level cache.
constexpr std::size_t batch = 512;
// Samples of a level that races with the others on a device.
constexpr std::uint64_t racing_batch = 1024;

struct scratch {
  recokit::detail::own_items own;
  recokit::detail::negative_source::for_user adaptive;
  std::vector<triple> samples;
};

}  // namespace

void check(const params& params, const csr_view<>& history) {
  recokit::detail::check_regularizations(params);
  recokit::detail::check_positives("bpr", history);
}

struct trainer::state {
  const cpu& policy;
  const csr_view<> history;
  const params& settings;
  recokit::detail::pair_bands bands;
  recokit::detail::negative_source source;
  recokit::detail::factor_buffer rows;
  kernels::pair_device* device;
  recokit::detail::sample_levels levels;
  std::vector<kernels::pair_job> jobs;  // of a round, for the device
  scratch_pool<scratch> pool{[] { return scratch{}; }};

  // Adds the samples of one user to a batch, and steps when it is full.
  template <class Draw, class Step>
  static void add_user(int samples, std::span<const banded_entry> own,
                       std::span<const index_t> items, scratch& work, const Draw& draw,
                       const Step& step) {
    const auto band = static_cast<std::uint32_t>(items.size());
    for (const banded_entry& entry : own) {
      for (int s = 0; s < samples; ++s) {
        const std::uint32_t other = work.own.other(band, draw);
        work.samples.push_back({entry.user, static_cast<std::uint32_t>(items[entry.local]),
                                static_cast<std::uint32_t>(items[other])});
        if (work.samples.size() == batch) step(work);
      }
    }
  }

  // Draws the samples of a job, and calls step(scratch) with batches of them.
  template <class Step>
  void draw(std::int64_t user_band, std::int64_t item_band, int epoch, const Step& step) {
    const auto entries = bands.job(user_band, item_band);
    if (entries.empty()) return;
    const auto items = bands.items_of(item_band);
    const auto work = pool.borrow();
    work->samples.reserve(batch);
    random_stream random(settings.seed, random_purpose::bpr_draws,
                         bands.stream_of(epoch, user_band, item_band));
    const recokit::detail::draw32 uniform(static_cast<std::uint32_t>(items.size()));
    recokit::detail::for_each_user(entries, items.size(), [&](std::span<const banded_entry> own) {
      work->own.begin(own, items.size());
      switch (settings.negatives) {
        case negatives::uniform:
          add_user(
              settings.samples, own, items, *work, [&] { return uniform(random); }, step);
          break;
        case negatives::popularity:
          add_user(
              settings.samples, own, items, *work,
              [&] { return source.by_popularity(item_band, random); }, step);
          break;
        case negatives::adaptive: {
          const auto block = rows.block();
          work->adaptive.begin(
              source, bands, item_band,
              block.users + static_cast<std::ptrdiff_t>(own[0].user) * block.width);
          add_user(
              settings.samples, own, items, *work, [&] { return work->adaptive(random); }, step);
          break;
        }
      }
    });
    step(*work);
  }

  // @returns a number that is not finite when a step was not
  float step_job(std::int64_t user_band, std::int64_t item_band, int epoch,
                 const pair_rates& rates) {
    float total = 0;
    draw(user_band, item_band, epoch, [&](scratch& work) {
      total += recokit::detail::best_pair_kernel().bpr(rows.block(), rates, work.samples.data(),
                                                       work.samples.size());
      work.samples.clear();
    });
    return total;
  }

  void plan_job(std::int64_t user_band, std::int64_t item_band, int epoch) {
    kernels::pair_job& job = jobs[static_cast<std::size_t>(user_band)];
    job.samples.clear();
    draw(user_band, item_band, epoch, [&](scratch& work) {
      job.samples.insert(job.samples.end(), work.samples.begin(), work.samples.end());
      work.samples.clear();
    });
    if (!racing()) return levels.sort(job);
    job.level_ends.clear();
    for (std::uint64_t end = 0; end < job.samples.size();) {
      end = std::min<std::uint64_t>(end + racing_batch, job.samples.size());
      job.level_ends.push_back(end);
    }
  }
  // Brings rows of the device here: of users, and on demand of items.
  void fetch(bool items) {
    auto to = rows.block();
    if (!items) to.items = to.item_bias = nullptr;
    device->download(to);
  }
  bool racing() const noexcept { return settings.schedule == schedule::hogwild; }
};

trainer::trainer(const cpu& policy, const csr_view<>& history, const params& params,
                 const row_major_matrix<float>& users, const row_major_matrix<float>& items,
                 kernels::pair_device* device)
    : state_(new state{
          policy,
          history,
          params,
          {history, 4 * (std::int64_t{params.factors} + 1), params.schedule == schedule::hogwild},
          {policy, params.negatives, params.popularity_exponent, params.adaptive_rank, history},
          {policy, users, items},
          device,
          {device == nullptr ? 0 : users.rows(), device == nullptr ? 0 : items.rows()},
          {}}) {
  if (device == nullptr) return;
  state_->jobs.resize(static_cast<std::size_t>(state_->bands.user_bands()));
  device->upload(state_->rows.block(), users.rows(), items.rows());
}

trainer::~trainer() = default;

void trainer::epoch(int epoch, const std::function<bool()>& cancelled) {
  state& s = *state_;
  const params& p = s.settings;
  if (s.history.nonzeros() == 0) return;
  const pair_rates rates =
      recokit::detail::pair_rates_of(p, p.learning_rate * std::pow(p.decay, epoch - 1));
  s.bands.shuffle(s.policy, p.seed, epoch);
  if (s.device != nullptr && p.negatives == negatives::adaptive) s.fetch(true);
  s.source.begin_epoch(s.policy, s.bands, s.rows.block());
  std::vector<float> totals(static_cast<std::size_t>(s.bands.user_bands()));
  const std::int64_t samples = s.history.nonzeros() * p.samples / s.bands.item_bands();
  s.bands.run(
      s.policy,
      [&](std::int64_t user_band, std::int64_t item_band) {
        if (s.device != nullptr) return s.plan_job(user_band, item_band, epoch);
        totals[static_cast<std::size_t>(user_band)] =
            s.step_job(user_band, item_band, epoch, rates);
      },
      [&] {
        const bool sorts = s.source.due(s.bands, samples);
        // The device steps while the next round is drawn, unless the draws look at its rows.
        if (s.device != nullptr) {
          s.device->step(rates, s.jobs, s.racing());
          if (p.negatives == negatives::adaptive) s.fetch(sorts);
        }
        for (const float total : totals) {
          if (!std::isfinite(total)) recokit::detail::throw_diverged("bpr::fit", epoch);
        }
        if (cancelled()) throw cancelled_error("bpr::fit");
        if (sorts) s.source.sort_factors(s.policy, s.bands, s.rows.block());
      });
  if (s.device != nullptr && !s.device->finite()) {
    recokit::detail::throw_diverged("bpr::fit", epoch);
  }
}

void trainer::give(row_major_matrix<float>& users, row_major_matrix<float>& items) const {
  if (state_->device != nullptr) state_->device->download(state_->rows.block());
  state_->rows.give(state_->policy, users, items);
  if (!users.allFinite() || !items.allFinite()) recokit::detail::throw_diverged("bpr::fit", 0);
}

namespace {

using recokit::detail::late_mean;
using recokit::detail::row_of;

float slope(float lead) { return 1 / (1 + std::exp(lead)); }

// Rate of a pass over one row: the inverse of the largest curvature, falling so that the steps
// settle. Nothing to tune: all other rows stand still.
float rate_of(int pass, float curvature, float regularization) {
  return 1 / ((curvature + regularization) * std::sqrt(1 + static_cast<float>(pass)));
}

}  // namespace

row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories,
                                    const params& params, const row_major_matrix<float>& items) {
  recokit::detail::check_positives("bpr", histories);
  const Eigen::Index d = params.factors;
  const auto size = static_cast<std::uint32_t>(items.rows());
  const float reg = recokit::detail::pair_rates_of(params, 0).user;
  row_major_matrix<float> solved = row_major_matrix<float>::Zero(histories.rows(), d + 1);
  solved.col(d).setOnes();
  scratch_pool<recokit::detail::own_items> pool([] { return recokit::detail::own_items{}; });
  parallel_for(policy, histories.rows(), 4, [&](std::int64_t begin, std::int64_t end) {
    const auto own = pool.borrow();
    for (std::int64_t r = begin; r < end; ++r) {
      const auto history = histories.row(r);
      if (history.size() == 0 || history.size() == size) continue;
      float curvature = 0;
      for (const index_t item : history.indices) {
        curvature += 0.5f * row_of(items, item, d).squaredNorm();
      }
      curvature /= static_cast<float>(history.size());
      recokit::detail::mark_own(*own, history, size);
      // One stream for everybody: a history has one answer wherever it stands.
      random_stream random(params.seed, random_purpose::bpr_draws, ~std::uint64_t{0});
      const recokit::detail::draw32 uniform(size);
      Eigen::RowVectorXf user = Eigen::RowVectorXf::Zero(d);
      late_mean mean(d, params.fold_in_epochs);
      for (int pass = 0; pass < params.fold_in_epochs; ++pass) {
        const float rate = rate_of(pass, curvature, reg);
        for (const index_t item : history.indices) {
          const std::uint32_t other = own->other(size, [&] { return uniform(random); });
          const auto h = row_of(items, item, d);
          const auto q = row_of(items, other, d);
          const float lead = user.dot(h - q) + items(item, d) - items(other, d);
          user = (1 - rate * reg) * user + rate * slope(lead) * (h - q);
        }
        mean.add(pass, user);
      }
      solved.row(r).head(d) = mean.mean();
    }
  });
  return solved;
}

row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories,
                                    const params& params, const csr_view<>& known,
                                    const row_major_matrix<float>& users,
                                    const row_major_matrix<float>& items) {
  recokit::detail::check_positives("bpr", histories);
  recokit::detail::require_known(known, histories);
  const Eigen::Index d = params.factors;
  // The weights alone: the size of a step follows from the curvature.
  const pair_rates weights = recokit::detail::pair_rates_of(params, 0);
  const auto user_count = static_cast<std::uint32_t>(users.rows());
  // How often an item is the negative while its users are walked once.
  const std::int64_t others =
      (known.nonzeros() + items.rows() - 1) / std::max<std::int64_t>(1, items.rows());
  row_major_matrix<float> solved = row_major_matrix<float>::Zero(histories.rows(), d + 1);
  scratch_pool<recokit::detail::own_items> pool([] { return recokit::detail::own_items{}; });
  parallel_for(policy, histories.rows(), 4, [&](std::int64_t begin, std::int64_t end) {
    const auto own = pool.borrow();
    for (std::int64_t r = begin; r < end; ++r) {
      const auto history = histories.row(r);
      if (history.size() == 0 || known.nonzeros() == 0) continue;
      float curvature = 0.25f;
      for (const index_t user : history.indices) {
        curvature +=
            0.25f * row_of(users, user, d).squaredNorm() / static_cast<float>(history.size());
      }
      recokit::detail::mark_own(*own, history, user_count);
      random_stream random(params.seed, random_purpose::bpr_draws, ~std::uint64_t{0});
      Eigen::RowVectorXf row = Eigen::RowVectorXf::Zero(d + 1);
      late_mean mean(d + 1, params.fold_in_epochs);
      const auto move = [&](std::int64_t user, std::int64_t other, float sign, float rate,
                            float reg) {
        const auto w = row_of(users, user, d);
        const float lead =
            sign * (w.dot(row.head(d) - row_of(items, other, d)) + row[d] - items(other, d));
        const float push = sign * rate * slope(lead);
        row.head(d) = (1 - rate * reg) * row.head(d) + push * w;
        if (params.item_bias) row[d] = (1 - rate * weights.bias) * row[d] + push;
      };
      for (int pass = 0; pass < params.fold_in_epochs; ++pass) {
        const float rate = rate_of(pass, curvature, std::max(weights.positive, weights.negative));
        const auto total = static_cast<std::int64_t>(history.size()) + others;
        // Positive and negative steps in turn, each kind spread over the pass.
        std::int64_t taken = 0;
        for (std::int64_t n = 0; n < total; ++n) {
          if ((n + 1) * static_cast<std::int64_t>(history.size()) / total > taken) {
            const index_t user = history.indices[static_cast<std::size_t>(taken++)];
            move(user, recokit::detail::draw_other(known, user, random), 1, rate, weights.positive);
          } else {
            const auto [user, item] = recokit::detail::draw_interaction(known, random);
            if (own->has(static_cast<std::uint32_t>(user))) continue;
            move(user, item, -1, rate, weights.negative);
          }
        }
        mean.add(pass, row);
      }
      solved.row(r) = mean.mean();
    }
  });
  return solved;
}

}  // namespace recokit::inline RECOKIT_ABI::bpr::detail_bpr
