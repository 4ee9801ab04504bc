// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What an epoch of logistic factorization asks of a backend that keeps rows of its own.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/kernels/logistic_step.hpp>

#include <cstdint>
#include <memory>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Rows of a fit and their sums of squared gradients, `width` floats from row to row.
struct logistic_rows {
  float* users;
  float* items;
  float* user_squares;
  float* item_squares;
  std::int64_t width;
};

/// Rows and interactions on a device, and steps on them.
class logistic_device {
 public:
  logistic_device() = default;
  virtual ~logistic_device() = default;
  logistic_device(const logistic_device&) = delete;
  logistic_device& operator=(const logistic_device&) = delete;

  /// Takes copies. @param by_item the transpose of by_user
  /// @throws value_error for a width above 4096, memory_error, backend_error
  virtual void upload(const csr_view<>& by_user, const csr_view<>& by_item,
                      const logistic_rows& from) = 0;
  /// Writes the rows back. @param to of the sizes that were uploaded
  virtual void download(const logistic_rows& to) = 0;
  /// Need not wait. @throws backend_error
  virtual void step(const logistic_step::half_terms& terms) = 0;
  /// Waits. @returns whether all rows since the upload were finite
  virtual bool finite() = 0;
};

/// Where the steps of a policy are taken; null: on the host's own rows.
inline std::unique_ptr<logistic_device> make_logistic_device(const cpu&) noexcept {
  return nullptr;
}
/// Implemented in recokit::cuda. For one thread at a time. Rows are fp32 with any precision.
///
/// Device memory: 8 · stride · (users + items) bytes, the stride being a multiple of 32, and 8
/// bytes an interaction and orientation (4 without values). What the data share of the context has
/// no room for, first interactions, then factors of the larger side, then of both, lies in pinned
/// memory of the host and is reached over the bus.
/// @throws value_error for a context of another device, backend_error
std::unique_ptr<logistic_device> make_logistic_device(const cuda& policy);

}  // namespace recokit::inline RECOKIT_ABI::kernels
