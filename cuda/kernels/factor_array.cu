// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/factor_array.cuh"

namespace recokit::cuda_kernels {

void store_rows(const float* from, std::int64_t rows, std::uint32_t width,
                std::uint32_t from_stride, const factor_array& to, std::int64_t first,
                stream_t stream) {
  launch_store_rows(from, rows, width, from_stride, to, first, stream);
}

void load_rows(const factor_array& from, std::int64_t first, std::int64_t rows, std::uint32_t width,
               float* to, std::uint32_t to_stride, stream_t stream) {
  launch_load_rows(from, first, rows, width, to, to_stride, stream);
}

void scale_rows(const factor_array& from, const float* weights, float* to, stream_t stream) {
  launch_scale_rows(from, weights, to, stream);
}

}  // namespace recokit::cuda_kernels
