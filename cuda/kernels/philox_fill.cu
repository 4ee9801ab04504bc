// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/philox_fill.cuh"

namespace recokit::cuda_kernels {

void philox_fill(std::uint32_t* out, std::int64_t rows, std::int64_t columns, philox_source source,
                 stream_t stream) {
  launch_philox_fill(out, rows, columns, source, stream);
}

void philox_fill(float* out, std::int64_t rows, std::int64_t columns, philox_source source,
                 stream_t stream) {
  launch_philox_fill(out, rows, columns, source, stream);
}

void philox_fill(double* out, std::int64_t rows, std::int64_t columns, philox_source source,
                 stream_t stream) {
  launch_philox_fill(out, rows, columns, source, stream);
}

}  // namespace recokit::cuda_kernels
