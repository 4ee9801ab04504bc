// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/wide_rows.cuh"

namespace recokit::cuda_kernels {

void wide_rows(const row_system& system, const row_task* tasks, std::uint32_t count, float* partial,
               float* scratch, std::uint32_t blocks, stream_t stream) {
  launch_wide_rows(system, tasks, count, partial, scratch, blocks, stream);
}

}  // namespace recokit::cuda_kernels
