// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/sgd_steps.hpp"

#include "kernels/level_jobs.hpp"
#include "reference/rating_descent.hpp"
#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/factorization/sample_levels.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
namespace sgd = recokit::sgd;
using recokit::sgd_step::rating;
using recokit::sgd_step::row_state;
using job = recokit::kernels::leveled_job<rating>;
using recokit_test::naive_descent_state;

constexpr int rows_of_side = 10;
constexpr float mean = 0.5f;

struct settings {
  sgd::loss loss = sgd::loss::squared;
  sgd::step_rule step_rule = sgd::step_rule::adaptive;
  double learning_rate = 0.1;
  double learning_rate_decay = 1;
  double regularization = 0.05;
  double bias_regularization = 0.02;
  double l1 = 0;
  bool biases = true;
};

recokit::sgd_step::update<float> update_of(const settings& s, std::size_t width) {
  const auto rate = static_cast<float>(s.learning_rate);
  return {.loss = s.loss,
          .adaptive = s.step_rule == sgd::step_rule::adaptive,
          .mean = mean,
          .rate = rate,
          .bias_rate = s.biases ? rate : 0.0f,
          .regularization = static_cast<float>(s.regularization),
          .bias_regularization = static_cast<float>(s.bias_regularization),
          .l1 = static_cast<float>(s.l1),
          .inverse_factors = 1 / static_cast<float>(width)};
}

struct side {
  std::vector<float> rows;
  std::vector<row_state<float>> states = std::vector<row_state<float>>(rows_of_side);
};

struct factors {
  std::size_t width;
  side users;
  side items;
};

factors random_factors(std::size_t width) {
  const auto made = [&](std::uint64_t stream, float bias) {
    recokit::random_stream random(11, recokit::random_purpose::user, stream);
    side of;
    for (std::size_t n = 0; n < rows_of_side * width; ++n) {
      // As long whatever the width: rounding must not grow from step to step.
      of.rows.push_back(
          static_cast<float>(1.7 / std::sqrt(static_cast<double>(width)) * random.normal()));
    }
    for (auto& state : of.states) state.bias = bias;
    return of;
  };
  return {width, made(1, mean), made(2, 0)};
}

/// Random ratings of the users from `user` on by the items from `item` on, five of each.
std::vector<rating> random_ratings(std::size_t count, std::uint32_t user, std::uint32_t item) {
  recokit::random_stream random(5, recokit::random_purpose::user, 16 * user + item);
  std::vector<rating> ratings;
  for (std::size_t n = 0; n < count; ++n) {
    const auto place = [&] { return static_cast<std::uint32_t>(random.below(5)); };
    ratings.push_back({user + place(), item + place(), random.below(2) == 0 ? -1.0f : 1.0f});
  }
  return ratings;
}

/// Two bands of users by two of items. A block may be empty.
std::vector<job> two_by_two() {
  std::vector<job> blocks{{random_ratings(9, 0, 0), {}},
                          {random_ratings(6, 0, 5), {}},
                          {{}, {}},
                          {random_ratings(8, 5, 5), {}}};
  return blocks;
}

Eigen::MatrixXd dense(const side& from, std::size_t width) {
  return Eigen::Map<const recokit::row_major_matrix<float>>(from.rows.data(), rows_of_side,
                                                            static_cast<Eigen::Index>(width))
      .cast<double>();
}

/// One rating after the other, in double.
naive_descent_state stepped(const factors& from, const std::vector<job>& blocks,
                            const settings& s) {
  naive_descent_state state(dense(from.users, from.width), dense(from.items, from.width));
  for (const std::size_t n : {0u, 3u, 1u, 2u}) {
    for (const rating& now : blocks[n].samples) {
      state.step({static_cast<recokit::index_t>(now.user), static_cast<recokit::index_t>(now.item),
                  double{now.target}},
                 double{mean}, s, 1);
    }
  }
  return state;
}

/// The factors, and what steps them, on a device.
struct device_case {
  explicit device_case(const factors& from)
      : width(from.width),
        users(std::span<const float>(from.users.rows), nullptr),
        items(std::span<const float>(from.items.rows), nullptr),
        user_states(std::span<const row_state<float>>(from.users.states), nullptr),
        item_states(std::span<const row_state<float>>(from.items.states), nullptr) {}

  void step(const std::vector<job>& blocks, const settings& s) {
    const std::span<const job> jobs(blocks);
    const ck::job_bounds bounds = ck::bounds_of(jobs);
    ck::device_buffer<rating> samples(bounds.samples);
    ck::copy_samples(samples.data(), jobs, nullptr);
    const ck::device_buffer<std::uint64_t> levels(
        std::span<const std::uint64_t>(bounds.level_starts), nullptr);
    const ck::device_buffer<std::uint32_t> starts(std::span<const std::uint32_t>(bounds.job_starts),
                                                  nullptr);
    for (const std::uint32_t round : {0u, 1u}) {
      ck::sgd_steps(arrays(), update_of(s, width),
                    {samples.data(), levels.data(), starts.data(), 4}, 2, 2, round, failed.data(),
                    nullptr);
    }
  }
  void race(const std::vector<rating>& ratings, const settings& s) {
    const ck::device_buffer<rating> samples(std::span<const rating>(ratings), nullptr);
    ck::sgd_race(arrays(), update_of(s, width), samples.data(), ratings.size(), failed.data(),
                 nullptr);
  }
  ck::sgd_arrays arrays() {
    return {{users.data(), user_states.data()},
            {items.data(), item_states.data()},
            static_cast<std::uint32_t>(width)};
  }
  bool told() const { return failed.to_host(nullptr)[0] == 0; }

  /// The largest distance of a factor, a bias or a square; of large ones relative to them.
  double off(const naive_descent_state& expected, bool adaptive) const {
    const side u{users.to_host(nullptr), user_states.to_host(nullptr)};
    const side i{items.to_host(nullptr), item_states.to_host(nullptr)};
    double most = std::max((dense(u, width) - expected.p).cwiseAbs().maxCoeff(),
                           (dense(i, width) - expected.q).cwiseAbs().maxCoeff());
    const auto add = [&](float found, double wanted) {
      most = std::max(most, std::abs(double{found} - wanted) / std::max(1.0, std::abs(wanted)));
    };
    for (int r = 0; r < rows_of_side; ++r) {
      const auto& of_user = u.states[static_cast<std::size_t>(r)];
      const auto& of_item = i.states[static_cast<std::size_t>(r)];
      add(of_user.bias, double{mean} + expected.user_bias[r]);
      add(of_item.bias, expected.item_bias[r]);
      if (!adaptive) continue;
      add(of_user.factor_squares, expected.user_squares[r]);
      add(of_item.factor_squares, expected.item_squares[r]);
      add(of_user.bias_squares, expected.user_bias_squares[r]);
      add(of_item.bias_squares, expected.item_bias_squares[r]);
    }
    return most;
  }

  std::size_t width;
  ck::device_buffer<float> users;
  ck::device_buffer<float> items;
  ck::device_buffer<row_state<float>> user_states;
  ck::device_buffer<row_state<float>> item_states;
  ck::device_buffer<std::uint32_t> failed{
      std::span<const std::uint32_t>(std::vector<std::uint32_t>{7}), nullptr};
};

void check_against_loop(std::size_t width, const settings& s) {
  CAPTURE(width, s.loss, s.step_rule, s.l1);
  const bool adaptive = s.step_rule == sgd::step_rule::adaptive;
  const factors before = random_factors(width);
  std::vector<job> blocks = two_by_two();
  const naive_descent_state expected = stepped(before, blocks, s);
  recokit::detail::sample_levels levels(rows_of_side, rows_of_side);
  for (job& block : blocks) levels.sort(block);
  device_case device(before);
  CHECK(device.off(expected, adaptive) > 1e-2);
  device.step(blocks, s);
  CHECK_FALSE(device.told());
  CHECK(device.off(expected, adaptive) < 1e-5);
}

}  // namespace

TEST_CASE("ratings stepped by round and level end where one after the other ends, for every loss") {
  RECOKIT_REQUIRE_TARGET();
  using sgd::loss;
  for (const auto rule : {sgd::step_rule::adaptive, sgd::step_rule::decay}) {
    for (const auto loss :
         {loss::squared, loss::absolute, loss::hinge, loss::logistic, loss::sigmoid}) {
      check_against_loop(32, {.loss = loss, .step_rule = rule});
    }
  }
}

TEST_CASE("ratings stepped by round and level end where one after the other ends, at any width") {
  RECOKIT_REQUIRE_TARGET();
  for (const std::size_t width : {64u, 96u, 128u, 256u}) {
    check_against_loop(width, {.l1 = 0.01});
    check_against_loop(width, {.step_rule = sgd::step_rule::decay, .biases = false});
  }
}

TEST_CASE("ratings that race step as well, and where they share no row as they would in turn") {
  RECOKIT_REQUIRE_TARGET();
  std::vector<rating> ratings;
  for (std::uint32_t r = 0; r < rows_of_side; ++r) ratings.push_back({r, r, 1.0f});
  const factors before = random_factors(32);
  const settings s{};
  const naive_descent_state expected = stepped(before, {{ratings, {}}, {}, {}, {}}, s);
  device_case device(before);
  device.race(ratings, s);
  CHECK(device.off(expected, true) < 1e-5);
}

TEST_CASE("a rating whose rows are not finite is told") {
  RECOKIT_REQUIRE_TARGET();
  factors before = random_factors(32);
  before.users.rows[40] = std::numeric_limits<float>::infinity();
  device_case device(before);
  device.race({{0, 1, 1.0f}}, {});
  CHECK_FALSE(device.told());
  device.race({{1, 1, 1.0f}}, {});
  CHECK(device.told());
}

TEST_CASE("steps on ratings refuse rows that are not padded to warps") {
  RECOKIT_REQUIRE_TARGET();
  CHECK_THAT(recokit_test::error_text<recokit::value_error>([&] {
               ck::sgd_race({{}, {}, 48}, {}, nullptr, 1, nullptr, nullptr);
             }),
             recokit_test::ContainsSubstring("rows.stride = 48"));
}
