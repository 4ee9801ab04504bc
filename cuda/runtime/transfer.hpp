// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Copies that do not wait, and what they need: pinned memory of the host and events.
#pragma once

#include "runtime/stream.hpp"

#include <cstddef>
#include <utility>

namespace recokit::cuda_kernels {

/// Memory of the host that a copy reads without a detour; the device can use its address, too, over
/// the bus. @throws backend_error
void* allocate_pinned(std::size_t bytes);
/// Gives it back; null is allowed.
void free_pinned(void* memory) noexcept;

/// From pinned memory; what is there may change only after an event behind it was waited for.
/// @throws backend_error
void start_copy_to_device(void* device, const void* pinned, std::size_t bytes, stream_t stream);

/// Between any two of device memory, this device's or another's, and pinned memory.
/// @throws backend_error
void start_copy(void* to, const void* from, std::size_t bytes, stream_t stream);

/// Bytes of the host.
class pinned_buffer {
 public:
  explicit pinned_buffer(std::size_t size)
      : size_(size), data_(static_cast<unsigned char*>(allocate_pinned(size))) {}
  ~pinned_buffer() { free_pinned(data_); }
  pinned_buffer(pinned_buffer&& other) noexcept
      : size_(std::exchange(other.size_, 0)), data_(std::exchange(other.data_, nullptr)) {}
  pinned_buffer& operator=(pinned_buffer&& other) noexcept {
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
    return *this;
  }

  unsigned char* data() noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  std::size_t size_;
  unsigned char* data_;
};

/// A point in the work of a stream, made on the current device.
class event {
 public:
  /// Counts as passed until it is recorded. @throws backend_error
  event();
  ~event();
  event(const event&) = delete;
  event& operator=(const event&) = delete;

  /// The point behind all that was given to the stream so far. @throws backend_error
  void record(stream_t stream);
  /// What is given to the stream from now on waits for it; the host does not. @throws backend_error
  void hold(stream_t stream) const;
  /// The host waits. @throws backend_error
  void wait() const;

 private:
  event_t handle_;
};

/// A stream of its own on the current device.
class own_stream {
 public:
  /// @throws backend_error
  own_stream();
  /// Waits for its work.
  ~own_stream();
  own_stream(const own_stream&) = delete;
  own_stream& operator=(const own_stream&) = delete;

  stream_t get() const noexcept { return stream_; }

 private:
  stream_t stream_;
};

}  // namespace recokit::cuda_kernels
