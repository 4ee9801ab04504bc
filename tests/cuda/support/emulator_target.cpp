// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// The emulator always runs; its device memory is the host's.
#include "runtime/memory.hpp"
#include "support/target.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

namespace recokit_test {
std::string target_missing() { return {}; }
}  // namespace recokit_test

namespace recokit::cuda_kernels {

void* allocate_device(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* const memory = ::operator new (bytes, std::align_val_t{256});
  // Fresh device memory holds anything.
  std::memset(memory, 0xCD, bytes);
  return memory;
}

void free_device(void* memory) noexcept { ::operator delete (memory, std::align_val_t{256}); }

void copy_to_device(void* device, const void* host, std::size_t bytes, stream_t /*stream*/) {
  if (bytes != 0) std::memcpy(device, host, bytes);
}

void copy_to_host(void* host, const void* device, std::size_t bytes, stream_t /*stream*/) {
  if (bytes != 0) std::memcpy(host, device, bytes);
}
void copy_rows_to_device(void* device, std::size_t device_pitch, const void* host,
                         std::size_t host_pitch, std::size_t row_bytes, std::size_t rows,
                         stream_t stream) {
  for (std::size_t r = 0; r < rows; ++r) {
    copy_to_device(static_cast<char*>(device) + r * device_pitch,
                   static_cast<const char*>(host) + r * host_pitch, row_bytes, stream);
  }
}
void copy_rows_to_host(void* host, std::size_t host_pitch, const void* device,
                       std::size_t device_pitch, std::size_t row_bytes, std::size_t rows,
                       stream_t stream) {
  copy_rows_to_device(host, host_pitch, device, device_pitch, row_bytes, rows, stream);
}

void fill_device(void* device, unsigned char value, std::size_t bytes, stream_t /*stream*/) {
  if (bytes != 0) std::memset(device, value, bytes);
}

}  // namespace recokit::cuda_kernels
