// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/gram.cuh"

namespace recokit::cuda_kernels {

std::uint64_t gram_scratch(std::int64_t rows, std::int64_t columns) {
  const gram_shape shape = shape_of_gram(rows, columns);
  return std::uint64_t{shape.slice_count} * shape.tiles * gram_shape::tile * gram_shape::tile;
}

void gram(const float* y, std::int64_t rows, std::int64_t columns, double alpha, double beta,
          float* out, float* scratch, stream_t stream) {
  launch_gram(y, rows, columns, alpha, beta, out, scratch, stream);
}

void gram(const double* y, std::int64_t rows, std::int64_t columns, double alpha, double beta,
          double* out, double* scratch, stream_t stream) {
  launch_gram(y, rows, columns, alpha, beta, out, scratch, stream);
}

void mirror_upper(float* matrix, std::int64_t size, double beta, stream_t stream) {
  launch_mirror_upper(matrix, size, beta, stream);
}

void mirror_upper(double* matrix, std::int64_t size, double beta, stream_t stream) {
  launch_mirror_upper(matrix, size, beta, stream);
}

}  // namespace recokit::cuda_kernels
