// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "simt.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace simt = recokit::simt;

template <class Unused = void>
RECOKIT_GLOBAL void write_indices(std::uint64_t* out) {
  out[simt::global_index()] = simt::global_size() << 48 | std::uint64_t{simt::grid_size()} << 40 |
                              std::uint64_t{simt::block_index()} << 32 | simt::warp_index() << 16 |
                              simt::lane_index();
}

/// Blocks of 96 threads: each reverses its 96 numbers through shared memory.
template <class Unused = void>
RECOKIT_GLOBAL void reverse_blocks(int* data) {
  int* const shared = simt::shared_memory<int>();
  const std::uint32_t me = simt::thread_index();
  int* const mine = data + simt::block_index() * simt::block_size();
  shared[me] = mine[me];
  simt::block_sync();
  mine[me] = shared[simt::block_size() - 1 - me];
}

enum class shuffle { direct, by_xor, down };

template <class T>
RECOKIT_GLOBAL void shuffle_values(T* values, shuffle kind, std::uint32_t argument) {
  const std::uint32_t me = simt::thread_index();
  const T mine = values[me];
  T got = mine;
  if (kind == shuffle::direct) got = simt::shfl(simt::full_mask, mine, argument);
  if (kind == shuffle::by_xor) got = simt::shfl_xor(simt::full_mask, mine, argument);
  if (kind == shuffle::down) got = simt::shfl_down(simt::full_mask, mine, argument);
  simt::block_sync();
  values[me] = got;
}

/// Odd and even lanes go different ways and exchange among themselves.
template <class Unused = void>
RECOKIT_GLOBAL void diverge(std::uint32_t* out) {
  const std::uint32_t lane = simt::lane_index();
  if (lane % 2 == 0) {
    std::uint32_t sum = lane;
    for (std::uint32_t m = 2; m < simt::warp_size; m *= 2) {
      sum += simt::shfl_xor(0x5555'5555u, sum, m);
    }
    out[lane] = sum;
  } else {
    out[lane] = simt::ballot(0xAAAA'AAAAu, lane > 15);
  }
  simt::warp_sync();
}

template <class Unused = void>
RECOKIT_GLOBAL void count_up(std::uint32_t* counter, std::uint32_t* before) {
  before[simt::global_index()] = simt::atomic_add(counter, 2);
}

template <class Unused = void>
RECOKIT_GLOBAL void read_shared(std::uint32_t* out) {
  out[simt::global_index()] = simt::shared_memory<std::uint32_t>()[simt::thread_index()];
  simt::shared_memory<std::uint32_t>()[simt::thread_index()] = 0;
}

template <class T>
std::vector<T> counted(std::size_t n) {
  std::vector<T> values(n);
  std::iota(values.begin(), values.end(), T(1));
  return values;
}

}  // namespace

TEST_CASE("every lane of every block knows its place") {
  std::vector<std::uint64_t> out(3 * 64);
  simt::launch("write_indices", {.blocks = 3, .threads = 64}, write_indices<>, out.data());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t block = i / 64;
    const std::uint64_t warp = i % 64 / 32;
    CHECK(out[i] ==
          (std::uint64_t{192} << 48 | std::uint64_t{3} << 40 | block << 32 | warp << 16 | i % 32));
  }
}

TEST_CASE("a block exchanges through shared memory across its barrier") {
  auto data = counted<int>(2 * 96);
  simt::launch("reverse_blocks", {.blocks = 2, .threads = 96, .shared_bytes = 96 * sizeof(int)},
               reverse_blocks<>, data.data());
  for (std::size_t i = 0; i < 96; ++i) {
    CHECK(data[i] == static_cast<int>(96 - i));
    CHECK(data[96 + i] == static_cast<int>(192 - i));
  }
}

TEMPLATE_TEST_CASE("shuffles read the lane they name", "", std::uint32_t, float, double,
                   std::uint64_t) {
  const auto before = counted<TestType>(64);
  const auto after = [&](shuffle kind, std::uint32_t argument) {
    auto values = before;
    simt::launch("shuffle_values", {.threads = 64}, shuffle_values<TestType>, values.data(), kind,
                 argument);
    return values;
  };
  const auto direct = after(shuffle::direct, 9);
  const auto crossed = after(shuffle::by_xor, 5);
  const auto down = after(shuffle::down, 4);
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t warp = i / 32 * 32;
    CHECK(direct[i] == before[warp + 9]);
    CHECK(crossed[i] == before[warp + (i % 32 ^ 5)]);
    CHECK(down[i] == before[i % 32 + 4 < 32 ? i + 4 : i]);
  }
}

TEST_CASE("lanes in divergent branches exchange under their own masks") {
  std::vector<std::uint32_t> out(32);
  simt::launch("diverge", {.threads = 32}, diverge<>, out.data());
  for (std::size_t i = 0; i < 32; ++i) {
    CHECK(out[i] == (i % 2 == 0 ? 240u : 0xAAAA'0000u));
  }
}

TEST_CASE("an atomic counter gives every lane a value of its own") {
  std::uint32_t counter = 10;
  std::vector<std::uint32_t> before(128);
  simt::launch("count_up", {.blocks = 2, .threads = 64}, count_up<>, &counter, before.data());
  CHECK(counter == 10 + 2 * 128);
  std::sort(before.begin(), before.end());
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before[i] == 10 + 2 * i);
}

TEST_CASE("shared memory starts as a pattern in every block, not as zeros or what was left") {
  std::vector<std::uint32_t> out(64);
  simt::launch("read_shared",
               {.blocks = 2, .threads = 32, .shared_bytes = 32 * sizeof(std::uint32_t)},
               read_shared<>, out.data());
  CHECK(out == std::vector<std::uint32_t>(64, 0xCDCD'CDCDu));
}

TEST_CASE("a block that is no whole number of warps is refused") {
  const std::uint32_t threads = GENERATE(0u, 1u, 33u, 1056u);
  CAPTURE(threads);
  std::uint32_t nothing = 0;
  CHECK(recokit_test::error_text<recokit::value_error>([&] {
          simt::launch("count_up", {.threads = threads}, count_up<>, &nothing, &nothing);
        }) ==
        "launch.threads = " + std::to_string(threads) + ": must be a multiple of 32, at most 1024");
}

TEST_CASE("device code called outside a kernel says so") {
  CHECK_THAT(recokit_test::error_text<simt::emulation_error>([] { simt::thread_index(); }),
             recokit_test::ContainsSubstring("call it from a kernel"));
}

TEST_CASE("a grid for many items is bounded and one for none is empty") {
  CHECK(simt::blocks_for(0, 256) == 0);
  CHECK(simt::blocks_for(1, 256) == 1);
  CHECK(simt::blocks_for(257, 256) == 2);
  CHECK(simt::blocks_for(~std::uint64_t{0}, 256) == 1u << 16);
}
