// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/axis.hpp"

#include "support/catch.hpp"

using recokit_bench::axis;
using recokit_test::Approx;

namespace {
std::vector<std::string> labels(const axis& scale) {
  std::vector<std::string> list;
  for (const auto& tick : scale.ticks()) list.push_back(tick.label);
  return list;
}
using words = std::vector<std::string>;
}  // namespace

TEST_CASE("a linear axis has round ticks that enclose its range") {
  CHECK(labels(axis::linear(0, 0.43)) == words{"0.0", "0.2", "0.4", "0.6"});
  CHECK(labels(axis::linear(0, 1)) == words{"0.0", "0.5", "1.0"});
  CHECK(labels(axis::linear(0, 1, 6)) == words{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(labels(axis::linear(0, 1'290'925)) == words{"0", "500k", "1M", "1.5M"});
  CHECK(labels(axis::linear(0, 0.00003)) == words{"0", "1e-05", "2e-05", "3e-05"});
}

TEST_CASE("an axis around one value has a width") {
  const auto zero = axis::linear(0, 0);
  CHECK(zero.low() == 0);
  CHECK(zero.high() == 1);
  const auto one = axis::linear(0.3, 0.3);
  CHECK(one.low() < 0.3);
  CHECK(one.high() > 0.3);
}

TEST_CASE("a logarithmic axis has powers of ten") {
  const auto scale = axis::logarithmic(0.002, 30);
  CHECK(labels(scale) == words{"0.001", "0.01", "0.1", "1", "10", "100"});
  CHECK(scale.place(0.001) == 0);
  CHECK(scale.place(100) == 1);
  CHECK(scale.place(1) == Approx(0.6));
}

TEST_CASE("values outside an axis stay at its ends") {
  const auto scale = axis::linear(0, 1);
  CHECK(scale.place(-5) == 0);
  CHECK(scale.place(5) == 1);
  CHECK(axis::logarithmic(0.1, 10).place(0) == 0);
}
