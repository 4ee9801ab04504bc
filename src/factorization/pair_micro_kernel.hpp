// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The steps of pair_kernel, for the instructions that its includer switches on.
#pragma once

#include "pair_kernels.hpp"

#include <cmath>
#include <cstddef>

#if !defined(RECOKIT_TARGET)
#error "define RECOKIT_TARGET, an attribute that switches instructions on, before this header"
#endif

// The schedule named hogwild lets threads meet in these functions alone.
#if defined(__clang__)
#define RECOKIT_RACY __attribute__((no_sanitize("thread")))
#else
#define RECOKIT_RACY __attribute__((no_sanitize_thread))
#endif

// In an unnamed namespace: two units with other instructions must not share these functions.
namespace recokit::inline RECOKIT_ABI::detail {
namespace {

// Samples whose rows travel to the first-level cache while earlier ones are computed.
constexpr std::size_t rows_ahead = 6;

/// a · b, width being vectors · Lanes::count.
template <class Lanes>
RECOKIT_INLINE float dot_rows(const float* a, const float* b, std::ptrdiff_t width) {
  auto even = Lanes::zero();
  auto odd = Lanes::zero();
  std::ptrdiff_t f = 0;
  for (; f + 2 * Lanes::count <= width; f += 2 * Lanes::count) {
    even = Lanes::add(Lanes::load(a + f), Lanes::load(b + f), even);
    odd = Lanes::add(Lanes::load(a + f + Lanes::count), Lanes::load(b + f + Lanes::count), odd);
  }
  for (; f < width; f += Lanes::count) {
    even = Lanes::add(Lanes::load(a + f), Lanes::load(b + f), even);
  }
  return Lanes::sum(Lanes::plus(even, odd));
}

/// One sample after the other. @tparam Width of the rows, when known here; else 0
template <class Lanes, std::ptrdiff_t Width>
RECOKIT_TARGET RECOKIT_RACY float bpr_steps(const factor_block& rows, const pair_rates& rates,
                                            const triple* samples, std::size_t count) {
  constexpr std::ptrdiff_t step = Lanes::count;
  const std::ptrdiff_t width = Width == 0 ? rows.width : Width;
  const auto keep_user = Lanes::all(1 - rates.step * rates.user);
  const auto keep_positive = Lanes::all(1 - rates.step * rates.positive);
  const auto keep_negative = Lanes::all(1 - rates.step * rates.negative);
  const float keep_bias = 1 - rates.bias_step * rates.bias;
  float total = 0;
  for (std::size_t n = 0; n < count; ++n) {
    if (n + rows_ahead < count) {
      const triple& next = samples[n + rows_ahead];
      fetch_row(rows.users + static_cast<std::ptrdiff_t>(next.user) * width, width);
      fetch_row(rows.items + static_cast<std::ptrdiff_t>(next.positive) * width, width);
      fetch_row(rows.items + static_cast<std::ptrdiff_t>(next.negative) * width, width);
    }
    const triple& now = samples[n];
    float* const user = rows.users + static_cast<std::ptrdiff_t>(now.user) * width;
    float* const positive = rows.items + static_cast<std::ptrdiff_t>(now.positive) * width;
    float* const negative = rows.items + static_cast<std::ptrdiff_t>(now.negative) * width;
    auto even = Lanes::zero();
    auto odd = Lanes::zero();
#pragma GCC unroll 8
    for (std::ptrdiff_t f = 0; f < width; f += 2 * step) {
      even = Lanes::add(Lanes::load(user + f),
                        Lanes::minus(Lanes::load(positive + f), Lanes::load(negative + f)), even);
      if (f + step < width) {
        odd = Lanes::add(
            Lanes::load(user + f + step),
            Lanes::minus(Lanes::load(positive + f + step), Lanes::load(negative + f + step)), odd);
      }
    }
    const float lead = Lanes::sum(Lanes::plus(even, odd)) + rows.item_bias[now.positive] -
                       rows.item_bias[now.negative];
    const float slope = 1 / (1 + std::exp(lead));
    total += slope;
    rows.item_bias[now.positive] =
        keep_bias * rows.item_bias[now.positive] + rates.bias_step * slope;
    rows.item_bias[now.negative] =
        keep_bias * rows.item_bias[now.negative] - rates.bias_step * slope;
    const auto pull = Lanes::all(rates.step * slope);
    const auto push = Lanes::all(-rates.step * slope);
#pragma GCC unroll 8
    for (std::ptrdiff_t f = 0; f < width; f += step) {
      const auto w = Lanes::load(user + f);
      const auto p = Lanes::load(positive + f);
      const auto q = Lanes::load(negative + f);
      Lanes::store(user + f, Lanes::add(pull, Lanes::minus(p, q), Lanes::times(keep_user, w)));
      Lanes::store(positive + f, Lanes::add(pull, w, Lanes::times(keep_positive, p)));
      Lanes::store(negative + f, Lanes::add(push, w, Lanes::times(keep_negative, q)));
    }
  }
  return total;
}

template <class Lanes>
RECOKIT_TARGET RECOKIT_RACY float bpr(const factor_block& rows, const pair_rates& rates,
                                      const triple* samples, std::size_t count) {
  switch (rows.width) {
    case 16:
      return bpr_steps<Lanes, 16>(rows, rates, samples, count);
    case 32:
      return bpr_steps<Lanes, 32>(rows, rates, samples, count);
    case 64:
      return bpr_steps<Lanes, 64>(rows, rates, samples, count);
    case 128:
      return bpr_steps<Lanes, 128>(rows, rates, samples, count);
    default:
      return bpr_steps<Lanes, 0>(rows, rates, samples, count);
  }
}

template <class Lanes>
RECOKIT_TARGET RECOKIT_RACY float dot(const float* a, const float* b, std::ptrdiff_t width) {
  return dot_rows<Lanes>(a, b, width);
}

template <class Lanes>
RECOKIT_TARGET RECOKIT_RACY void add(float* sum, float factor, const float* row,
                                     std::ptrdiff_t width) {
  const auto factors = Lanes::all(factor);
  for (std::ptrdiff_t f = 0; f < width; f += Lanes::count) {
    Lanes::store(sum + f, Lanes::add(factors, Lanes::load(row + f), Lanes::load(sum + f)));
  }
}

template <class Lanes>
RECOKIT_TARGET RECOKIT_RACY void hinge(const factor_block& rows, const pair_rates& rates,
                                       float weight, const triple& sample) {
  float* const user = rows.users + static_cast<std::ptrdiff_t>(sample.user) * rows.width;
  float* const positive = rows.items + static_cast<std::ptrdiff_t>(sample.positive) * rows.width;
  float* const negative = rows.items + static_cast<std::ptrdiff_t>(sample.negative) * rows.width;
  const auto keep_user = Lanes::all(1 - rates.step * rates.user);
  const auto keep_positive = Lanes::all(1 - rates.step * rates.positive);
  const auto keep_negative = Lanes::all(1 - rates.step * rates.negative);
  const auto pull = Lanes::all(rates.step * weight);
  const auto push = Lanes::all(-rates.step * weight);
  for (std::ptrdiff_t f = 0; f < rows.width; f += Lanes::count) {
    const auto w = Lanes::load(user + f);
    const auto p = Lanes::load(positive + f);
    const auto q = Lanes::load(negative + f);
    Lanes::store(user + f, Lanes::add(pull, Lanes::minus(p, q), Lanes::times(keep_user, w)));
    Lanes::store(positive + f, Lanes::add(pull, w, Lanes::times(keep_positive, p)));
    Lanes::store(negative + f, Lanes::add(push, w, Lanes::times(keep_negative, q)));
  }
  float& liked = rows.item_bias[sample.positive];
  float& other = rows.item_bias[sample.negative];
  liked += rates.bias_step * (weight - rates.bias * liked);
  other -= rates.bias_step * (weight + rates.bias * other);
}

/// squares += gradient², value += step · gradient / √squares
template <class Lanes>
RECOKIT_INLINE void adagrad_step(float* value, float* square, typename Lanes::vector old,
                                 typename Lanes::vector gradient, typename Lanes::vector step) {
  const auto sum = Lanes::add(gradient, gradient, Lanes::load(square));
  Lanes::store(square, sum);
  Lanes::store(value, Lanes::add(step, Lanes::over(gradient, Lanes::root(sum)), old));
}

template <class Lanes>
RECOKIT_TARGET RECOKIT_RACY void hinge_adagrad(const factor_block& rows,
                                               const square_block& squares, const pair_rates& rates,
                                               float weight, const triple& sample) {
  const std::ptrdiff_t u = static_cast<std::ptrdiff_t>(sample.user) * rows.width;
  const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(sample.positive) * rows.width;
  const std::ptrdiff_t j = static_cast<std::ptrdiff_t>(sample.negative) * rows.width;
  const auto step = Lanes::all(rates.step);
  const auto pull = Lanes::all(weight);
  const auto push = Lanes::all(-weight);
  const auto decay_user = Lanes::all(-rates.user);
  const auto decay_positive = Lanes::all(-rates.positive);
  const auto decay_negative = Lanes::all(-rates.negative);
  for (std::ptrdiff_t f = 0; f < rows.width; f += Lanes::count) {
    const auto w = Lanes::load(rows.users + u + f);
    const auto p = Lanes::load(rows.items + i + f);
    const auto q = Lanes::load(rows.items + j + f);
    adagrad_step<Lanes>(rows.users + u + f, squares.users + u + f, w,
                        Lanes::add(pull, Lanes::minus(p, q), Lanes::times(decay_user, w)), step);
    adagrad_step<Lanes>(rows.items + i + f, squares.items + i + f, p,
                        Lanes::add(pull, w, Lanes::times(decay_positive, p)), step);
    adagrad_step<Lanes>(rows.items + j + f, squares.items + j + f, q,
                        Lanes::add(push, w, Lanes::times(decay_negative, q)), step);
  }
  if (rates.bias_step == 0) return;
  const auto move = [&](std::uint32_t item, float gradient) {
    gradient -= rates.bias * rows.item_bias[item];
    squares.item_bias[item] += gradient * gradient;
    rows.item_bias[item] += rates.bias_step * gradient / std::sqrt(squares.item_bias[item]);
  };
  move(sample.positive, weight);
  move(sample.negative, -weight);
}

template <class Lanes>
pair_kernel kernel(const char* name) noexcept {
  return {name, bpr<Lanes>, dot<Lanes>, hinge<Lanes>, hinge_adagrad<Lanes>, add<Lanes>};
}

}  // namespace
}  // namespace recokit::inline RECOKIT_ABI::detail
