// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "axis.hpp"

#include "text.hpp"

#include <algorithm>
#include <cmath>

namespace recokit_bench {
namespace {

// 1200000 as "1.2M".
std::string tick_label(double value, int digits) {
  const double size = std::abs(value);
  if (size >= 1e9) return shortest(std::round(value / 1e7) / 100) + "G";
  if (size >= 1e6) return shortest(std::round(value / 1e4) / 100) + "M";
  if (size >= 1e4) return shortest(std::round(value / 10) / 100) + "k";
  // Steps of 1e-05 and less: rounded, because 3 * 1e-05 is not 3e-05.
  if (digits > 4)
    return shortest(std::round(value * std::pow(10.0, digits)) / std::pow(10.0, digits));
  return fixed(value, digits);
}

}  // namespace

axis axis::linear(double low, double high, int wanted) {
  if (!(low < high)) {
    const double margin = low == 0 ? 0.5 : std::abs(low) * 0.5;
    low = low == 0 ? 0 : low - margin;
    high += margin == 0.5 && low == 0 ? 1 : margin;
  }
  const double raw = (high - low) / std::max(wanted - 1, 1);
  const double power = std::floor(std::log10(raw));
  const double unit = std::pow(10.0, power);
  const double step = (raw / unit <= 1 ? 1 : raw / unit <= 2 ? 2 : raw / unit <= 5 ? 5 : 10) * unit;
  const auto first = static_cast<long long>(std::floor(low / step + 1e-9));
  const auto last = static_cast<long long>(std::ceil(high / step - 1e-9));
  const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  axis result;
  for (auto i = first; i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    result.ticks_.push_back({value, tick_label(value, digits)});
  }
  result.low_ = result.ticks_.front().value;
  result.high_ = result.ticks_.back().value;
  return result;
}

axis axis::logarithmic(double low, double high) {
  const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const int last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(high) - 1e-9)));
  axis result;
  result.log_ = true;
  const int stride = (last - first + 5) / 6;
  for (int p = first; p <= last; p += stride) {
    const double value = std::pow(10.0, p);
    result.ticks_.push_back({value, tick_label(value, std::max(0, -p))});
  }
  result.low_ = std::pow(10.0, first);
  result.high_ = std::pow(10.0, last);
  return result;
}

double axis::place(double value) const noexcept {
  const double share = log_ ? (std::log10(std::max(value, low_)) - std::log10(low_)) /
                                  (std::log10(high_) - std::log10(low_))
                            : (value - low_) / (high_ - low_);
  return std::clamp(share, 0.0, 1.0);
}

}  // namespace recokit_bench
