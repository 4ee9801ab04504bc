// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/device.hpp>

#include "runtime/check.hpp"

#include <string>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

int device_count() {
  int count = 0;
  RECOKIT_CUDA_CHECK(cudaGetDeviceCount(&count));
  if (count == 0) throw backend_error("CUDA: there is a driver but no device");
  return count;
}

}  // namespace

bool cuda_available() noexcept {
  int count = 0;
  const bool answered = cudaGetDeviceCount(&count) == cudaSuccess;
  static_cast<void>(cudaGetLastError());
  return answered && count > 0;
}

std::vector<cuda_device_info> cuda_devices() {
  std::vector<cuda_device_info> devices(static_cast<std::size_t>(device_count()));
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const int ordinal = static_cast<int>(i);
    cudaDeviceProp properties{};
    RECOKIT_CUDA_CHECK(cudaGetDeviceProperties(&properties, ordinal));
    devices[i] = {.name = properties.name,
                  .ordinal = ordinal,
                  .compute_major = properties.major,
                  .compute_minor = properties.minor,
                  .memory_bytes = properties.totalGlobalMem,
                  .multiprocessors = properties.multiProcessorCount,
                  .shared_bytes_a_block = properties.sharedMemPerBlockOptin};
  }
  return devices;
}

void require_device(const cuda& policy) {
  const int count = device_count();
  if (policy.device < 0 || policy.device >= count) {
    throw backend_error("cuda.device = " + std::to_string(policy.device) + ": this machine has " +
                        std::to_string(count) + " CUDA device(s), counted from 0");
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
