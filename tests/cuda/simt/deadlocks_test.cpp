// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// What the fiber runtime reports and the thread runtime cannot: kernels that would hang a GPU.
#include "simt.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <cstdint>

namespace {

namespace simt = recokit::simt;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

template <class Unused = void>
RECOKIT_GLOBAL void half_at_barrier(int) {
  if (simt::thread_index() < 32) simt::block_sync();
}

template <class Unused = void>
RECOKIT_GLOBAL void two_barriers(int) {
  if (simt::thread_index() < 32) {
    simt::block_sync();
  } else {
    simt::block_sync();
  }
}

template <class Unused = void>
RECOKIT_GLOBAL void missing_lanes(int) {
  if (simt::lane_index() < 16) simt::shfl_xor(simt::full_mask, 1, 1);
}

template <class Unused = void>
RECOKIT_GLOBAL void different_masks(int) {
  simt::warp_sync(simt::lane_index() < 16 ? simt::full_mask : 0xFFFF'0000u);
}

template <class Unused = void>
RECOKIT_GLOBAL void different_operations(int) {
  if (simt::lane_index() < 16) {
    simt::ballot(simt::full_mask, true);
  } else {
    simt::warp_sync();
  }
}

template <class Unused = void>
RECOKIT_GLOBAL void outside_own_mask(int) {
  simt::warp_sync(0x0000'FFFFu);
}

template <class Unused = void>
RECOKIT_GLOBAL void reads_outside_mask(int) {
  if (simt::lane_index() < 16) simt::shfl(0x0000'FFFFu, 1, 20);
}

template <class Unused = void>
RECOKIT_GLOBAL void throws_in_lane(std::uint32_t lane) {
  if (simt::thread_index() == lane) throw 42;
  simt::block_sync();
}

template <class Kernel>
std::string failure_of(Kernel kernel) {
  return error_text<simt::emulation_error>(
      [&] { simt::launch("planted", {.blocks = 2, .threads = 64}, kernel, 0); });
}

}  // namespace

TEST_CASE("a barrier that half of the block reaches is a deadlock, told with its place") {
  const std::string text = failure_of(half_at_barrier<>);
  CHECK_THAT(text, ContainsSubstring("SIMT deadlock in block 0"));
  CHECK_THAT(text, ContainsSubstring("32 lanes have returned"));
  CHECK_THAT(text, ContainsSubstring("32 lanes wait for the block at"));
  CHECK_THAT(text, ContainsSubstring("deadlocks_test.cpp:19"));
}

TEST_CASE("two barriers in two branches are no barrier of the block") {
  CHECK_THAT(failure_of(two_barriers<>), ContainsSubstring("SIMT deadlock"));
}

TEST_CASE("a mask that names lanes which never come is a deadlock") {
  CHECK_THAT(failure_of(missing_lanes<>),
             ContainsSubstring("32 lanes wait for their warp with mask 0xffffffff"));
}

TEST_CASE("lanes that wait for each other with different masks never meet") {
  CHECK_THAT(failure_of(different_masks<>), ContainsSubstring("with mask 0xffffffff"));
}

TEST_CASE("lanes that wait for each other in different operations never meet") {
  CHECK_THAT(failure_of(different_operations<>), ContainsSubstring("SIMT deadlock"));
}

TEST_CASE("a lane that leaves itself out of its mask is an error") {
  CHECK_THAT(failure_of(outside_own_mask<>),
             ContainsSubstring("lane 16 is not in the mask that it waits with"));
}

TEST_CASE("a shuffle from a lane outside the mask is an error") {
  CHECK_THAT(failure_of(reads_outside_mask<>),
             ContainsSubstring("a shuffle reads lane 20, which its mask leaves out"));
}

TEST_CASE("what one lane throws ends the launch and leaves the emulator usable") {
  CHECK_THROWS_AS(simt::launch("planted", {.threads = 64}, throws_in_lane<>, 40u), int);
  CHECK_NOTHROW(simt::launch("planted", {.threads = 64}, throws_in_lane<>, 64u));
}
