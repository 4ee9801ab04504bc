// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/block_rows.cuh"

#include "kernels/for_system_size.hpp"

namespace recokit::cuda_kernels {

void block_rows(const row_system& system, const row_list& list, std::uint32_t block,
                std::uint32_t sweeps, float* residual, stream_t stream) {
  require_range("block", block, 4, largest_system, "must be in [4, 256]");
  require_range("block % 4", block % 4, 0, 0, "must be 0");
  if (list.count == 0) return;
  for_system_size("block", system_size_for(block), [&](auto size) {
    launch_block_rows<decltype(size)::value>(system, list, block, sweeps, residual, stream);
  });
}

void coordinate_rows(const row_system& system, const row_list& list, std::uint32_t sweeps,
                     float* residual, stream_t stream) {
  launch_coordinate_rows(system, list, sweeps, residual, stream);
}

}  // namespace recokit::cuda_kernels
