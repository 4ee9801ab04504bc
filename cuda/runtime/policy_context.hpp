// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The context that a policy brings, or one made for it.
#pragma once

#include "runtime/context.hpp"

#include <optional>
#include <string>

namespace recokit::cuda_kernels {

class policy_context {
 public:
  /// @throws value_error when the policy's context is of another device; what cuda_context throws
  explicit policy_context(const cuda& policy) {
    if (policy.context == nullptr) own_.emplace(policy);
    context_ = policy.context == nullptr ? &*own_ : policy.context;
    if (context_->device().ordinal != policy.device) {
      throw value_error("cuda.context", "of device " + std::to_string(context_->device().ordinal),
                        "must be of cuda.device = " + std::to_string(policy.device));
    }
  }
  policy_context(const policy_context&) = delete;
  policy_context& operator=(const policy_context&) = delete;

  const cuda_device_info& device() const noexcept { return context_->device(); }
  recokit::detail::cuda_context_state& state() const noexcept {
    return recokit::detail::state_of(*context_);
  }

 private:
  std::optional<cuda_context> own_;
  cuda_context* context_;
};

}  // namespace recokit::cuda_kernels
