// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pair_steps.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/factorization/sample_levels.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
using recokit::pair_step::pair_rates;
using recokit::pair_step::triple;
using pair_job = recokit::kernels::leveled_job<triple>;

constexpr pair_rates rates{.step = 0.1f,
                           .user = 0.01f,
                           .positive = 0.02f,
                           .negative = 0.03f,
                           .bias = 0.04f,
                           .bias_step = 0.1f};

struct factors {
  std::size_t width;
  std::vector<float> users;
  std::vector<float> items;
  std::vector<float> bias;
};

std::vector<float> normal_numbers(std::size_t count, std::uint64_t stream) {
  recokit::random_stream random(11, recokit::random_purpose::user, stream);
  std::vector<float> numbers(count);
  for (float& x : numbers) x = 0.3f * static_cast<float>(random.normal());
  return numbers;
}

factors random_factors(std::size_t users, std::size_t items, std::size_t width) {
  return {width, normal_numbers(users * width, 1), normal_numbers(items * width, 2),
          normal_numbers(items, 3)};
}

/// One sample after the other, in double.
factors stepped(const factors& from, const std::vector<triple>& samples) {
  std::vector<double> users(from.users.begin(), from.users.end());
  std::vector<double> items(from.items.begin(), from.items.end());
  std::vector<double> bias(from.bias.begin(), from.bias.end());
  const double rate = static_cast<double>(rates.step);
  for (const triple& now : samples) {
    double* const w = users.data() + now.user * from.width;
    double* const p = items.data() + now.positive * from.width;
    double* const q = items.data() + now.negative * from.width;
    double lead = bias[now.positive] - bias[now.negative];
    for (std::size_t f = 0; f < from.width; ++f) lead += w[f] * (p[f] - q[f]);
    const double slope = 1 / (1 + std::exp(lead));
    for (std::size_t f = 0; f < from.width; ++f) {
      const double a = w[f];
      const double b = p[f];
      const double c = q[f];
      w[f] += rate * (slope * (b - c) - static_cast<double>(rates.user) * a);
      p[f] += rate * (slope * a - static_cast<double>(rates.positive) * b);
      q[f] += rate * (-slope * a - static_cast<double>(rates.negative) * c);
    }
    bias[now.positive] += rate * (slope - static_cast<double>(rates.bias) * bias[now.positive]);
    bias[now.negative] += rate * (-slope - static_cast<double>(rates.bias) * bias[now.negative]);
  }
  const auto narrow = [](const std::vector<double>& wide) {
    std::vector<float> floats;
    for (const double x : wide) floats.push_back(static_cast<float>(x));
    return floats;
  };
  return {from.width, narrow(users), narrow(items), narrow(bias)};
}

struct stepped_on_device {
  factors after;
  bool failed;
};

stepped_on_device on_device(const factors& from, const std::vector<pair_job>& jobs) {
  std::vector<triple> samples;
  std::vector<std::uint64_t> level_starts{0};
  std::vector<std::uint32_t> job_starts{0};
  for (const pair_job& job : jobs) {
    for (const std::uint64_t end : job.level_ends) level_starts.push_back(samples.size() + end);
    samples.insert(samples.end(), job.samples.begin(), job.samples.end());
    job_starts.push_back(static_cast<std::uint32_t>(level_starts.size() - 1));
  }
  ck::device_buffer<float> users(std::span<const float>(from.users), nullptr);
  ck::device_buffer<float> items(std::span<const float>(from.items), nullptr);
  ck::device_buffer<float> bias(std::span<const float>(from.bias), nullptr);
  const ck::device_buffer<triple> order(std::span<const triple>(samples), nullptr);
  const ck::device_buffer<std::uint64_t> levels(std::span<const std::uint64_t>(level_starts),
                                                nullptr);
  const ck::device_buffer<std::uint32_t> starts(std::span<const std::uint32_t>(job_starts),
                                                nullptr);
  const std::vector<std::uint32_t> fine{7};
  ck::device_buffer<std::uint32_t> failed(std::span<const std::uint32_t>(fine), nullptr);
  ck::pair_steps(
      {users.data(), items.data(), bias.data(), static_cast<std::ptrdiff_t>(from.width)}, rates,
      {order.data(), levels.data(), starts.data(), static_cast<std::uint32_t>(jobs.size())},
      failed.data(), nullptr);
  return {{from.width, users.to_host(nullptr), items.to_host(nullptr), bias.to_host(nullptr)},
          failed.to_host(nullptr)[0] == 0};
}

/// Random samples of users and items from `first` on, five of each.
std::vector<triple> random_samples(std::size_t count, std::uint32_t first) {
  recokit::random_stream random(5, recokit::random_purpose::user, first);
  std::vector<triple> samples;
  while (samples.size() < count) {
    const auto draw = [&] { return first + static_cast<std::uint32_t>(random.below(5)); };
    const triple now{draw(), draw(), draw()};
    if (now.positive != now.negative) samples.push_back(now);
  }
  return samples;
}

double farthest(const std::vector<float>& a, const std::vector<float>& b) {
  double most = a.size() == b.size() ? 0 : 1e9;
  for (std::size_t n = 0; n < a.size() && n < b.size(); ++n) {
    most = std::max(most, std::abs(static_cast<double>(a[n]) - static_cast<double>(b[n])));
  }
  return most;
}

}  // namespace

TEST_CASE("pairs stepped by level and job end where one after the other ends") {
  RECOKIT_REQUIRE_TARGET();
  const std::size_t width = GENERATE(32u, 64u, 96u, 128u, 256u);
  CAPTURE(width);
  const factors before = random_factors(10, 10, width);
  std::vector<triple> all;
  std::vector<pair_job> jobs;
  recokit::detail::sample_levels levels(10, 10);
  for (const std::uint32_t first : {0u, 5u}) {
    const auto samples = random_samples(8, first);
    all.insert(all.end(), samples.begin(), samples.end());
    jobs.push_back({samples, {}});
    levels.sort(jobs.back());
  }
  jobs.push_back({});  // a job may be empty
  const auto expected = stepped(before, all);
  const auto found = on_device(before, jobs);
  CHECK_FALSE(found.failed);
  CHECK(farthest(expected.users, before.users) > 1e-3);
  CHECK(farthest(found.after.users, expected.users) < 1e-5);
  CHECK(farthest(found.after.items, expected.items) < 1e-5);
  CHECK(farthest(found.after.bias, expected.bias) < 1e-5);
}

TEST_CASE("samples of a level share no row, and a row meets its samples in their order") {
  const auto samples = random_samples(200, 0);
  pair_job job{samples, {}};
  recokit::detail::sample_levels levels(5, 5);
  levels.sort(job);
  REQUIRE(job.samples.size() == samples.size());
  REQUIRE(job.level_ends.back() == samples.size());
  std::uint64_t begin = 0;
  for (const std::uint64_t end : job.level_ends) {
    std::set<std::uint32_t> users;
    std::set<std::uint32_t> items;
    for (; begin < end; ++begin) {
      const triple& now = job.samples[begin];
      CHECK(users.insert(now.user).second);
      CHECK(items.insert(now.positive).second);
      CHECK(items.insert(now.negative).second);
    }
  }
  const auto of_item = [](const std::vector<triple>& from, std::uint32_t item) {
    std::vector<std::uint32_t> met;
    for (const triple& now : from) {
      if (now.positive != item && now.negative != item) continue;
      met.insert(met.end(), {now.user, now.positive, now.negative});
    }
    return met;
  };
  for (std::uint32_t item = 0; item < 5; ++item) {
    CHECK(of_item(job.samples, item) == of_item(samples, item));
  }
  // Sorting leaves nothing behind.
  pair_job again{samples, {}};
  levels.sort(again);
  CHECK(again.level_ends == job.level_ends);
}

TEST_CASE("a gradient that is not finite is told") {
  RECOKIT_REQUIRE_TARGET();
  factors before = random_factors(5, 5, 32);
  before.users[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK(on_device(before, {{{{0, 1, 2}}, {1}}}).failed);
  CHECK_FALSE(on_device(before, {{{{1, 1, 2}}, {1}}}).failed);
}

TEST_CASE("pair steps refuse rows that are not padded to warps") {
  RECOKIT_REQUIRE_TARGET();
  std::uint32_t* const nowhere = nullptr;
  CHECK_THAT(recokit_test::error_text<recokit::value_error>([&] {
               ck::pair_steps({nullptr, nullptr, nullptr, 48}, rates, {}, nowhere, nullptr);
             }),
             recokit_test::ContainsSubstring("rows.width = 48"));
}
