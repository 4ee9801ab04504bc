// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/logistic_rows.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

constexpr std::uint32_t stride = 32;
constexpr std::uint32_t users = 3;
constexpr std::uint32_t items = 5;

/// Three users, the second without items; values 1, 2, 3.
const std::vector<std::int64_t> offsets{0, 2, 2, 3};
const std::vector<std::uint32_t> indices{1, 4, 0};
const std::vector<float> values{1, 2, 3};
/// Its transpose.
const std::vector<std::int64_t> item_offsets{0, 1, 2, 2, 2, 3};
const std::vector<std::uint32_t> item_indices{2, 0, 0};
const std::vector<float> item_values{3, 1, 2};

recokit::logistic_step::half_terms terms_of(double neg_ratio) {
  return {.of_users = true,
          .biases = true,
          .factors = 3,
          .confidence = 0.5f,
          .rate = 0.4f,
          .regularization = 0.1f,
          .neg_ratio = neg_ratio,
          .seed = 9,
          .purpose = static_cast<std::uint32_t>(recokit::random_purpose::logistic_draws),
          .first = std::uint64_t{1} << 32};
}

std::vector<float> rows_of(std::uint32_t count, std::uint64_t stream, std::size_t one) {
  recokit::random_stream random(2, recokit::random_purpose::user, stream);
  std::vector<float> rows(std::size_t{count} * stride, 0.0f);
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t f = 0; f < 5; ++f) rows[r * stride + f] = static_cast<float>(random.normal());
    rows[r * stride + one] = 1;
  }
  return rows;
}

struct stepped {
  std::vector<float> rows;
  std::vector<float> squares;
  bool failed;
};

stepped on_device(double neg_ratio, const std::vector<float>& moving,
                  const std::vector<float>& fixed) {
  const auto put = [](const auto& host) {
    using value = typename std::decay_t<decltype(host)>::value_type;
    return ck::device_buffer<value>(std::span<const value>(host), nullptr);
  };
  const auto o = put(offsets);
  const auto i = put(indices);
  const auto v = put(values);
  const auto to = put(item_offsets);
  const auto ti = put(item_indices);
  const auto tv = put(item_values);
  auto rows = put(moving);
  auto squares = put(std::vector<float>(moving.size(), 1.0f));
  const auto other = put(fixed);
  auto failed = put(std::vector<std::uint32_t>{7});
  ck::logistic_rows(terms_of(neg_ratio), {o.data(), i.data(), v.data(), users, 3},
                    {to.data(), ti.data(), tv.data(), items, 3}, rows.data(), squares.data(),
                    other.data(), stride, failed.data(), nullptr);
  return {rows.to_host(nullptr), squares.to_host(nullptr), failed.to_host(nullptr)[0] == 0};
}

/// One step in double; negatives are drawn as the CPU does, from whole words.
stepped on_host(double neg_ratio, const std::vector<float>& moving,
                const std::vector<float>& fixed) {
  stepped out{moving, std::vector<float>(moving.size(), 1.0f), false};
  const auto terms = terms_of(neg_ratio);
  for (std::size_t u = 0; u < users; ++u) {
    const auto begin = static_cast<std::size_t>(offsets[u]);
    const auto end = static_cast<std::size_t>(offsets[u + 1]);
    if (begin == end) continue;
    std::vector<double> gradient(stride, 0.0);
    const auto add = [&](std::size_t item, bool liked, double weight) {
      double score = 0;
      for (std::size_t f = 0; f < 5; ++f) {
        score += static_cast<double>(moving[u * stride + f]) *
                 static_cast<double>(fixed[item * stride + f]);
      }
      const double scale = liked ? weight / (1 + std::exp(score)) : -1 / (1 + std::exp(-score));
      for (std::size_t f = 0; f < 5; ++f) {
        gradient[f] += scale * static_cast<double>(fixed[item * stride + f]);
      }
    };
    for (std::size_t n = begin; n < end; ++n) {
      add(indices[n], true, 0.5 * static_cast<double>(values[n]));
    }
    recokit::random_stream random(terms.seed, recokit::random_purpose::logistic_draws,
                                  terms.first | u);
    const double expected = neg_ratio * static_cast<double>(end - begin);
    auto count = static_cast<int>(expected);
    count += random.uniform() < expected - count ? 1 : 0;
    while (count > 0) {
      const std::uint64_t product = std::uint64_t{random()} * items;
      if (static_cast<std::uint32_t>(product) < (0u - items) % items) continue;
      const auto item = static_cast<std::uint32_t>(product >> 32);
      if (std::find(indices.begin() + offsets[u], indices.begin() + offsets[u + 1], item) !=
          indices.begin() + offsets[u + 1]) {
        continue;
      }
      add(item, false, 1);
      --count;
    }
    for (std::size_t f = 0; f < 5; ++f) {
      if (f == 4) continue;
      const double old = static_cast<double>(moving[u * stride + f]);
      const double g = gradient[f] - static_cast<double>(terms.regularization) * old;
      out.squares[u * stride + f] = static_cast<float>(1 + g * g);
      out.rows[u * stride + f] =
          static_cast<float>(old + static_cast<double>(terms.rate) * g / std::sqrt(1 + g * g));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("logistic rows step along the gradient of what they have and what they draw") {
  RECOKIT_REQUIRE_TARGET();
  const double neg_ratio = GENERATE(0.0, 1.5, 40.0);
  CAPTURE(neg_ratio);
  const auto moving = rows_of(users, 1, 4);
  const auto fixed = rows_of(items, 2, 3);
  const stepped expected = on_host(neg_ratio, moving, fixed);
  const stepped found = on_device(neg_ratio, moving, fixed);
  CHECK_FALSE(found.failed);
  for (std::size_t n = 0; n < moving.size(); ++n) {
    CAPTURE(n);
    CHECK(std::abs(found.rows[n] - expected.rows[n]) < 1e-5f);
    CHECK(std::abs(found.squares[n] - expected.squares[n]) < 1e-4f * expected.squares[n]);
  }
  // Who has nothing stays.
  CHECK(std::equal(moving.begin() + stride, moving.begin() + 2 * stride,
                   found.rows.begin() + stride));
}

TEST_CASE("a logistic row that is not finite is told") {
  RECOKIT_REQUIRE_TARGET();
  auto moving = rows_of(users, 1, 4);
  moving[0] = std::numeric_limits<float>::infinity();
  CHECK(on_device(1, moving, rows_of(items, 2, 3)).failed);
}

TEST_CASE("logistic rows refuse a stride that does not hold the biases") {
  RECOKIT_REQUIRE_TARGET();
  auto terms = terms_of(1);
  terms.factors = 31;
  CHECK_THAT(recokit_test::error_text<recokit::value_error>([&] {
               ck::logistic_rows(terms, {}, {}, nullptr, nullptr, nullptr, stride, nullptr,
                                 nullptr);
             }),
             recokit_test::ContainsSubstring("stride = 32"));
}
