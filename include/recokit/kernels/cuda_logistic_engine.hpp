// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief logistic_engine on a GPU: rows and interactions stay there from the first step to the
/// last.
#pragma once

#include <recokit/core/cuda_context.hpp>
#include <recokit/kernels/logistic_engine.hpp>

#include <memory>

namespace recokit::inline RECOKIT_ABI::kernels {

class cuda_logistic_state;

/// Implemented in recokit::cuda. One thread at a time. Rows are fp32 with any precision.
///
/// Device memory: 8 · stride · (users + items) bytes, the stride being a multiple of 32, and 8
/// bytes an interaction and orientation (4 without values).
class cuda_logistic_device final : public logistic_device {
 public:
  /// @throws value_error for a context of another device, backend_error
  explicit cuda_logistic_device(const cuda& policy);
  ~cuda_logistic_device() override;

  void upload(const csr_view<>& by_user, const csr_view<>& by_item,
              const logistic_rows& from) override;
  void download(const logistic_rows& to) override;
  void step(const logistic_step::half_terms& terms) override;
  bool finite() override;

 private:
  std::unique_ptr<cuda_logistic_state> state_;
};

template <>
class logistic_engine<cuda> {
 public:
  explicit logistic_engine(const cuda& policy) : device_(policy) {}
  logistic_device* device() noexcept { return &device_; }

 private:
  cuda_logistic_device device_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
