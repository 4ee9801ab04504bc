// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How devices that share an array come to have what the others have made of it.
#pragma once

#include "runtime/stream.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace recokit::cuda_kernels {

/// The array of one device, and the bytes of it that this device has made.
struct shared_array {
  int device;
  stream_t stream;      ///< of the device
  unsigned char* data;  ///< of the whole array, as long on every device
  bool on_host;         ///< in pinned memory of the host, where the device reaches it over the bus
  std::size_t begin;    ///< of what it has made
  std::size_t size;     ///< may be 0
};

class array_exchange {
 public:
  array_exchange() = default;
  virtual ~array_exchange() = default;
  array_exchange(const array_exchange&) = delete;
  array_exchange& operator=(const array_exchange&) = delete;

  /// Gives all arrays what each device has made, as it is after the work that its stream was given
  /// before. Moves bytes and changes none. Waits for all streams.
  /// @param arrays one a device @throws backend_error
  virtual void run(std::span<const shared_array> arrays) = 0;
};

/// From each device to each, directly where the machine can; from and to pinned memory too.
std::unique_ptr<array_exchange> make_copying_exchange();

/// For arrays that are all on devices: through NCCL where recokit was built with it, else the same.
/// @param devices the ordinals, in the order of the arrays; at least two @throws backend_error
std::unique_ptr<array_exchange> make_device_exchange(const std::vector<int>& devices);

}  // namespace recokit::cuda_kernels
