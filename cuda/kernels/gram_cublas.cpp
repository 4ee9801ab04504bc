// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/gram.hpp"

#include "runtime/check.hpp"
#include "runtime/memory.hpp"

namespace recokit::cuda_kernels {
namespace {

cublasStatus_t syrk(cublasHandle_t blas, std::int64_t n, std::int64_t k, const float* alpha,
                    const float* a, const float* beta, float* c) {
  return cublasSsyrk_64(blas, CUBLAS_FILL_MODE_LOWER, CUBLAS_OP_N, n, k, alpha, a, n, beta, c, n);
}

cublasStatus_t syrk(cublasHandle_t blas, std::int64_t n, std::int64_t k, const double* alpha,
                    const double* a, const double* beta, double* c) {
  return cublasDsyrk_64(blas, CUBLAS_FILL_MODE_LOWER, CUBLAS_OP_N, n, k, alpha, a, n, beta, c, n);
}

template <class T>
void run(blas_t blas, const T* y, std::int64_t rows, std::int64_t columns, double alpha,
         double beta, T* out, stream_t stream) {
  require_range("rows", rows, 0, std::int64_t{1} << 40, "must be in [0, 2^40]");
  require_range("columns", columns, 0, 16384, "must be in [0, 16384]");
  if (columns == 0) return;
  if (rows == 0) {
    fill_device(out, 0, static_cast<std::size_t>(columns * columns) * sizeof(T), stream);
  } else {
    // cuBLAS counts by columns: it sees Yᵀ, and its lower triangle is our upper one.
    const T scale = static_cast<T>(alpha);
    const T zero = 0;
    RECOKIT_CUDA_CHECK(syrk(blas, columns, rows, &scale, y, &zero, out));
  }
  mirror_upper(out, columns, beta, stream);
}

}  // namespace

void gram_cublas(blas_t blas, const float* y, std::int64_t rows, std::int64_t columns, double alpha,
                 double beta, float* out, stream_t stream) {
  run(blas, y, rows, columns, alpha, beta, out, stream);
}

void gram_cublas(blas_t blas, const double* y, std::int64_t rows, std::int64_t columns,
                 double alpha, double beta, double* out, stream_t stream) {
  run(blas, y, rows, columns, alpha, beta, out, stream);
}

}  // namespace recokit::cuda_kernels
