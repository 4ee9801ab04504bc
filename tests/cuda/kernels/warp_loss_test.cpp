// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/warp_loss.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
using recokit::pair_step::banded_entry;
using recokit::pair_step::factor_block;

constexpr std::size_t columns = 20;  // of rows of 32
constexpr std::size_t width = 32;

recokit::warp_loss::epoch_terms terms_of(int max_trials) {
  return {.rates = {.step = 0.2f,
                    .user = 0.01f,
                    .positive = 0.02f,
                    .negative = 0.03f,
                    .bias = 0.04f,
                    .bias_step = 0.1f},
          .margin = 0.1f,
          .max_trials = max_trials,
          .seed = 77,
          .purpose = static_cast<std::uint32_t>(recokit::random_purpose::warp_draws),
          .epoch = 3};
}

/// Two bands of users, two of items: the first four users, the first half of the items, and the
/// others.
struct cut {
  std::vector<banded_entry> entries;
  std::vector<std::int64_t> starts;
  std::vector<std::uint32_t> items;
  std::uint32_t users;

  std::uint32_t band() const { return static_cast<std::uint32_t>(items.size() / 2); }
};

/// @param left how many of the items the last user does not have
cut made_cut(std::uint32_t items, std::uint32_t left) {
  cut made{{}, {}, {}, 8};
  for (std::uint32_t n = 0; n < items; ++n) made.items.push_back((7 * n + 3) % items);
  recokit::random_stream random(5, recokit::random_purpose::user, left);
  for (std::uint32_t band = 0; band < 2; ++band) {
    std::vector<std::vector<banded_entry>> jobs(2);
    for (const std::uint32_t place : {2u, 0u, 3u, 1u}) {  // in no order
      const std::uint32_t user = 4 * band + place;
      for (std::uint32_t item = 0; item < items; ++item) {
        const bool has = user == 7 ? item >= left : user != 1 && random.below(3) == 0;
        if (!has) continue;
        const auto at = static_cast<std::uint32_t>(
            std::find(made.items.begin(), made.items.end(), item) - made.items.begin());
        jobs[at / made.band()].push_back({user, at % made.band()});
      }
    }
    for (const auto& job : jobs) {
      made.starts.push_back(static_cast<std::int64_t>(made.entries.size()));
      made.entries.insert(made.entries.end(), job.begin(), job.end());
    }
    made.starts.push_back(static_cast<std::int64_t>(made.entries.size()));
  }
  return made;
}

template <class Number>
struct rows {
  std::vector<Number> users, items, bias, user_squares, item_squares, bias_squares;
};

rows<float> random_rows(const cut& c) {
  rows<float> made;
  const auto draw = [&](std::size_t count, std::uint64_t stream) {
    recokit::random_stream random(11, recokit::random_purpose::user, stream);
    std::vector<float> drawn(count * width, 0.0f);
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t f = 0; f < columns; ++f) {
        drawn[r * width + f] = 0.2f * static_cast<float>(random.normal());
      }
    }
    return drawn;
  };
  made.users = draw(c.users, 1);
  made.items = draw(c.items.size(), 2);
  for (std::size_t i = 0; i < c.items.size(); ++i) {
    made.bias.push_back(0.01f * static_cast<float>(i));
  }
  // Nothing where the columns end: a square that is read there would make a NaN.
  made.user_squares.assign(made.users.size(), 0.0f);
  made.item_squares.assign(made.items.size(), 0.0f);
  for (auto* squares : {&made.user_squares, &made.item_squares}) {
    for (std::size_t n = 0; n < squares->size(); ++n) {
      if (n % width < columns) (*squares)[n] = 1;
    }
  }
  made.bias_squares.assign(c.items.size(), 1.0f);
  return made;
}

/// One interaction, one trial, one number after the other, in double.
struct loop {
  rows<double> at;
  const cut& c;
  recokit::warp_loss::epoch_terms terms;
  bool adagrad;
  int most_misses = 0;

  double score(std::size_t user, std::size_t item) const {
    double sum = at.bias[item];
    for (std::size_t f = 0; f < columns; ++f) {
      sum += at.users[user * width + f] * at.items[item * width + f];
    }
    return sum;
  }
  void move(double& value, double& square, double gradient, double step) const {
    if (adagrad) square += gradient * gradient;
    value += step * gradient / (adagrad ? std::sqrt(square) : 1);
  }
  void step(std::size_t user, std::size_t i, std::size_t j, double weight) {
    const auto& rates = terms.rates;
    const double size = double{rates.step};
    for (std::size_t f = 0; f < columns; ++f) {
      const std::size_t u = user * width + f;
      const std::size_t p = i * width + f;
      const std::size_t q = j * width + f;
      const double w = at.users[u];
      const double liked = at.items[p];
      const double other = at.items[q];
      move(at.users[u], at.user_squares[u], weight * (liked - other) - double{rates.user} * w,
           size);
      move(at.items[p], at.item_squares[p], weight * w - double{rates.positive} * liked, size);
      move(at.items[q], at.item_squares[q], -weight * w - double{rates.negative} * other, size);
    }
    const double bias_size = double{rates.bias_step};
    move(at.bias[i], at.bias_squares[i], weight - double{rates.bias} * at.bias[i], bias_size);
    move(at.bias[j], at.bias_squares[j], -weight - double{rates.bias} * at.bias[j], bias_size);
  }

  void job(std::size_t user_band, std::size_t item_band) {
    const auto begin = c.starts[user_band * 3 + item_band];
    const auto end = c.starts[user_band * 3 + item_band + 1];
    const std::span all(c.entries.data() + begin, c.entries.data() + end);
    const std::uint32_t* const band = c.items.data() + c.band() * item_band;
    recokit::random_stream random(
        terms.seed, recokit::random_purpose::warp_draws,
        static_cast<std::uint64_t>(terms.epoch) * 4 + 2 * user_band + item_band);
    for (std::size_t n = 0; n < all.size();) {
      const std::uint32_t user = all[n].user;
      std::set<std::uint32_t> own;
      std::vector<std::uint32_t> positives;
      for (; n < all.size() && all[n].user == user; ++n) {
        own.insert(all[n].local);
        positives.push_back(all[n].local);
      }
      if (own.size() == c.band()) continue;
      const auto draw = [&] {
        std::uint32_t local = 0;
        for (int misses = 0; misses < 64; ++misses) {
          std::uint64_t product = 0;
          do {
            product = std::uint64_t{random()} * c.band();
          } while (static_cast<std::uint32_t>(product) < (0u - c.band()) % c.band());
          local = static_cast<std::uint32_t>(product >> 32);
          if (own.count(local) == 0) return local;
          most_misses = std::max(most_misses, misses + 1);
        }
        while (own.count(local) != 0) local = (local + 1) % c.band();
        return local;
      };
      std::uint32_t next = draw();
      for (const std::uint32_t positive : positives) {
        const double floor = score(user, band[positive]) - double{terms.margin};
        for (int t = 1; t <= terms.max_trials; ++t) {
          const std::uint32_t item = next;
          next = draw();
          if (!(score(user, band[item]) > floor)) continue;
          const double weight = std::log(std::max(1, (static_cast<int>(c.items.size()) - 1) / t));
          if (weight > 0) step(user, band[positive], band[item], weight);
          break;
        }
      }
    }
  }
};

loop looped(const rows<float>& from, const cut& c, const recokit::warp_loss::epoch_terms& terms,
            bool adagrad) {
  const auto wide = [](const std::vector<float>& narrow) {
    return std::vector<double>(narrow.begin(), narrow.end());
  };
  loop run{{wide(from.users), wide(from.items), wide(from.bias), wide(from.user_squares),
            wide(from.item_squares), wide(from.bias_squares)},
           c,
           terms,
           adagrad};
  for (std::size_t round = 0; round < 2; ++round) {
    for (std::size_t band = 0; band < 2; ++band) run.job(band, (band + round) % 2);
  }
  return run;
}

struct found_rows {
  rows<float> at;
  bool told;
};

found_rows on_device(const rows<float>& from, const cut& c,
                     const recokit::warp_loss::epoch_terms& terms, bool adagrad) {
  const auto copy = [](const auto& host) {
    using number = typename std::remove_cvref_t<decltype(host)>::value_type;
    return ck::device_buffer<number>(std::span<const number>(host), nullptr);
  };
  auto users = copy(from.users);
  auto items = copy(from.items);
  auto bias = copy(from.bias);
  auto user_squares = copy(from.user_squares);
  auto item_squares = copy(from.item_squares);
  auto bias_squares = copy(from.bias_squares);
  const auto entries = copy(c.entries);
  const auto starts = copy(c.starts);
  const auto order = copy(c.items);
  auto failed = copy(std::vector<std::uint32_t>{7});
  const ck::warp_loss_rows at{
      {users.data(), items.data(), bias.data(), width},
      adagrad ? factor_block{user_squares.data(), item_squares.data(), bias_squares.data(), width}
              : factor_block{},
      columns};
  for (const std::int64_t round : {0, 1}) {
    ck::warp_loss_steps(at, terms,
                        {entries.data(),
                         starts.data(),
                         order.data(),
                         static_cast<std::int64_t>(c.items.size()),
                         {2, 2}},
                        round, failed.data(), nullptr);
  }
  return {
      {users.to_host(nullptr), items.to_host(nullptr), bias.to_host(nullptr),
       user_squares.to_host(nullptr), item_squares.to_host(nullptr), bias_squares.to_host(nullptr)},
      failed.to_host(nullptr)[0] == 0};
}

double farthest(const std::vector<float>& a, const std::vector<double>& b) {
  double most = a.size() == b.size() ? 0 : 1e9;
  for (std::size_t n = 0; n < a.size() && n < b.size(); ++n) {
    const double off = std::abs(double{a[n]} - b[n]);
    most = std::isnan(off) ? 1e9 : std::max(most, off);
  }
  return most;
}

}  // namespace

TEST_CASE("steps of WARP draw, try and end as one interaction after the other does") {
  RECOKIT_REQUIRE_TARGET();
  const bool adagrad = GENERATE(true, false);
  const int max_trials = GENERATE(1, 3, 20);
  CAPTURE(adagrad, max_trials);
  const cut c = made_cut(20, 13);
  const rows<float> before = random_rows(c);
  const auto terms = terms_of(max_trials);
  const loop expected = looped(before, c, terms, adagrad);
  const found_rows found = on_device(before, c, terms, adagrad);
  CHECK_FALSE(found.told);
  CHECK(farthest(before.users, expected.at.users) > 1e-2);
  CHECK(farthest(found.at.users, expected.at.users) < 1e-5);
  CHECK(farthest(found.at.items, expected.at.items) < 1e-5);
  CHECK(farthest(found.at.bias, expected.at.bias) < 1e-5);
  CHECK(farthest(found.at.user_squares, expected.at.user_squares) < 1e-4);
  CHECK(farthest(found.at.item_squares, expected.at.item_squares) < 1e-4);
  CHECK(farthest(found.at.bias_squares, expected.at.bias_squares) < 1e-4);
}

TEST_CASE("steps of WARP find the items that a user with nearly all does not have") {
  RECOKIT_REQUIRE_TARGET();
  const cut c = made_cut(100, 2);  // one in each band
  const rows<float> before = random_rows(c);
  const auto terms = terms_of(3);
  const loop expected = looped(before, c, terms, true);
  CHECK(expected.most_misses == 64);  // two windows of words, and then the next in turn
  const found_rows found = on_device(before, c, terms, true);
  CHECK(farthest(found.at.users, expected.at.users) < 1e-5);
  CHECK(farthest(found.at.items, expected.at.items) < 1e-5);
}

TEST_CASE("a score of WARP that is not finite is told") {
  RECOKIT_REQUIRE_TARGET();
  const cut c = made_cut(20, 13);
  rows<float> before = random_rows(c);
  before.items[5 * width] = std::numeric_limits<float>::infinity();
  CHECK(on_device(before, c, terms_of(2), true).told);
}

TEST_CASE("steps of WARP refuse trials out of range") {
  RECOKIT_REQUIRE_TARGET();
  CHECK_THAT(recokit_test::error_text<recokit::value_error>([&] {
               ck::warp_loss_steps({{}, {}, 32}, terms_of(0), {}, 0, nullptr, nullptr);
             }),
             recokit_test::ContainsSubstring("terms.max_trials = 0"));
}
