// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What an epoch of WARP asks of a backend that keeps rows of its own.
///
/// Which item a sample ends with depends on the rows of the moment, so the device draws.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>
#include <recokit/kernels/pair_step.hpp>
#include <recokit/kernels/warp_loss.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Interactions cut into jobs: those of job (u, i) are
/// entries[starts[u · (item bands + 1) + i], starts[u · (item bands + 1) + i + 1]); band i of items
/// begins in `items` at pair_step::first_item.
struct banded_epoch {
  std::span<const pair_step::banded_entry> entries;
  std::span<const std::int64_t> starts;
  std::span<const index_t> items;
  pair_step::band_counts bands;
};

/// Rows, interactions and draws on a device.
class warp_device {
 public:
  warp_device() = default;
  virtual ~warp_device() = default;
  warp_device(const warp_device&) = delete;
  warp_device& operator=(const warp_device&) = delete;

  /// Takes copies of the rows. @param squares sums of squared gradients; without rows: plain steps
  /// @throws value_error for a width above 4096, memory_error, backend_error
  /// @param interactions that every cut will have
  virtual void upload(const pair_step::factor_block& rows, const pair_step::factor_block& squares,
                      std::int64_t users, std::int64_t items, std::int64_t interactions) = 0;
  /// Writes them back. @param squares as in upload
  virtual void download(const pair_step::factor_block& rows,
                        const pair_step::factor_block& squares) = 0;
  /// Takes a copy of the cut. @throws backend_error
  virtual void begin_epoch(const banded_epoch& cut, const warp_loss::epoch_terms& terms) = 0;
  /// Runs the jobs of a round at the same time. Need not wait. @throws backend_error
  virtual void step(std::int64_t round) = 0;
  /// Waits. @returns whether all scores of positives since the upload were finite
  virtual bool finite() = 0;
};

/// Where the steps of a policy are taken; null: on the host's own rows.
inline std::unique_ptr<warp_device> make_warp_device(const cpu&) noexcept { return nullptr; }
/// Implemented in recokit::cuda. For one thread at a time. Rows are fp32 with any precision: a step
/// is too small for 16 bits.
///
/// Device memory: 4 · stride · (users + items) bytes, the stride being a multiple of 32, twice that
/// with squares, 8 bytes an interaction and 4 an item. What the data share of the context has no
/// room for, first interactions, then factors of the larger side, then of both, lies in pinned
/// memory of the host and is reached over the bus.
/// @throws value_error for a context of another device, backend_error
std::unique_ptr<warp_device> make_warp_device(const cuda& policy);

}  // namespace recokit::inline RECOKIT_ABI::kernels
