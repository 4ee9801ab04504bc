// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/handles.hpp"

#include "runtime/check.hpp"

namespace recokit::cuda_kernels {

current_device::current_device(int ordinal) {
  RECOKIT_CUDA_CHECK(cudaGetDevice(&earlier_));
  RECOKIT_CUDA_CHECK(cudaSetDevice(ordinal));
}

// The device was current before, so this can fail only when the driver is gone.
current_device::~current_device() { static_cast<void>(cudaSetDevice(earlier_)); }

stream_t make_stream() {
  stream_t stream = nullptr;
  RECOKIT_CUDA_CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return stream;
}

blas_t make_blas() {
  blas_t blas = nullptr;
  RECOKIT_CUDA_CHECK(cublasCreate(&blas));
  return blas;
}

void set_stream(blas_t blas, stream_t stream) { RECOKIT_CUDA_CHECK(cublasSetStream(blas, stream)); }

void wait_for(stream_t stream) { RECOKIT_CUDA_CHECK(cudaStreamSynchronize(stream)); }

// Errors of earlier work surface at its own check; who destroys has no one to tell.
void destroy_stream(stream_t stream) noexcept {
  if (stream != nullptr) static_cast<void>(cudaStreamDestroy(stream));
}

void destroy_blas(blas_t blas) noexcept {
  if (blas != nullptr) static_cast<void>(cublasDestroy(blas));
}

}  // namespace recokit::cuda_kernels
