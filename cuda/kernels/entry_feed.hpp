// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Interactions that are larger than the device, brought there in batches of rows while the
/// batch before is being worked on.
#pragma once

#include "kernels/row_plan.hpp"
#include "kernels/row_system.hpp"
#include "runtime/memory.hpp"
#include "runtime/transfer.hpp"

#include <recokit/core/csr.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace recokit::cuda_kernels {

/// Two slots on the device, filled in turn on a stream of their own, through two pieces of pinned
/// memory of the host.
class entry_feed {
 public:
  /// Of pinned memory, in two halves.
  static constexpr std::size_t staging_bytes = std::size_t{32} << 20;

  /// @param entries of the largest batch @param with_values whether any matrix has values
  /// @throws backend_error
  entry_feed(std::uint64_t entries, bool with_values, std::size_t staging = staging_bytes);

  /// Entries of a batch where the work of `stream` from now on finds them; `offsets` are those of
  /// the whole matrix, on the device. Copies start once what was done with the slot before is over.
  /// @throws backend_error
  sparse_rows bring(const csr_view<>& matrix, const row_batch& batch, const std::int64_t* offsets,
                    stream_t stream);
  /// Says that the work given to `stream` so far is all that reads the batch brought last.
  void used(stream_t stream);

 private:
  struct slot {
    slot(std::uint64_t entries, bool with_values)
        : columns(entries), values(with_values ? entries : 0) {}
    device_buffer<std::uint32_t> columns;
    device_buffer<float> values;
    event arrived;
    event free;
  };
  struct piece {
    explicit piece(std::size_t bytes) : memory(bytes) {}
    pinned_buffer memory;
    event sent;
  };

  void send(void* device, const void* host, std::size_t bytes);

  // Last to be made, first to go: its work is over before what it uses is given back.
  std::array<slot, 2> slots_;
  std::array<piece, 2> pieces_;
  own_stream copies_;
  std::size_t next_slot_ = 0;
  std::size_t next_piece_ = 0;
};

}  // namespace recokit::cuda_kernels
