// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What one thread holds on one GPU: stream, cuBLAS handle and scratch memory with a cap.
#pragma once

#include <recokit/core/device.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

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
  /// Most bytes of device memory that interactions and factors of a fit may take, and the items
  /// that recommend ranks; 0 leaves it to what the device has free, less an eighth for scratch.
  /// What is more comes from the host in batches (see kernels/als_memory.hpp), or, for the models
  /// of steps, lies there and is read over the bus.
  std::uint64_t max_data_bytes = 0;
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

/// A policy for several calls in turn: one of a GPU gets a context for all of them, unless it
/// brings its own.
template <class Policy>
class policy_for_calls {
 public:
  explicit policy_for_calls(const Policy& policy) : policy_(policy) {
    if constexpr (std::same_as<Policy, cuda>) {
      if (policy.context == nullptr) policy_.context = &own_.emplace(policy);
    }
  }
  policy_for_calls(const policy_for_calls&) = delete;
  policy_for_calls& operator=(const policy_for_calls&) = delete;

  const Policy& policy() const noexcept { return policy_; }

 private:
  struct nothing {};
  Policy policy_;
  std::conditional_t<std::same_as<Policy, cuda>, std::optional<cuda_context>, nothing> own_;
};

}  // namespace detail

}  // namespace recokit::inline RECOKIT_ABI
