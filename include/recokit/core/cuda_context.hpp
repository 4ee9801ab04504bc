// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What one thread holds on one GPU: stream, cuBLAS handle and scratch memory with a cap.
#pragma once

#include <recokit/core/device.hpp>

#include <concepts>
#include <cstdint>
#include <memory>

namespace recokit::inline RECOKIT_ABI {

class cuda_context;

namespace detail {
class cuda_context_state;
cuda_context_state& state_of(cuda_context& context) noexcept;
}  // namespace detail

/// Limits of a cuda_context.
struct cuda_context_options {
  /// Most bytes of device memory that scratch may take; 0 leaves it to what the device has free.
  std::uint64_t max_memory_bytes = 0;
};

/// The resources of one device. Making one checks that the device is there and nothing else; the
/// stream, the cuBLAS handle and the scratch memory come with their first use and live as long as
/// the context, so consecutive calls reuse them.
///
/// Not safe to use from two threads at once; give each thread its own. Leaves the calling thread's
/// current device as it was.
class cuda_context {
 public:
  /// @throws backend_error when the device cannot be used; see require_device
  template <std::same_as<cuda> Policy = cuda>
  explicit cuda_context(const Policy& policy = {}, cuda_context_options options = {})
      : cuda_context(options, policy) {
    detail::require_backend<Policy, true>();
  }

  ~cuda_context();
  cuda_context(cuda_context&& other) noexcept;
  cuda_context& operator=(cuda_context&& other) noexcept;

  /// The device this context was made for.
  const cuda_device_info& device() const noexcept;
  /// Bytes of device memory that scratch holds now.
  std::uint64_t reserved_bytes() const noexcept;
  /// Waits for all work given to this context.
  /// @throws backend_error when that work failed
  void synchronize();

 private:
  cuda_context(cuda_context_options options, const cuda& policy);
  friend detail::cuda_context_state& detail::state_of(cuda_context& context) noexcept;

  std::unique_ptr<detail::cuda_context_state> state_;
};

namespace detail {

/// call(policy), with one context for all that it does where the policy brings none.
template <class Policy, class Call>
auto with_context(const Policy& policy, const Call& call) {
  if constexpr (std::same_as<Policy, cuda>) {
    if (policy.context == nullptr) {
      cuda_context context(policy);
      Policy kept = policy;
      kept.context = &context;
      return call(kept);
    }
  }
  return call(policy);
}

}  // namespace detail

}  // namespace recokit::inline RECOKIT_ABI
