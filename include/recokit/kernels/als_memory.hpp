// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What of an alternating fit lies on a GPU and what comes to it in batches, from sizes
/// alone.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Of users and items, in this order.
struct als_sizes {
  std::array<std::uint64_t, 2> rows;
  std::array<std::uint64_t, 2> entries;      ///< 0 for a side that is never solved
  std::array<std::uint64_t, 2> longest_row;  ///< its entries
  std::uint64_t bytes_a_row;                 ///< of the factors
  std::uint64_t bytes_an_entry;              ///< 4, with values 8
};

/// Bytes of the device beside entries and factors: offset, and the lists of work.
inline constexpr std::uint64_t als_bytes_a_row = 48;

struct als_memory {
  /// Whether interactions stay on the device; else they come in batches, twice an epoch at most.
  std::array<bool, 2> entries_stay;
  /// Whether factors do; else they lie in pinned memory of the host and are read over the bus.
  std::array<bool, 2> factors_stay;
  std::uint64_t batch_entries;  ///< most of a batch; two of them are on the device; 0: none come
  std::uint64_t device_bytes;   ///< of all that
  std::uint64_t pinned_factor_bytes;  ///< of the host
};

/// The first of these that fits: all stay; the interactions of one side, then of both, come in
/// batches, as large as there is room for; the factors of the larger side, then of both, are left
/// on the host.
/// @param budget bytes of the device
/// @throws memory_error when two batches of one row each do not fit
als_memory plan_als_memory(const als_sizes& sizes, std::uint64_t budget);

}  // namespace recokit::inline RECOKIT_ABI::kernels
