// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/philox_fill.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>

#include <cstdint>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

constexpr auto purpose = recokit::random_purpose::item_factors;

template <class T>
std::vector<T> filled(std::int64_t rows, std::int64_t columns, std::uint64_t seed,
                      std::uint64_t first_row) {
  ck::device_buffer<T> out(static_cast<std::size_t>(rows * columns));
  ck::philox_fill(out.data(), rows, columns, {seed, static_cast<std::uint32_t>(purpose), first_row},
                  nullptr);
  return out.to_host(nullptr);
}

/// What the CPU draws, one random_stream a row.
template <class T, class Draw>
std::vector<T> drawn(std::int64_t rows, std::int64_t columns, std::uint64_t seed,
                     std::uint64_t first_row, Draw draw) {
  std::vector<T> out;
  for (std::int64_t r = 0; r < rows; ++r) {
    recokit::random_stream stream(seed, purpose, first_row + static_cast<std::uint64_t>(r));
    for (std::int64_t c = 0; c < columns; ++c) out.push_back(draw(stream));
  }
  return out;
}

}  // namespace

TEST_CASE("the device draws the words of random_stream, bit for bit") {
  RECOKIT_REQUIRE_TARGET();
  const auto [rows, columns] = GENERATE(
      table<std::int64_t, std::int64_t>({{1, 1}, {1, 4}, {1, 1027}, {3, 5}, {67, 33}, {300, 64}}));
  CAPTURE(rows, columns);
  CHECK(filled<std::uint32_t>(rows, columns, 42, 0) ==
        drawn<std::uint32_t>(rows, columns, 42, 0, [](auto& s) { return s(); }));
}

TEST_CASE("floats and doubles of the device are the uniforms of random_stream") {
  RECOKIT_REQUIRE_TARGET();
  const std::int64_t columns = GENERATE(1, 2, 3, 4, 7, 40);
  CAPTURE(columns);
  CHECK(filled<float>(19, columns, 7, 0) ==
        drawn<float>(19, columns, 7, 0, [](auto& s) { return recokit::unit_float(s()); }));
  CHECK(filled<double>(19, columns, 7, 0) ==
        drawn<double>(19, columns, 7, 0, [](auto& s) { return s.uniform(); }));
}

TEST_CASE("seeds and row numbers beyond 32 bits reach the device whole") {
  RECOKIT_REQUIRE_TARGET();
  const std::uint64_t seed = 0xFEDC'BA98'7654'3210u;
  const std::uint64_t row = 0xFFFF'FFFEu;  // the third row carries into the upper half
  CHECK(filled<std::uint32_t>(4, 9, seed, row) ==
        drawn<std::uint32_t>(4, 9, seed, row, [](auto& s) { return s(); }));
}

TEST_CASE("a row filled alone is the row of the matrix filled whole") {
  RECOKIT_REQUIRE_TARGET();
  const auto whole = filled<std::uint32_t>(8, 21, 3, 0);
  const auto alone = filled<std::uint32_t>(1, 21, 3, 5);
  CHECK(std::vector(whole.begin() + 5 * 21, whole.begin() + 6 * 21) == alone);
}

TEST_CASE("the known answers of Philox4x32-10 come out of the kernel") {
  RECOKIT_REQUIRE_TARGET();
  // Counter and key 0: kat_vectors of Random123, the authors' library.
  ck::device_buffer<std::uint32_t> out(4);
  ck::philox_fill(out.data(), 1, 4, {.seed = 0, .purpose = 0, .first_row = 0}, nullptr);
  CHECK(out.to_host(nullptr) ==
        std::vector<std::uint32_t>{0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u});
}

TEST_CASE("an empty random matrix is left alone and a bad size is refused") {
  RECOKIT_REQUIRE_TARGET();
  std::uint32_t* const nowhere = nullptr;
  ck::philox_fill(nowhere, 0, 10, {1, 1, 0}, nullptr);
  ck::philox_fill(nowhere, 10, 0, {1, 1, 0}, nullptr);
  CHECK(recokit_test::error_text<recokit::value_error>([&] {
          ck::philox_fill(nowhere, -1, 10, {1, 1, 0}, nullptr);
        }) == "rows = -1: must be in [0, 2^48]");
  const std::int64_t too_long = (std::int64_t{1} << 34) + 1;
  CHECK_THAT(recokit_test::error_text<recokit::value_error>([&] {
               ck::philox_fill(nowhere, 1, too_long, {1, 1, 0}, nullptr);
             }),
             recokit_test::ContainsSubstring("columns = 17179869185"));
}
