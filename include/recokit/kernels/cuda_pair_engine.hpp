// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief pair_engine on a GPU: rows stay on the device from the first step to the last.
#pragma once

#include <recokit/core/cuda_context.hpp>
#include <recokit/kernels/pair_engine.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

class cuda_pair_state;

/// Implemented in recokit::cuda. One thread at a time. Rows are fp32 with any precision: a step is
/// too small for 16 bits.
///
/// Device memory: 4 · stride · (users + items) bytes of factors, the stride being a multiple of 32,
/// and 12 bytes a sample of a call.
class cuda_pair_device final : public pair_device {
 public:
  /// @throws value_error for a context of another device, backend_error
  explicit cuda_pair_device(const cuda& policy);
  ~cuda_pair_device() override;

  void upload(const pair_step::factor_block& from, std::int64_t users, std::int64_t items) override;
  void download(const pair_step::factor_block& to) override;
  void step(const pair_step::pair_rates& rates, std::span<const pair_job> jobs,
            bool racing) override;
  bool finite() override;

 private:
  std::unique_ptr<cuda_pair_state> state_;
};

template <>
class pair_engine<cuda> {
 public:
  explicit pair_engine(const cuda& policy) : device_(policy) {}
  pair_device* device() noexcept { return &device_; }

 private:
  cuda_pair_device device_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
