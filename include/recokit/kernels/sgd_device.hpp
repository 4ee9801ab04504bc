// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What an epoch of descent on ratings asks of a backend that keeps rows of its own.
///
/// The ratings, their blocks and the order of the blocks are the same for every backend. A GPU gets
/// them once, each block sorted into levels.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/kernels/leveled_job.hpp>
#include <recokit/kernels/sgd_step.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

using sgd_job = leveled_job<sgd_step::rating>;

/// Rows of both sides, `stride` floats from row to row.
struct sgd_rows {
  sgd_step::row_block<float> users;
  sgd_step::row_block<float> items;
  std::ptrdiff_t stride;
};

/// Rows and ratings on a device, and steps on them.
class sgd_device {
 public:
  sgd_device() = default;
  virtual ~sgd_device() = default;
  sgd_device(const sgd_device&) = delete;
  sgd_device& operator=(const sgd_device&) = delete;

  /// Takes copies of the rows and, block by block, of the ratings.
  /// @param blocks those of the first band of users, then those of the next …
  /// @throws value_error for a stride above 4096, memory_error, backend_error
  virtual void upload(const sgd_rows& from, std::int64_t users, std::int64_t items,
                      const std::vector<sgd_job>& blocks, std::int64_t item_bands) = 0;
  /// Writes the rows back. @param to of the sizes that were uploaded
  virtual void download(const sgd_rows& to) = 0;
  /// Steps on the blocks (n, (n + round) mod item bands), which share no row. Need not wait.
  /// @throws backend_error
  virtual void step(const sgd_step::update<float>& update, std::int64_t round) = 0;
  /// Steps on all blocks at the same time: they may overwrite each other's steps.
  virtual void race(const sgd_step::update<float>& update) = 0;
  /// Waits. @returns whether all rows since the upload were finite
  virtual bool finite() = 0;
};

/// Where the steps of a policy are taken; null: on the host's own rows.
inline std::unique_ptr<sgd_device> make_sgd_device(const cpu&) noexcept { return nullptr; }
/// Implemented in recokit::cuda. For one thread at a time. Rows are fp32 with any precision: a step
/// is too small for 16 bits.
///
/// Device memory: 4 · (stride + 4) · (users + items) bytes, the stride being a multiple of 32, 12
/// bytes a rating and 8 a level. What the data share of the context has no room for, first ratings,
/// then factors of the larger side, then of both, lies in pinned memory of the host and is reached
/// over the bus.
/// @throws value_error for a context of another device, backend_error
std::unique_ptr<sgd_device> make_sgd_device(const cuda& policy);

}  // namespace recokit::inline RECOKIT_ABI::kernels
