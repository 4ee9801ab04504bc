// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/entry_feed.hpp"

#include <algorithm>
#include <cstring>

namespace recokit::cuda_kernels {

entry_feed::entry_feed(std::uint64_t entries, bool with_values, std::size_t staging)
    : slots_{slot(entries, with_values), slot(entries, with_values)},
      pieces_{piece(staging / 2), piece(staging / 2)} {}

sparse_rows entry_feed::bring(const csr_view<>& matrix, const row_batch& batch,
                              const std::int64_t* offsets, stream_t stream) {
  slot& to = slots_[next_slot_];
  const auto first = static_cast<std::size_t>(batch.begin);
  const auto count = static_cast<std::size_t>(batch.end - batch.begin);
  to.free.hold(copies_.get());
  // Ids are not negative, so they are the same bits without a sign.
  send(to.columns.data(), matrix.indices().data() + first, count * sizeof(std::uint32_t));
  if (matrix.has_values()) {
    send(to.values.data(), matrix.values().data() + first, count * sizeof(float));
  }
  to.arrived.record(copies_.get());
  to.arrived.hold(stream);
  return {offsets, to.columns.data(), matrix.has_values() ? to.values.data() : nullptr,
          batch.begin};
}

void entry_feed::used(stream_t stream) {
  slots_[next_slot_].free.record(stream);
  next_slot_ = 1 - next_slot_;
}

void entry_feed::send(void* device, const void* host, std::size_t bytes) {
  const std::size_t most = pieces_[0].memory.size();
  for (std::size_t done = 0; done < bytes; done += most) {
    piece& through = pieces_[next_piece_];
    next_piece_ = 1 - next_piece_;
    const std::size_t count = std::min(most, bytes - done);
    through.sent.wait();
    std::memcpy(through.memory.data(), static_cast<const char*>(host) + done, count);
    start_copy_to_device(static_cast<char*>(device) + done, through.memory.data(), count,
                         copies_.get());
    through.sent.record(copies_.get());
  }
}

}  // namespace recokit::cuda_kernels
