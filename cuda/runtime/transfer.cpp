// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/transfer.hpp"

#include "runtime/check.hpp"
#include "runtime/handles.hpp"

namespace recokit::cuda_kernels {

void* allocate_pinned(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  RECOKIT_CUDA_CHECK(cudaHostAlloc(&memory, bytes, cudaHostAllocMapped | cudaHostAllocPortable));
  return memory;
}

// A failure here was caused by earlier work, which reports it at its own check.
void free_pinned(void* memory) noexcept { static_cast<void>(cudaFreeHost(memory)); }

void start_copy_to_device(void* device, const void* pinned, std::size_t bytes, stream_t stream) {
  if (bytes == 0) return;
  RECOKIT_CUDA_CHECK(cudaMemcpyAsync(device, pinned, bytes, cudaMemcpyHostToDevice, stream));
}

void start_copy(void* to, const void* from, std::size_t bytes, stream_t stream) {
  if (bytes == 0) return;
  RECOKIT_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream));
}

event::event() : handle_(nullptr) {
  RECOKIT_CUDA_CHECK(cudaEventCreateWithFlags(&handle_, cudaEventDisableTiming));
}
event::~event() { static_cast<void>(cudaEventDestroy(handle_)); }
void event::record(stream_t stream) { RECOKIT_CUDA_CHECK(cudaEventRecord(handle_, stream)); }
void event::hold(stream_t stream) const {
  RECOKIT_CUDA_CHECK(cudaStreamWaitEvent(stream, handle_, 0));
}
void event::wait() const { RECOKIT_CUDA_CHECK(cudaEventSynchronize(handle_)); }

own_stream::own_stream() : stream_(make_stream()) {}
own_stream::~own_stream() {
  static_cast<void>(cudaStreamSynchronize(stream_));
  destroy_stream(stream_);
}

}  // namespace recokit::cuda_kernels
