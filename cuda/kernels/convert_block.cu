// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/convert_block.cuh"

namespace recokit::cuda_kernels {

void convert_block(const float* from, std::int64_t from_stride, double* to, std::int64_t to_stride,
                   std::int64_t n, bool lower, stream_t stream) {
  launch_convert_block(from, from_stride, to, to_stride, n, lower, stream);
}

void convert_block(const double* from, std::int64_t from_stride, float* to, std::int64_t to_stride,
                   std::int64_t n, bool lower, stream_t stream) {
  launch_convert_block(from, from_stride, to, to_stride, n, lower, stream);
}

}  // namespace recokit::cuda_kernels
