// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The words in which kernels are written: CUDA intrinsics under nvcc, an emulator
/// elsewhere.
///
/// A kernel is a template `template <...> RECOKIT_GLOBAL void name(raw pointers and numbers)` whose
/// body uses recokit::simt and nothing of CUDA itself. nvcc compiles it for the GPU; g++ and clang
/// compile the same source for simt/emulator.hpp, so that it is tested where there is no GPU.
///
/// Rules that the emulator enforces and the GPU does not:
/// - block_sync() is reached by every lane of the block, all at one place in the source;
/// - a mask names the lanes that take part; they all exist and they all come;
/// - a shuffle reads only from a lane in the mask.
/// What it does not model: weak memory order, contended atomics, asynchronous copies.
#pragma once

#include "runtime/stream.hpp"

#include <cstddef>
#include <cstdint>

namespace recokit::simt {

inline constexpr std::uint32_t warp_size = 32;
inline constexpr std::uint32_t full_mask = 0xFFFF'FFFFu;
inline constexpr std::uint32_t max_block_size = 1024;

/// Grids and blocks are one-dimensional.
struct launch_config {
  std::uint32_t blocks = 1;     ///< 1 … 2^31 - 1
  std::uint32_t threads = 256;  ///< a multiple of 32, at most 1024
  std::size_t shared_bytes = 0;
  cuda_kernels::stream_t stream = nullptr;
};

/// Blocks for `count` items at one item a thread, at most `most`; kernels loop over the rest.
constexpr std::uint32_t blocks_for(std::uint64_t count, std::uint32_t threads,
                                   std::uint32_t most = 1u << 16) {
  const std::uint64_t blocks = count / threads + (count % threads != 0);
  return blocks < most ? static_cast<std::uint32_t>(blocks) : most;
}

}  // namespace recokit::simt

// Both define RECOKIT_GLOBAL, RECOKIT_DEVICE, the primitives and launch().
#if defined(__CUDACC__)
#include "simt/device.hpp"
#else
#include "simt/emulator.hpp"
#endif

namespace recokit::simt {

RECOKIT_DEVICE std::uint32_t lane_index() { return thread_index() % warp_size; }
RECOKIT_DEVICE std::uint32_t warp_index() { return thread_index() / warp_size; }
/// The place of the lowest bit of a mask that has one.
RECOKIT_DEVICE std::uint32_t lowest_bit(std::uint32_t mask) {
  return popcount((mask & (0u - mask)) - 1);
}
/// An infinity and a NaN have all bits of the exponent.
RECOKIT_DEVICE bool finite(float value) { return (bits_of(value) & 0x7F80'0000u) != 0x7F80'0000u; }
/// This thread among all threads of the grid, and how many they are.
RECOKIT_DEVICE std::uint64_t global_index() {
  return std::uint64_t{block_index()} * block_size() + thread_index();
}
RECOKIT_DEVICE std::uint64_t global_size() { return std::uint64_t{grid_size()} * block_size(); }

}  // namespace recokit::simt
