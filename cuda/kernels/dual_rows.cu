// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/dual_rows.cuh"

#include "kernels/for_system_size.hpp"

namespace recokit::cuda_kernels {

void dual_rows(const row_system& system, const row_list& list, std::uint32_t size,
               stream_t stream) {
  require_range("stride", system.fixed.stride, 32, most_width, "must be in [32, 4096]");
  if (list.count == 0) return;
  for_system_size("size", size, [&](auto constant) {
    launch_dual_rows<decltype(constant)::value>(system, list, stream);
  });
}

}  // namespace recokit::cuda_kernels
