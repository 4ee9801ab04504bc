// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Not a Catch2 program: under ThreadSanitizer it must report a race when it is built with
// RECOKIT_TEST_LEAVE_OUT_BARRIER, and must not without. That shows that the thread runtime of the
// emulator finds the mistake which the fiber runtime cannot see.
#include "simt.hpp"

#include <cstdio>
#include <vector>

namespace {

namespace simt = recokit::simt;

/// Sum over the block. The scratch is used again by the next call, so all lanes must have read
/// scratch[0] before one of them writes there again.
RECOKIT_DEVICE float sum_of_block(float value, float* scratch) {
  for (std::uint32_t m = simt::warp_size / 2; m > 0; m /= 2) {
    value += simt::shfl_xor(simt::full_mask, value, m);
  }
  if (simt::lane_index() == 0) scratch[simt::warp_index()] = value;
  simt::block_sync();
  if (simt::thread_index() == 0) {
    for (std::uint32_t w = 1; w < simt::block_size() / simt::warp_size; ++w) {
      scratch[0] += scratch[w];
    }
  }
  simt::block_sync();
  const float sum = scratch[0];
#if !defined(RECOKIT_TEST_LEAVE_OUT_BARRIER)
  simt::block_sync();
#endif
  return sum;
}

template <class Unused = void>
RECOKIT_GLOBAL void three_sums(float* out) {
  float* const scratch = simt::shared_memory<float>();
  float value = static_cast<float>(simt::thread_index());
  for (int i = 0; i < 3; ++i) value = sum_of_block(value, scratch) / 128.0f;
  out[simt::thread_index()] = value;
}

}  // namespace

int main() {
  std::vector<float> out(128);
  simt::launch("three_sums", {.threads = 128, .shared_bytes = 4 * sizeof(float)}, three_sums<>,
               out.data());
  std::printf("mean %g\n", static_cast<double>(out[0]));
  return out[0] == 63.5f ? 0 : 1;
}
