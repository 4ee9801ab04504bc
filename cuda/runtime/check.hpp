// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief RECOKIT_CUDA_CHECK: the one way in which recokit calls the CUDA runtime and cuBLAS.
#pragma once

#include "runtime/failure.hpp"

#include <cublas_v2.h>
#include <cuda_runtime_api.h>

namespace recokit::cuda_kernels {

inline void check(const char* call, cudaError_t status) {
  if (status == cudaSuccess) return;
  // The runtime remembers the error; without this the next launch would be blamed for it.
  static_cast<void>(cudaGetLastError());
  fail_call(call, cudaGetErrorName(status), cudaGetErrorString(status));
}

inline void check(const char* call, cublasStatus_t status) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  static_cast<void>(cudaGetLastError());
  fail_call(call, cublasGetStatusName(status), cublasGetStatusString(status));
}

}  // namespace recokit::cuda_kernels

/// Runs `call` and throws backend_error with its text and CUDA's own words unless it succeeded.
#define RECOKIT_CUDA_CHECK(call) ::recokit::cuda_kernels::check(#call, (call))
