// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/primal_rows.cuh"

#include "kernels/for_system_size.hpp"

namespace recokit::cuda_kernels {

std::uint64_t partial_floats(std::uint32_t stride) {
  std::uint64_t floats = 0;
  for_system_size("stride", stride,
                  [&](auto size) { floats = tile_shape<decltype(size)::value>::partial_floats; });
  return floats;
}

void solve_empty_rows(const row_system& system, const row_list& list, stream_t stream) {
  launch_empty_rows(system, list, stream);
}

void primal_rows(const row_system& system, const row_task* tasks, std::uint32_t count,
                 float* partial, stream_t stream) {
  if (count == 0) return;
  for_system_size("stride", system.fixed.stride, [&](auto size) {
    launch_primal_rows<decltype(size)::value>(system, tasks, count, partial, stream);
  });
}

}  // namespace recokit::cuda_kernels
