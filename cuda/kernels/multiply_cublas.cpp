// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/multiply.hpp"

#include "runtime/check.hpp"

namespace recokit::cuda_kernels {
namespace {

cudaDataType_t type_of(storage type) {
  switch (type) {
    case storage::bf16:
      return CUDA_R_16BF;
    case storage::fp16:
      return CUDA_R_16F;
    case storage::fp32:
      break;
  }
  return CUDA_R_32F;
}

}  // namespace

void multiply(blas_t blas, std::int64_t m, std::int64_t n, std::int64_t k, float scale,
              const operand& a, const operand& b, float* out, std::int64_t stride, bool tf32,
              float keep) {
  if (a.type != b.type) fail_value("b.type", static_cast<int>(b.type), "must be that of a");
  if (m == 0 || n == 0) return;
  const auto operation = [](const operand& o) { return o.transposed ? CUBLAS_OP_T : CUBLAS_OP_N; };
  const bool rounds = tf32 && a.type == storage::fp32;
  // cuBLAS counts by columns: it sees the transposes of all three, and makes outᵀ = bᵀ aᵀ.
  RECOKIT_CUDA_CHECK(cublasGemmEx_64(
      blas, operation(b), operation(a), n, m, k, &scale, b.data, type_of(b.type), b.stride, a.data,
      type_of(a.type), a.stride, &keep, out, CUDA_R_32F, stride,
      rounds ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT));
}

}  // namespace recokit::cuda_kernels
