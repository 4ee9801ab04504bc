// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pivot_blocks.hpp"

namespace recokit::cuda_kernels {

std::unique_ptr<pivot_blocks> make_pivot_blocks(recokit::detail::cuda_context_state& context,
                                                device_arena::scope& /*scope*/) {
  return make_host_pivot_blocks(context);
}

}  // namespace recokit::cuda_kernels
