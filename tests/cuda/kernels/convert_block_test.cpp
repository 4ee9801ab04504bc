// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/convert_block.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

/// What convert_block makes of n rows of 1 / 3, 2 / 3, … that lie n + 2 apart, in rows n + 1 apart
/// that held −1.
template <class From, class To>
std::vector<To> converted(std::int64_t n, bool lower) {
  std::vector<From> from;
  for (std::int64_t at = 0; at < n * (n + 2); ++at) from.push_back(static_cast<From>(at + 1) / 3);
  const std::vector<To> before(static_cast<std::size_t>(n * (n + 1)), To{-1});
  const ck::device_buffer<From> in(std::span<const From>(from), nullptr);
  ck::device_buffer<To> out(std::span<const To>(before), nullptr);
  ck::convert_block(in.data(), n + 2, out.data(), n + 1, n, lower, nullptr);
  return out.to_host(nullptr);
}

template <class From, class To>
std::vector<To> expected(std::int64_t n, bool lower) {
  std::vector<To> out;
  for (std::int64_t row = 0; row < n; ++row) {
    for (std::int64_t column = 0; column < n; ++column) {
      const auto value = static_cast<From>(row * (n + 2) + column + 1) / 3;
      out.push_back(lower && column > row ? To{0} : static_cast<To>(value));
    }
    out.push_back(-1);
  }
  return out;
}

}  // namespace

TEST_CASE("a block is rounded between float and double, whole or its lower triangle") {
  RECOKIT_REQUIRE_TARGET();
  const std::int64_t n = GENERATE(1, 2, 31, 70);
  const bool lower = GENERATE(false, true);
  CAPTURE(n, lower);
  CHECK(converted<float, double>(n, lower) == expected<float, double>(n, lower));
  CHECK(converted<double, float>(n, lower) == expected<double, float>(n, lower));
}

TEST_CASE("a block of no rows is left alone and one of fewer is refused") {
  RECOKIT_REQUIRE_TARGET();
  const float* const from = nullptr;
  double* const to = nullptr;
  CHECK_NOTHROW(ck::convert_block(from, 0, to, 0, 0, true, nullptr));
  CHECK(recokit_test::error_text<recokit::value_error>([&] {
          ck::convert_block(from, 0, to, 0, -1, true, nullptr);
        }).find("n = -1") != std::string::npos);
}
