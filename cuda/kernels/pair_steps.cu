// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pair_steps.cuh"

namespace recokit::cuda_kernels {

void pair_steps(const pair_step::factor_block& rows, const pair_step::pair_rates& rates,
                const pair_schedule& schedule, std::uint32_t* failed, stream_t stream) {
  launch_pair_steps(rows, rates, schedule, failed, stream);
}

}  // namespace recokit::cuda_kernels
