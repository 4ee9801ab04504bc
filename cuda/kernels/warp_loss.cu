// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/warp_loss.cuh"

namespace recokit::cuda_kernels {

void warp_loss_steps(const warp_loss_rows& rows, const warp_loss::epoch_terms& terms,
                     const warp_loss_cut& cut, std::int64_t round, std::uint32_t* failed,
                     stream_t stream) {
  launch_warp_loss_steps(rows, terms, cut, round, failed, stream);
}

}  // namespace recokit::cuda_kernels
