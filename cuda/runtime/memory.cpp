// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/memory.hpp"

#include "runtime/check.hpp"

namespace recokit::cuda_kernels {

void* allocate_device(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  RECOKIT_CUDA_CHECK(cudaMalloc(&memory, bytes));
  return memory;
}

// A failure here was caused by earlier work, which reports it at its own check.
void free_device(void* memory) noexcept { static_cast<void>(cudaFree(memory)); }

std::size_t free_device_bytes() {
  std::size_t free = 0;
  std::size_t total = 0;
  RECOKIT_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  return free;
}

namespace {

void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, stream_t stream) {
  if (bytes == 0) return;
  RECOKIT_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, kind, stream));
  RECOKIT_CUDA_CHECK(cudaStreamSynchronize(stream));
}

void copy_rows(void* to, std::size_t to_pitch, const void* from, std::size_t from_pitch,
               std::size_t row_bytes, std::size_t rows, cudaMemcpyKind kind, stream_t stream) {
  if (row_bytes == 0 || rows == 0) return;
  RECOKIT_CUDA_CHECK(
      cudaMemcpy2DAsync(to, to_pitch, from, from_pitch, row_bytes, rows, kind, stream));
  RECOKIT_CUDA_CHECK(cudaStreamSynchronize(stream));
}

}  // namespace

void copy_to_device(void* device, const void* host, std::size_t bytes, stream_t stream) {
  copy(device, host, bytes, cudaMemcpyHostToDevice, stream);
}
void copy_to_host(void* host, const void* device, std::size_t bytes, stream_t stream) {
  copy(host, device, bytes, cudaMemcpyDeviceToHost, stream);
}
void copy_rows_to_device(void* device, std::size_t device_pitch, const void* host,
                         std::size_t host_pitch, std::size_t row_bytes, std::size_t rows,
                         stream_t stream) {
  copy_rows(device, device_pitch, host, host_pitch, row_bytes, rows, cudaMemcpyHostToDevice,
            stream);
}
void copy_rows_to_host(void* host, std::size_t host_pitch, const void* device,
                       std::size_t device_pitch, std::size_t row_bytes, std::size_t rows,
                       stream_t stream) {
  copy_rows(host, host_pitch, device, device_pitch, row_bytes, rows, cudaMemcpyDeviceToHost,
            stream);
}

void fill_device(void* device, unsigned char value, std::size_t bytes, stream_t stream) {
  if (bytes == 0) return;
  RECOKIT_CUDA_CHECK(cudaMemsetAsync(device, value, bytes, stream));
}

}  // namespace recokit::cuda_kernels
