// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

// ln B(a, b). The recurrence B(a, b) = B(a + 1, b) (a + b) / a lifts both to where Stirling's
// series is exact. What is large in the logarithms of the gamma functions is cancelled on paper,
// and the factors of the second recurrence are paired so that each stays near one.
double log_beta(double a, double b) noexcept {
  if (a < b) std::swap(a, b);
  double lifted = 1;
  for (; a < 10; a += 1) lifted *= (a + b) / a;
  const int steps = b < 10 ? static_cast<int>(std::ceil(10 - b)) : 0;
  const double top = b + steps;
  for (int i = 0; i < steps; ++i) lifted *= (a + b + i) / (a + top) * (top / (b + i));
  return std::log(lifted) + stirling_error(a) + stirling_error(top) - stirling_error(a + top) -
         (a - 0.5) * std::log1p(top / a) + b * std::log(top / (a + top)) - 0.5 * std::log(top) +
         0.5 * std::log(2 * std::numbers::pi);
}

double log_given_rest(double x, double y) noexcept {
  return x < 0.5 ? std::log(x) : std::log1p(-y);
}

// I_x(a, b) · B(a, b) / (x^a y^b) as a continued fraction, by Lentz's method. Of the known
// fractions this one also takes y, which keeps the digits of 1 − x when a is large and x is close
// to 1.
double beta_fraction(double a, double b, double x, double y) noexcept {
  constexpr double tiny = 1e-300;
  const auto away = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  const double lambda = a * y - b * x;
  double f = away(a / (a + 1) * (lambda + 1));
  double c = f;
  double d = 0;
  const int most = 200 + static_cast<int>(std::min(1e7, 10 * std::sqrt(std::max(a, b))));
  for (int m = 1; m <= most; ++m) {
    const double middle = a + 2 * m - 1;
    const double above = (a + m - 1) / middle * ((a + b + m - 1) / middle) * x * x * m * (b - m);
    const double below =
        m + m * (b - m) * x / middle + (a + m) / (middle + 2) * (lambda + 1 + m * (1 + y));
    d = 1 / away(below + above * d);
    c = away(below + above / c);
    const double step = c * d;
    f *= step;
    if (std::abs(step - 1) < epsilon) break;
  }
  return 1 / f;
}

// Solves tail_of(t) = tail for a falling tail_of with tail_of(0) >= tail, by Newton's method on the
// logarithm inside a bracket. density is minus the derivative.
template <class Tail, class Density>
double upper_quantile(double tail, double start, const Tail& tail_of,
                      const Density& density) noexcept {
  double low = 0;
  double high = std::max(start, 1.0);
  while (tail_of(high) > tail) {
    low = high;
    high *= 2;
    if (!std::isfinite(high)) return high;
  }
  double t = std::clamp(start, low, high);
  for (int i = 0; i < 200; ++i) {
    const double here = tail_of(t);
    (here > tail ? low : high) = t;
    const double step = std::log(here / tail) * here / density(t);
    double next = t + step;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - t) <= 2 * epsilon * t) return next;
    t = next;
  }
  return t;
}

}  // namespace

double stirling_error(double x) noexcept {
  double lifted = 0;
  for (; x < 10; x += 1) lifted += (x + 0.5) * std::log1p(1 / x) - 1;
  const double r = 1 / (x * x);
  return lifted +
         (1.0 / 12 -
          r * (1.0 / 360 -
               r * (1.0 / 1260 -
                    r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360 - r / 156)))))) /
             x;
}

double normal_cdf(double z) noexcept { return 0.5 * std::erfc(-z * std::numbers::sqrt2 / 2); }

double normal_upper_quantile(double tail) noexcept {
  if (tail > 0.5) return -normal_upper_quantile(1 - tail);
  if (tail == 0.5) return 0;
  const double start = std::sqrt(-2 * std::log(2 * tail));
  return upper_quantile(
      tail, start, [](double z) { return normal_cdf(-z); },
      [](double z) {
        return std::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
      });
}

double incomplete_beta(double a, double b, double x, double y) noexcept {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double scale =
      std::exp(a * log_given_rest(x, y) + b * log_given_rest(y, x) - log_beta(a, b));
  if (x < (a + 1) / (a + b + 2)) return scale * beta_fraction(a, b, x, y);
  return 1 - scale * beta_fraction(b, a, y, x);
}

double student_t_upper_tail(double t, double degrees) noexcept {
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  // Divided first: t² itself may overflow.
  const double ratio = t / std::sqrt(degrees);
  const double square = ratio * ratio;
  const double x = 1 / (1 + square);
  const double y = std::isinf(square) ? 1 : square / (1 + square);
  const double both = incomplete_beta(0.5 * degrees, 0.5, x, y);
  return t < 0 ? 1 - 0.5 * both : 0.5 * both;
}

double student_t_upper_quantile(double tail, double degrees) noexcept {
  if (tail == 0.5) return 0;
  const double log_scale = -0.5 * std::log(degrees) - log_beta(0.5 * degrees, 0.5);
  return upper_quantile(
      tail, normal_upper_quantile(tail), [&](double t) { return student_t_upper_tail(t, degrees); },
      [&](double t) {
        const double ratio = t / std::sqrt(degrees);
        return std::exp(log_scale - 0.5 * (degrees + 1) * std::log1p(ratio * ratio));
      });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
