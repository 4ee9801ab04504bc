// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/top_k.cuh"

namespace recokit::cuda_kernels {

void top_k(const score_tile& tile, std::int64_t k, std::int32_t* items, float* best,
           stream_t stream, const top_k_filter& filter, bool more) {
  launch_top_k(tile, k, items, best, stream, filter, more);
}

}  // namespace recokit::cuda_kernels
