// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which NVIDIA GPUs there are; usable only where recokit::cuda is linked.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/errors.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One GPU as the CUDA runtime describes it.
struct cuda_device_info {
  std::string name;                        ///< "NVIDIA H200"
  int ordinal = 0;                         ///< what cuda{.device} takes
  int compute_major = 0;                   ///< 9 for compute capability 9.0
  int compute_minor = 0;                   ///< 0 for compute capability 9.0
  std::uint64_t memory_bytes = 0;          ///< installed, not free
  int multiprocessors = 0;                 ///< SMs
  std::uint64_t shared_bytes_a_block = 0;  ///< the most that one block can ask for
};

namespace detail {
// Defined in recokit::cuda. Not called from elsewhere, so a program without it still links.
bool cuda_available() noexcept;
std::vector<cuda_device_info> cuda_devices();
void require_device(const cuda& policy);
}  // namespace detail

/// True when a driver answers and has at least one device. Never throws.
/// Compiles only with recokit::cuda linked; otherwise a static_assert says how to get it.
template <std::same_as<cuda> Policy = cuda>
bool cuda_available() noexcept {
  detail::require_backend<Policy, true>();
  return detail::cuda_available();
}

/// All devices, in the order of their ordinals; never empty.
/// @throws backend_error with CUDA's own text when there is no driver or no device
template <std::same_as<cuda> Policy = cuda>
std::vector<cuda_device_info> cuda_devices() {
  detail::require_backend<Policy, true>();
  return detail::cuda_devices();
}

/// Returns when policy.device can be used.
/// @throws backend_error with the ordinal and the number of devices, or CUDA's own text when there
/// is no driver
template <std::same_as<cuda> Policy = cuda>
void require_device(const Policy& policy) {
  detail::require_backend<Policy, true>();
  detail::require_device(policy);
}

}  // namespace recokit::inline RECOKIT_ABI
