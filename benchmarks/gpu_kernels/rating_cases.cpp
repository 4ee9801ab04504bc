// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/finite_flag.hpp"
#include "kernels/level_jobs.hpp"
#include "kernels/sgd_steps.hpp"

#include <recokit/factorization/sample_levels.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

namespace recokit_benchmark {
namespace {

using recokit::sgd_step::rating;
using state = recokit::sgd_step::row_state<float>;
using rating_job = recokit::kernels::leveled_job<rating>;

constexpr double rate = 0.05;
constexpr double ridge = 0.02;
constexpr double bias_ridge = 0.01;

recokit::sgd_step::update<float> update_of(std::uint32_t width) {
  return {.loss = recokit::sgd_step::loss::squared,
          .adaptive = true,
          .mean = 0,
          .rate = static_cast<float>(rate),
          .bias_rate = static_cast<float>(rate),
          .regularization = static_cast<float>(ridge),
          .bias_regularization = static_cast<float>(bias_ridge),
          .l1 = 0,
          .inverse_factors = 1 / static_cast<float>(width)};
}

float target_of(std::uint32_t user, std::uint32_t item) {
  return static_cast<float>((user * 7 + item * 3) % 5) / 2 - 1;
}

/// A row with its bias and its sums of squares, in double.
struct wide_row {
  Eigen::VectorXd factors;
  double bias = 0;
  double factor_squares = 1;
  double bias_squares = 1;
};

/// Rows of users and items on the device.
struct rating_rows {
  rating_rows(std::int64_t users, std::int64_t items, std::uint32_t columns, ck::stream_t on)
      : stream(on),
        width(columns),
        p(random_rows(users, columns, 1)),
        q(random_rows(items, columns, 2)),
        user_rows(numbers_of(p), on),
        item_rows(numbers_of(q), on),
        user_states(std::vector<state>(static_cast<std::size_t>(users)), on),
        item_states(std::vector<state>(static_cast<std::size_t>(items)), on),
        failed(on) {}

  ck::sgd_arrays arrays() {
    return {{user_rows.data(), user_states.data()}, {item_rows.data(), item_states.data()}, width};
  }
  void restart() {
    user_rows.restart(stream);
    item_rows.restart(stream);
    user_states.restart(stream);
    item_states.restart(stream);
  }

  /// The ratings one after the other, in double; no other may touch their rows.
  void check(const std::vector<rating>& ratings) {
    expect(!ratings.empty() && failed.all_finite(stream), "a row is not finite");
    std::map<std::uint32_t, wide_row> users;
    std::map<std::uint32_t, wide_row> items;
    const auto row_of = [](auto& rows, const auto& host, std::uint32_t at) -> wide_row& {
      const auto [place, is_new] = rows.try_emplace(at);
      if (is_new) place->second.factors = host.row(at).transpose().template cast<double>();
      return place->second;
    };
    const auto move = [](wide_row& row, const Eigen::VectorXd& gradient, double of_bias) {
      row.factors += rate / std::sqrt(row.factor_squares) * gradient;
      row.factor_squares += gradient.squaredNorm() / static_cast<double>(gradient.size());
      row.bias += rate / std::sqrt(row.bias_squares) * of_bias;
      row.bias_squares += of_bias * of_bias;
    };
    for (const rating& now : ratings) {
      wide_row& user = row_of(users, p, now.user);
      wide_row& item = row_of(items, q, now.item);
      const double off =
          static_cast<double>(now.target) - user.bias - item.bias - user.factors.dot(item.factors);
      const Eigen::VectorXd to_user = off * item.factors - ridge * user.factors;
      const Eigen::VectorXd to_item = off * user.factors - ridge * item.factors;
      move(user, to_user, off - bias_ridge * user.bias);
      move(item, to_item, off - bias_ridge * item.bias);
    }
    compare(users, user_rows.data(), user_states.data(), "user ");
    compare(items, item_rows.data(), item_states.data(), "item ");
  }

  void compare(const std::map<std::uint32_t, wide_row>& rows, const float* factors,
               const state* states, const std::string& side) const {
    for (const auto& [at, expected] : rows) {
      const std::string name = side + std::to_string(at);
      expect_row(factors, at, expected.factors, 1e-4, name, stream);
      const state after = fetch(states, at, 1, stream)[0];
      expect_near(static_cast<double>(after.bias), expected.bias, 1e-4, "the bias of " + name);
      expect_near(static_cast<double>(after.factor_squares), expected.factor_squares,
                  1e-4 * expected.factor_squares, "the squares of " + name);
    }
  }

  ck::stream_t stream;
  std::uint32_t width;
  recokit::row_major_matrix<float> p;
  recokit::row_major_matrix<float> q;
  changing_array<float> user_rows;
  changing_array<float> item_rows;
  changing_array<state> user_states;
  changing_array<state> item_states;
  ck::finite_flag failed;
};

/// Bytes: of a rating two rows and their states read and written, and its numbers. Operations: of a
/// factor three products and two steps, multiply-adds all but one.
least_work rating_work(double ratings, double width) {
  return {ratings * (16 * width + 4 * sizeof(state) + sizeof(rating)), ratings * 18 * width};
}

/// A round of blocks that share no row, level by level.
kernel_case steps(std::uint32_t width, ck::stream_t stream) {
  struct inputs {
    inputs(std::uint32_t columns, ck::stream_t on)
        : rows(by_user().rows(), by_user().cols(), columns, on) {
      recokit::detail::sample_levels sorter(by_user().rows(), by_user().cols());
      const auto round = first_round(bands);
      // Of the blocks in the order (band of users, band of items) only those of the round are
      // filled.
      blocks.resize(static_cast<std::size_t>(bands * bands));
      for (std::size_t b = 0; b < round.size(); ++b) {
        rating_job& block = blocks[b * round.size() + b];
        for (const interaction& now : shuffled(round[b], b)) {
          block.samples.push_back({now.user, now.item, target_of(now.user, now.item)});
        }
        if (b == 0) first = block.samples;
        sorter.sort(block);
      }
      const std::span<const rating_job> jobs(blocks);
      bounds = ck::bounds_of(jobs);
      samples = ck::device_buffer<rating>(bounds.samples);
      ck::copy_samples(samples.data(), jobs, on);
      levels = put(bounds.level_starts, on);
      starts = put(bounds.job_starts, on);
    }
    std::int64_t bands = sized<std::int64_t>(32, 2);
    rating_rows rows;
    std::vector<rating_job> blocks;
    std::vector<rating> first;
    ck::job_bounds bounds;
    ck::device_buffer<rating> samples{0};
    ck::device_buffer<std::uint64_t> levels{0};
    ck::device_buffer<std::uint32_t> starts{0};
  };
  const auto in = std::make_shared<inputs>(width, stream);
  return {rating_work(static_cast<double>(in->bounds.samples), width),
          [=] {
            const auto bands = static_cast<std::uint32_t>(in->bands);
            ck::sgd_steps(in->rows.arrays(), update_of(width),
                          {in->samples.data(), in->levels.data(), in->starts.data(),
                           static_cast<std::uint32_t>(in->blocks.size())},
                          bands, bands, 0, in->rows.failed.data(), stream);
          },
          [in] { in->rows.check(in->first); }, [in] { in->rows.restart(); }};
}

/// Ratings of which no two share a row: the answer is then that of one after the other, and nothing
/// but memory holds the steps up.
kernel_case race(std::uint32_t width, ck::stream_t stream) {
  struct inputs {
    inputs(std::int64_t count, std::uint32_t columns, ck::stream_t on)
        : rows(count, count, columns, on) {
      // An odd number and a power of two: each item comes once.
      for (std::int64_t n = 0; n < count; ++n) {
        const auto user = static_cast<std::uint32_t>(n);
        const auto item = static_cast<std::uint32_t>(n * 40'503 % count);
        ratings.push_back({user, item, target_of(user, item)});
      }
      samples = put(ratings, on);
    }
    rating_rows rows;
    std::vector<rating> ratings;
    ck::device_buffer<rating> samples{0};
  };
  const auto in = std::make_shared<inputs>(sized(1 << 18, 64), width, stream);
  return {rating_work(static_cast<double>(in->ratings.size()), width),
          [=] {
            ck::sgd_race(in->rows.arrays(), update_of(width), in->samples.data(),
                         in->ratings.size(), in->rows.failed.data(), stream);
          },
          [in] {
            in->rows.check(
                {in->ratings.begin(),
                 in->ratings.begin() + std::min<std::ptrdiff_t>(1000, std::ssize(in->ratings))});
          },
          [in] { in->rows.restart(); }};
}

}  // namespace

void add_rating_cases(case_list& cases) {
  add_widths(cases, "sgd_steps", steps);
  add_widths(cases, "sgd_race", race);
}

}  // namespace recokit_benchmark
