// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/logistic.hpp>

#include "fold_in.hpp"
#include "pair_checks.hpp"
#include "pair_kernels.hpp"
#include "row_buffer.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace recokit::inline RECOKIT_ABI::logistic::detail_logistic {
namespace {

using recokit::detail::pair_kernel;
using recokit::detail::row_buffer;

// Adds the gradients of one row, and steps.
struct row_step {
  const params& settings;
  const row_buffer& other;
  std::ptrdiff_t one;  // the column that stays 1 for this side
  std::vector<float> gradient;

  row_step(const params& p, const row_buffer& fixed, bool users)
      : settings(p),
        other(fixed),
        one(p.factors + (users ? 1 : 0)),
        gradient(static_cast<std::size_t>(fixed.width())) {}

  void begin() { std::fill(gradient.begin(), gradient.end(), 0.0f); }
  void positive(const float* row, std::int64_t from, float value) {
    const pair_kernel& kernel = recokit::detail::best_pair_kernel();
    const float score = kernel.dot(row, other.row(from), other.width());
    const auto weight = static_cast<float>(settings.confidence) * value;
    kernel.add(gradient.data(), weight / (1 + std::exp(score)), other.row(from), other.width());
  }
  void negative(const float* row, std::int64_t from) {
    const pair_kernel& kernel = recokit::detail::best_pair_kernel();
    const float score = kernel.dot(row, other.row(from), other.width());
    kernel.add(gradient.data(), -1 / (1 + std::exp(-score)), other.row(from), other.width());
  }
  // @returns whether the row is finite
  bool step(float* row, float* squares) {
    const auto d = static_cast<std::ptrdiff_t>(settings.factors);
    const auto reg = static_cast<float>(settings.regularization);
    const auto rate = static_cast<float>(settings.learning_rate);
    float sum = 0;
    for (std::ptrdiff_t f = 0; f < d + 2; ++f) {
      if (f == one || (f >= d && !settings.biases)) continue;
      const float g = gradient[static_cast<std::size_t>(f)] - reg * row[f];
      squares[f] += g * g;
      row[f] += rate * g / std::sqrt(squares[f]);
      sum += row[f];
    }
    return std::isfinite(sum);
  }
};

// A user of a random interaction; without any known, a random user.
std::int64_t draw_user(const csr_view<>& known, std::int64_t users, random_stream& random) {
  if (known.nonzeros() == 0) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(users)));
  }
  return recokit::detail::draw_interaction(known, random).first;
}

struct scratch {
  recokit::detail::own_items own;
  row_step step;
};

// Takes the gradient of one row and steps along it. @returns whether the row is finite
bool move_row(const params& p, const csr_row<float, index_t>& history, const csr_view<>& known,
              std::int64_t users, std::int64_t items, bool of_users, random_stream random,
              scratch& work, float* row, float* squares) {
  const std::int64_t size = of_users ? items : users;
  work.step.begin();
  for (std::size_t n = 0; n < history.size(); ++n) {
    work.step.positive(row, history.indices[n], history.value(n));
  }
  if (std::cmp_less(history.size(), size)) {
    recokit::detail::mark_own(work.own, history, static_cast<std::size_t>(size));
    const double each = of_users ? static_cast<double>(history.size())
                        : known.nonzeros() > 0
                            ? static_cast<double>(known.nonzeros()) / static_cast<double>(items)
                            : static_cast<double>(history.size());
    const std::int64_t count = logistic_step::negatives_of(p.neg_ratio * each, random.uniform());
    const recokit::detail::draw32 uniform(static_cast<std::uint32_t>(size));
    for (std::int64_t n = 0; n < count; ++n) {
      if (of_users) {
        work.step.negative(
            row, work.own.other(static_cast<std::uint32_t>(size), [&] { return uniform(random); }));
        continue;
      }
      const std::int64_t user = draw_user(known, users, random);
      if (!work.own.has(static_cast<std::uint32_t>(user))) work.step.negative(row, user);
    }
  }
  return work.step.step(row, squares);
}

}  // namespace

void check(const csr_view<>& history) { recokit::detail::check_positives("logistic", history); }

struct trainer::state {
  const cpu& policy;
  const csr_view<> by_user;
  const params& settings;
  csr_matrix<> by_item;
  // Columns: factors, bias of users, bias of items.
  row_buffer users;
  row_buffer items;
  row_buffer user_squares;
  row_buffer item_squares;
  kernels::logistic_device* device;

  kernels::logistic_rows rows() const {
    return {users.row(0), items.row(0), user_squares.row(0), item_squares.row(0), users.width()};
  }
  // Streams of the rows of a half-step; those of epoch 0 are for folding in.
  static std::uint64_t first_stream(int epoch, bool of_users) {
    return static_cast<std::uint64_t>(2 * std::int64_t{epoch} + (of_users ? 0 : 1)) << 32;
  }
  logistic_step::half_terms terms(int epoch, bool of_users) const {
    return {.of_users = of_users,
            .biases = settings.biases,
            .factors = static_cast<std::uint32_t>(settings.factors),
            .confidence = static_cast<float>(settings.confidence),
            .rate = static_cast<float>(settings.learning_rate),
            .regularization = static_cast<float>(settings.regularization),
            .neg_ratio = settings.neg_ratio,
            .seed = settings.seed,
            .purpose = static_cast<std::uint32_t>(random_purpose::logistic_draws),
            .first = first_stream(epoch, of_users)};
  }
};

trainer::trainer(const cpu& policy, const csr_view<>& by_user, const params& params,
                 const recokit::detail::adagrad_state& from, kernels::logistic_device* device)
    : state_(new state{policy,
                       by_user,
                       params,
                       transpose(policy, by_user),
                       {policy, from.users, from.users.cols()},
                       {policy, from.items, from.items.cols()},
                       {policy, from.user_squares, from.user_squares.cols()},
                       {policy, from.item_squares, from.item_squares.cols()},
                       device}) {
  if (device != nullptr) device->upload(by_user, state_->by_item.view(), state_->rows());
}

trainer::~trainer() = default;

void trainer::epoch(int epoch, const std::function<bool()>& cancelled) {
  state& s = *state_;
  const auto half = [&](bool of_users) {
    if (s.device != nullptr) {
      s.device->step(s.terms(epoch, of_users));
      if (cancelled()) throw cancelled_error("logistic::fit");
      return;
    }
    const csr_view<> histories = of_users ? s.by_user : s.by_item.view();
    const row_buffer& moving = of_users ? s.users : s.items;
    const row_buffer& fixed = of_users ? s.items : s.users;
    const row_buffer& squares = of_users ? s.user_squares : s.item_squares;
    scratch_pool<scratch> pool([&] { return scratch{{}, row_step(s.settings, fixed, of_users)}; });
    const std::uint64_t first = state::first_stream(epoch, of_users);
    parallel_for_rows(
        s.policy, histories.offsets().data(), histories.rows(), 1024, 4,
        [&](std::int64_t begin, std::int64_t end) {
          const auto work = pool.borrow();
          if (cancelled()) return;
          for (std::int64_t r = begin; r < end; ++r) {
            const auto history = histories.row(r);
            if (of_users && history.size() == 0) continue;
            const random_stream random(s.settings.seed, random_purpose::logistic_draws,
                                       first | static_cast<std::uint64_t>(r));
            if (!move_row(s.settings, history, s.by_user, s.users.size(), s.items.size(), of_users,
                          random, *work, moving.row(r), squares.row(r))) {
              recokit::detail::throw_diverged("logistic::fit", epoch);
            }
          }
        });
    if (cancelled()) throw cancelled_error("logistic::fit");
  };
  if (s.by_user.nonzeros() == 0) return;
  half(true);
  half(false);
  if (s.device != nullptr && !s.device->finite()) {
    recokit::detail::throw_diverged("logistic::fit", epoch);
  }
}

void trainer::give(const recokit::detail::adagrad_state& to) const {
  const state& s = *state_;
  if (s.device != nullptr) s.device->download(s.rows());
  s.users.give(s.policy, to.users);
  s.items.give(s.policy, to.items);
  s.user_squares.give(s.policy, to.user_squares);
  s.item_squares.give(s.policy, to.item_squares);
  if (!to.users.allFinite() || !to.items.allFinite() || !to.user_squares.allFinite() ||
      !to.item_squares.allFinite()) {
    recokit::detail::throw_diverged("logistic::fit", 0);
  }
}

row_major_matrix<float> solve(const cpu& policy, const csr_view<>& histories, const params& params,
                              const csr_view<>& known, const row_major_matrix<float>& other,
                              bool users) {
  check(histories);
  const Eigen::Index width = other.cols();
  const row_buffer fixed(policy, other, width);
  const auto size = static_cast<std::int64_t>(other.rows());
  const auto own_size = users ? std::int64_t{0} : static_cast<std::int64_t>(known.cols());
  row_major_matrix<float> solved = row_major_matrix<float>::Zero(histories.rows(), width);
  solved.col(params.factors + (users ? 1 : 0)).setOnes();
  scratch_pool<scratch> pool([&] { return scratch{{}, row_step(params, fixed, users)}; });
  parallel_for(policy, histories.rows(), 4, [&](std::int64_t begin, std::int64_t end) {
    const auto work = pool.borrow();
    std::vector<float> row(static_cast<std::size_t>(fixed.width()));
    std::vector<float> squares(row.size());
    for (std::int64_t r = begin; r < end; ++r) {
      const auto history = histories.row(r);
      if (history.size() == 0) continue;
      std::fill(row.begin(), row.end(), 0.0f);
      row[static_cast<std::size_t>(params.factors + (users ? 1 : 0))] = 1;
      std::fill(squares.begin(), squares.end(), recokit::detail::first_square);
      for (int step = 0; step < params.fold_in_epochs; ++step) {
        // Streams of epoch 0, which no fit has; the same for everybody: a history has one answer
        // wherever it stands.
        const random_stream random(params.seed, random_purpose::logistic_draws,
                                   static_cast<std::uint64_t>(step));
        move_row(params, history, known, users ? 0 : size, users ? size : own_size, users, random,
                 *work, row.data(), squares.data());
      }
      std::copy_n(row.data(), width, solved.data() + r * width);
    }
  });
  return solved;
}

}  // namespace recokit::inline RECOKIT_ABI::logistic::detail_logistic
