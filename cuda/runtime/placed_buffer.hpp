// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An array that kernels use, on the device or in memory of the host.
#pragma once

#include "runtime/handles.hpp"
#include "runtime/memory.hpp"
#include "runtime/transfer.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace recokit::cuda_kernels {

/// On the current device, or in pinned memory of the host, which kernels reach over the bus.
template <class T>
class placed_buffer {
 public:
  /// @throws backend_error
  placed_buffer(std::size_t size, bool on_device)
      : size_(size), on_device_(on_device ? size : 0), on_host_(on_device ? 0 : size * sizeof(T)) {}

  T* data() noexcept {
    return on_host_.size() > 0 ? reinterpret_cast<T*>(on_host_.data()) : on_device_.data();
  }
  const T* data() const noexcept { return const_cast<placed_buffer*>(this)->data(); }
  std::size_t size() const noexcept { return size_; }

  /// Sets every byte to 0.
  void clear(stream_t stream) {
    fill_device(on_device_.data(), 0, on_device_.size() * sizeof(T), stream);
    std::fill_n(on_host_.data(), on_host_.size(), static_cast<unsigned char>(0));
  }
  /// Takes a copy of values of the host, from place `first` on. Waits for the work of the stream.
  void copy(std::size_t first, std::span<const T> from, stream_t stream) {
    if (on_host_.size() == 0) {
      copy_to_device(on_device_.data() + first, from.data(), from.size_bytes(), stream);
      return;
    }
    wait_for(stream);
    std::copy(from.begin(), from.end(), data() + first);
  }

 private:
  std::size_t size_;
  device_buffer<T> on_device_;
  pinned_buffer on_host_;  ///< instead
};

}  // namespace recokit::cuda_kernels
