// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <core/text_scan.hpp>

#include <recokit/core/random.hpp>

#include <bit>
#include <cstdlib>
#include <string>

using namespace recokit;

namespace {

constexpr auto user = random_purpose::user;
// Scans look so far behind the end of a number.
const std::string ahead(detail::scan_ahead, '7');

// What the readers do: the quick scan, then the general parser.
float float_of(const std::string& text) {
  const std::string line = text + "\n" + ahead;
  const auto [value, end] = detail::scan_float(line.c_str());
  if (end == line.c_str() + text.size()) return value;
  float slow = 0;
  REQUIRE(detail::parse_float(text, slow) == detail::number_status::good);
  return slow;
}

}  // namespace

TEST_CASE("every float text is rounded as the C library rounds it") {
  random_stream random(1, user);
  for (int round = 0; round < 200000; ++round) {
    std::string text = random.below(4) == 0 ? "-" : "";
    text += std::to_string(random.bits64() >> random.below(64));
    if (random.below(3) != 0) {
      text += "." + std::to_string(random.bits64() >> random.below(64));
    }
    if (random.below(5) == 0) text += "e" + std::to_string(static_cast<int>(random.below(40)) - 30);
    const float expected = std::strtof(text.c_str(), nullptr);
    if (std::isinf(expected)) continue;
    CAPTURE(text);
    REQUIRE(std::bit_cast<std::uint32_t>(float_of(text)) == std::bit_cast<std::uint32_t>(expected));
  }
}

TEST_CASE("short decimals, the usual ratings, take the quick way and are exact") {
  for (int n = 0; n < 100000; ++n) {
    const std::string text =
        std::to_string(n / 1000) + "." + std::to_string(1000 + n % 1000).substr(1);
    const std::string line = text + "," + ahead;
    const auto [value, end] = detail::scan_float(line.c_str());
    REQUIRE(end == line.c_str() + text.size());
    REQUIRE(value == std::strtof(text.c_str(), nullptr));
  }
}

TEST_CASE("integers scan to what they spell and nothing else does") {
  random_stream random(2, user);
  for (int round = 0; round < 100000; ++round) {
    const auto number = static_cast<std::int64_t>(random.bits64()) >> random.below(64);
    const std::string text = std::to_string(number);
    REQUIRE(detail::canonical_integer(text) == number);
    const std::string line = text + "\n" + ahead;
    const auto [value, end] = detail::scan_integer(line.c_str());
    if (end == nullptr) {
      REQUIRE(text.size() >= 19);
    } else {
      REQUIRE(value == number);
      REQUIRE(end == line.c_str() + text.size());
    }
  }
  for (const std::string text :
       {"", "-", "+1", "01", "-0", "1.", " 1", "1 ", "0x1", "--1", "-01"}) {
    CAPTURE(text);
    CHECK_FALSE(detail::canonical_integer(text).has_value());
  }
}
