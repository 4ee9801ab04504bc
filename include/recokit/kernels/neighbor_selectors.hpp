// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One bounded top-k a row, filled by several threads in any order.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/scored_item.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The k best candidates of every row. Which k those are depends on the candidates alone, because
/// the order of ranks_before is total; so the result is the same for any schedule.
///
/// Each row grows with its candidates up to 2k entries of 8 bytes; then the worse half goes.
class neighbor_selectors {
 public:
  neighbor_selectors(std::size_t rows, std::size_t k)
      : k_(k),
        count_(rows),
        rows_(std::make_unique<row[]>(rows)),
        floors_(std::make_unique<std::atomic<float>[]>(rows)) {
    for (std::size_t r = 0; r < rows; ++r) {
      floors_[r].store(-std::numeric_limits<float>::infinity(), std::memory_order_relaxed);
    }
  }

  /// A score below this cannot enter the row any more.
  float floor(std::size_t r) const noexcept { return floors_[r].load(std::memory_order_relaxed); }

  /// Offers candidates that are new to the row.
  void push(std::size_t r, std::span<const scored_item<>> candidates) {
    row& into = rows_[r];
    const guard lock(into.busy);
    for (const auto& candidate : candidates) push_locked(r, into, candidate);
  }
  void push(std::size_t r, const scored_item<>& candidate) { push(r, std::span(&candidate, 1)); }
  /// Offers all candidates that a row will ever have; reorders them.
  void assign(std::size_t r, std::span<scored_item<>> candidates) {
    if (candidates.size() > k_) {
      std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(k_ - 1),
                       candidates.end(), by_rank{});
      candidates = candidates.first(k_);
    }
    rows_[r].best.assign(candidates.begin(), candidates.end());
  }

  /// rows × cols, each row in ascending order of index. Empties the selectors.
  /// @param order where row r goes: order[r], a permutation
  csr_matrix<> finish(const cpu& policy, std::span<const std::int64_t> order, std::int64_t cols) {
    struct arrays {
      std::vector<offset_t> offsets;
      std::unique_ptr<index_t[]> indices;
      std::unique_ptr<float[]> values;
    };
    const auto rows = static_cast<std::int64_t>(count_);
    parallel_for(policy, rows, 256, [&](std::int64_t begin, std::int64_t end) {
      for (auto r = static_cast<std::size_t>(begin); std::cmp_less(r, end); ++r) {
        prune(rows_[r]);
        std::sort(rows_[r].best.begin(), rows_[r].best.end(),
                  [](const auto& a, const auto& b) { return a.item < b.item; });
      }
    });
    auto owned = std::make_shared<arrays>();
    owned->offsets.assign(count_ + 1, 0);
    for (std::size_t r = 0; r < count_; ++r) {
      owned->offsets[static_cast<std::size_t>(order[r]) + 1] =
          static_cast<offset_t>(rows_[r].best.size());
    }
    for (std::size_t r = 0; r < count_; ++r) owned->offsets[r + 1] += owned->offsets[r];
    const auto total = static_cast<std::size_t>(owned->offsets[count_]);
    owned->indices = std::make_unique_for_overwrite<index_t[]>(total);
    owned->values = std::make_unique_for_overwrite<float[]>(total);
    parallel_for(policy, rows, 256, [&](std::int64_t begin, std::int64_t end) {
      for (auto r = static_cast<std::size_t>(begin); std::cmp_less(r, end); ++r) {
        auto at = static_cast<std::size_t>(owned->offsets[static_cast<std::size_t>(order[r])]);
        for (const auto& neighbor : rows_[r].best) {
          owned->indices[at] = neighbor.item;
          owned->values[at] = neighbor.score;
          ++at;
        }
        rows_[r].best = {};
      }
    });
    const auto view = csr_view<>::trusted(rows, cols, owned->offsets.data(), owned->indices.get(),
                                          owned->values.get());
    return {view, std::shared_ptr<const void>(std::move(owned))};
  }

 private:
  struct row {
    std::atomic_flag busy = ATOMIC_FLAG_INIT;
    std::vector<scored_item<>> best;
    scored_item<> threshold{0, 0};  // the k-th best of the last selection
    bool has_threshold = false;
  };
  // Held for a few instructions at a time, so a waiting thread spins.
  class guard {
   public:
    explicit guard(std::atomic_flag& flag) noexcept : flag_(flag) {
      while (flag_.test_and_set(std::memory_order_acquire)) {
      }
    }
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;
    ~guard() { flag_.clear(std::memory_order_release); }

   private:
    std::atomic_flag& flag_;
  };

  void push_locked(std::size_t r, row& into, const scored_item<>& candidate) {
    if (into.has_threshold && !ranks_before(candidate, into.threshold)) return;
    if (into.best.size() == into.best.capacity()) {
      into.best.reserve(std::min(2 * k_, std::max<std::size_t>(8, 2 * into.best.size())));
    }
    into.best.push_back(candidate);
    if (into.best.size() < 2 * k_) return;
    prune(into);
    floors_[r].store(into.threshold.score, std::memory_order_relaxed);
  }
  void prune(row& in) {
    if (in.best.size() <= k_) return;
    std::nth_element(in.best.begin(), in.best.begin() + static_cast<std::ptrdiff_t>(k_ - 1),
                     in.best.end(), by_rank{});
    in.best.resize(k_);
    in.threshold = in.best[k_ - 1];
    in.has_threshold = true;
  }

  std::size_t k_;
  std::size_t count_;
  std::unique_ptr<row[]> rows_;
  std::unique_ptr<std::atomic<float>[]> floors_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
