// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cg_rows.cuh"

namespace recokit::cuda_kernels {

std::uint64_t cg_shared_bytes(std::uint32_t stride, std::uint64_t entries) {
  return (cg_shape::fixed_floats(stride) + entries * cg_shape::entry_floats(stride)) *
         sizeof(float);
}

void cg_rows(const row_system& system, const row_list& list, std::uint32_t steps,
             std::uint64_t shared_bytes, stream_t stream) {
  launch_cg_rows(system, list, steps, shared_bytes, stream);
}

void cg_long_rows(const row_system& system, const cut_list& list, std::uint32_t steps,
                  std::uint64_t shared_bytes, float* partial, float* state, stream_t stream) {
  launch_cg_long_rows(system, list, steps, shared_bytes, partial, state, stream);
}

}  // namespace recokit::cuda_kernels
