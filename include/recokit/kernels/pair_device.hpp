// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What an epoch of a pairwise model asks of a backend that keeps rows of its own.
///
/// The model draws the samples and says their order, on the host and the same for every backend.
/// The CPU steps as it draws; a GPU gets the samples of a round, sorted into levels.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/kernels/leveled_job.hpp>
#include <recokit/kernels/pair_step.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

using pair_job = leveled_job<pair_step::triple>;

/// Rows on a device, and steps on them.
class pair_device {
 public:
  pair_device() = default;
  virtual ~pair_device() = default;
  pair_device(const pair_device&) = delete;
  pair_device& operator=(const pair_device&) = delete;

  /// Takes copies of the rows. @throws value_error for a width above 4096, memory_error,
  /// backend_error
  virtual void upload(const pair_step::factor_block& from, std::int64_t users,
                      std::int64_t items) = 0;
  /// Writes them back. Waits for the steps. @param to of the sizes that were uploaded; without
  /// items when they are null
  virtual void download(const pair_step::factor_block& to) = 0;
  /// One step of BPR a sample; need not wait for them. Jobs share no row, unless `racing`: then
  /// they, and all their levels, run at the same time and may overwrite each other's steps.
  /// @throws memory_error, backend_error
  virtual void step(const pair_step::pair_rates& rates, std::span<const pair_job> jobs,
                    bool racing) = 0;
  /// Waits. @returns whether all steps since the upload were finite
  virtual bool finite() = 0;
};

/// Where the steps of a policy are taken; null: on the host's own rows.
inline std::unique_ptr<pair_device> make_pair_device(const cpu&) noexcept { return nullptr; }
/// Implemented in recokit::cuda. For one thread at a time. Rows are fp32 with any precision: a step
/// is too small for 16 bits.
///
/// Device memory: 4 · stride · (users + items) bytes of factors, the stride being a multiple of 32,
/// and 12 bytes a sample of a call. Factors that the data share of the context has no room for, of
/// the larger side first, lie in pinned memory of the host and are reached over the bus.
/// @throws value_error for a context of another device, backend_error
std::unique_ptr<pair_device> make_pair_device(const cuda& policy);

}  // namespace recokit::inline RECOKIT_ABI::kernels
