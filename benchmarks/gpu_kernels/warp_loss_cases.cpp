// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/finite_flag.hpp"
#include "kernels/warp_loss.hpp"

#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

namespace recokit_benchmark {
namespace {

using recokit::pair_step::banded_entry;

/// A round of WARP with Adagrad: jobs of bands that share no row.
struct warp_inputs {
  warp_inputs(std::uint32_t columns, ck::stream_t on)
      : stream(on),
        width(columns),
        users_host(random_rows(by_user().rows(), width, 1)),
        items_host(random_rows(by_user().cols(), width, 2)),
        users(numbers_of(users_host), on),
        items(numbers_of(items_host), on),
        bias(std::vector<float>(static_cast<std::size_t>(by_user().cols()), 0.0f), on),
        user_squares(std::vector<float>(numbers_of(users_host).size(), 1.0f), on),
        item_squares(std::vector<float>(numbers_of(items_host).size(), 1.0f), on),
        bias_squares(std::vector<float>(static_cast<std::size_t>(by_user().cols()), 1.0f), on),
        round(first_round(bands)),
        failed(on) {
    std::vector<banded_entry> all;
    std::vector<std::int64_t> begins;
    std::vector<std::uint32_t> order;
    for (std::int64_t b = 0; b < bands; ++b) {
      for (std::int64_t other = 0; other <= bands; ++other) {
        // Job (b, b) has the interactions, others of the band have none.
        if (other == b + 1) {
          for (const interaction& now : round[static_cast<std::size_t>(b)]) {
            all.push_back({now.user, now.item - first_of(b)});
          }
        }
        begins.push_back(static_cast<std::int64_t>(all.size()));
      }
    }
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(by_user().cols()); ++i) {
      order.push_back(i);
    }
    entries = put(all, on);
    starts = put(begins, on);
    numbers = put(order, on);
  }

  std::uint32_t first_of(std::int64_t band) const {
    return static_cast<std::uint32_t>(band_begin(by_user().cols(), bands, band));
  }
  recokit::warp_loss::epoch_terms terms() const {
    return {.rates = {.step = 0.05f,
                      .user = 0.01f,
                      .positive = 0.02f,
                      .negative = 0.03f,
                      .bias = 0.04f,
                      .bias_step = 0.05f},
            .margin = 0.1f,
            .max_trials = 10,
            .seed = 77,
            .purpose = static_cast<std::uint32_t>(recokit::random_purpose::warp_draws),
            .epoch = 0};
  }

  void launch() {
    const auto stride = static_cast<std::ptrdiff_t>(width);
    ck::warp_loss_steps(
        {{users.data(), items.data(), bias.data(), stride},
         {user_squares.data(), item_squares.data(), bias_squares.data(), stride},
         width},
        terms(), {entries.data(), starts.data(), numbers.data(), by_user().cols(), {bands, bands}},
        0, failed.data(), stream);
  }
  void restart() {
    for (auto* array : {&users, &items, &bias, &user_squares, &item_squares, &bias_squares}) {
      array->restart(stream);
    }
  }

  /// The first users of the first job, one trial after the other, in double. They are done with
  /// when the next comes, so their rows are what is compared.
  void check();

  std::int64_t bands = sized<std::int64_t>(64, 2);
  ck::stream_t stream;
  std::uint32_t width;
  recokit::row_major_matrix<float> users_host;
  recokit::row_major_matrix<float> items_host;
  changing_array<float> users;
  changing_array<float> items;
  changing_array<float> bias;
  changing_array<float> user_squares;
  changing_array<float> item_squares;
  changing_array<float> bias_squares;
  std::vector<std::vector<interaction>> round;
  ck::device_buffer<banded_entry> entries{0};
  ck::device_buffer<std::int64_t> starts{0};
  ck::device_buffer<std::uint32_t> numbers{0};
  ck::finite_flag failed;
};

/// A row, its bias, and their sums of squared gradients.
struct squared_row {
  Eigen::VectorXd values;
  Eigen::VectorXd squares;
  double bias = 0;
  double bias_squares = 1;

  void move(const Eigen::VectorXd& gradient, double step) {
    squares.array() += gradient.array().square();
    values.array() += step * gradient.array() / squares.array().sqrt();
  }
  void move_bias(double gradient, double step) {
    bias_squares += gradient * gradient;
    bias += step * gradient / std::sqrt(bias_squares);
  }
};

void warp_inputs::check() {
  expect(failed.all_finite(stream), "a score is not finite");
  const auto t = terms();
  const auto& job = round.front();
  const std::uint32_t first = first_of(0);
  const std::uint32_t size = first_of(1) - first;
  std::map<std::uint32_t, squared_row> h;
  const auto row_of = [](const auto& host, std::uint32_t at) {
    squared_row made;
    made.values = host.row(at).transpose().template cast<double>();
    made.squares = Eigen::VectorXd::Ones(made.values.size());
    return made;
  };
  const auto item_row = [&](std::uint32_t local) -> squared_row& {
    const auto [place, is_new] = h.try_emplace(first + local);
    if (is_new) place->second = row_of(items_host, first + local);
    return place->second;
  };
  recokit::random_stream random(t.seed, recokit::random_purpose::warp_draws, 0);
  int checked = 0;
  for (std::size_t n = 0; n < job.size() && checked < 20; ++checked) {
    const std::uint32_t user = job[n].user;
    std::vector<std::uint32_t> positives;
    for (; n < job.size() && job[n].user == user; ++n) positives.push_back(job[n].item - first);
    const std::set<std::uint32_t> own(positives.begin(), positives.end());
    if (own.size() == size) continue;
    squared_row w = row_of(users_host, user);
    const auto draw = [&] {
      std::uint32_t local = 0;
      for (std::uint32_t misses = 0; misses < recokit::pair_step::most_misses; ++misses) {
        std::uint64_t product = 0;
        do {
          product = std::uint64_t{random()} * size;
        } while (static_cast<std::uint32_t>(product) < (0u - size) % size);
        local = static_cast<std::uint32_t>(product >> 32);
        if (own.count(local) == 0) return local;
      }
      while (own.count(local) != 0) local = (local + 1) % size;
      return local;
    };
    const auto score = [&](const squared_row& item) {
      return w.values.dot(item.values) + item.bias;
    };
    std::uint32_t next = draw();
    for (const std::uint32_t positive : positives) {
      squared_row& liked = item_row(positive);
      const double floor = score(liked) - static_cast<double>(t.margin);
      for (int trial = 1; trial <= t.max_trials; ++trial) {
        squared_row& other = item_row(next);
        next = draw();
        if (!(score(other) > floor)) continue;
        const auto above = (by_user().cols() - 1) / trial;
        const double weight = std::log(static_cast<double>(std::max<std::int64_t>(1, above)));
        const auto r = [](float of) { return static_cast<double>(of); };
        const Eigen::VectorXd to_user =
            weight * (liked.values - other.values) - r(t.rates.user) * w.values;
        const Eigen::VectorXd to_liked = weight * w.values - r(t.rates.positive) * liked.values;
        const Eigen::VectorXd to_other = -weight * w.values - r(t.rates.negative) * other.values;
        w.move(to_user, r(t.rates.step));
        liked.move(to_liked, r(t.rates.step));
        other.move(to_other, r(t.rates.step));
        liked.move_bias(weight - r(t.rates.bias) * liked.bias, r(t.rates.bias_step));
        other.move_bias(-weight - r(t.rates.bias) * other.bias, r(t.rates.bias_step));
        break;
      }
    }
    expect_row(users.data(), user, w.values, 1e-3,
               "user " + std::to_string(user) + " after its steps", stream);
  }
  expect(checked > 0, "the first job has no user");
}

/// Bytes: of an interaction one trial, three rows and their squares read and written, and its
/// numbers. Operations: the scores of the positive and of one trial, and of a factor three steps of
/// nine.
kernel_case warp(std::uint32_t width, ck::stream_t stream) {
  const auto in = std::make_shared<warp_inputs>(width, stream);
  const auto count = static_cast<double>(in->entries.size());
  return case_of(in, {count * (48.0 * width + 8), count * 31 * width});
}

}  // namespace

void add_warp_loss_cases(case_list& cases) { add_widths(cases, "warp_loss_steps", warp); }

}  // namespace recokit_benchmark
