// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Device memory as plain functions; the emulator has its own implementation of them.
#pragma once

#include "runtime/stream.hpp"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace recokit::cuda_kernels {

/// Memory of the current device, aligned to 256 bytes. @throws backend_error
void* allocate_device(std::size_t bytes);
/// Gives it back; null is allowed.
void free_device(void* memory) noexcept;
/// Bytes that allocate_device could still give on the current device. @throws backend_error
std::size_t free_device_bytes();

/// Both wait until the copy is done. @throws backend_error
void copy_to_device(void* device, const void* host, std::size_t bytes, stream_t stream);
void copy_to_host(void* host, const void* device, std::size_t bytes, stream_t stream);
/// The same for rows of `row_bytes` that lie a pitch apart on either side.
void copy_rows_to_device(void* device, std::size_t device_pitch, const void* host,
                         std::size_t host_pitch, std::size_t row_bytes, std::size_t rows,
                         stream_t stream);
void copy_rows_to_host(void* host, std::size_t host_pitch, const void* device,
                       std::size_t device_pitch, std::size_t row_bytes, std::size_t rows,
                       stream_t stream);
/// Sets every byte. Does not wait. @throws backend_error
void fill_device(void* device, unsigned char value, std::size_t bytes, stream_t stream);

/// An array on the current device.
template <class T>
class device_buffer {
 public:
  explicit device_buffer(std::size_t size)
      : size_(size), data_(static_cast<T*>(allocate_device(size * sizeof(T)))) {}
  device_buffer(std::span<const T> host, stream_t stream) : device_buffer(host.size()) {
    copy_to_device(data_, host.data(), size_ * sizeof(T), stream);
  }
  ~device_buffer() { free_device(data_); }
  device_buffer(device_buffer&& other) noexcept
      : size_(std::exchange(other.size_, 0)), data_(std::exchange(other.data_, nullptr)) {}
  device_buffer& operator=(device_buffer&& other) noexcept {
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
    return *this;
  }

  T* data() noexcept { return data_; }
  const T* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

  std::vector<T> to_host(stream_t stream) const {
    std::vector<T> host(size_);
    copy_to_host(host.data(), data_, size_ * sizeof(T), stream);
    return host;
  }

 private:
  std::size_t size_;
  T* data_;
};

}  // namespace recokit::cuda_kernels
