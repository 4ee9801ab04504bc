// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/block_rows.cuh"

#include "kernels/for_system_size.hpp"

namespace recokit::cuda_kernels {

namespace {

void require_block(std::uint32_t block) {
  require_range("block", block, 4, largest_system, "must be in [4, 256]");
  require_range("block % 4", block % 4, 0, 0, "must be 0");
}

}  // namespace

void block_rows(const row_system& system, const row_list& list, std::uint32_t block,
                std::uint32_t sweeps, float* residual, stream_t stream) {
  require_block(block);
  if (list.count == 0) return;
  for_system_size("block", system_size_for(block), [&](auto size) {
    launch_block_rows<decltype(size)::value>(system, list, block, sweeps, residual, stream);
  });
}

void block_long_rows(const row_system& system, const cut_list& list, std::uint32_t block,
                     std::uint32_t sweeps, float* residual, float* partial, float* state,
                     stream_t stream) {
  require_block(block);
  if (list.rest_count == 0) return;
  for_system_size("block", system_size_for(block), [&](auto size) {
    launch_block_long_rows<decltype(size)::value>(system, list, block, sweeps, residual, partial,
                                                  state, stream);
  });
}

void coordinate_rows(const row_system& system, const row_list& list, std::uint32_t sweeps,
                     float* residual, stream_t stream, std::uint32_t threads) {
  launch_coordinate_rows(system, list, sweeps, residual, stream, threads);
}

}  // namespace recokit::cuda_kernels
