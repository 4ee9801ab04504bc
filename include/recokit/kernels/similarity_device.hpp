// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest neighbours by what rows share, on a backend with memory of its own.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/kernels/pair_measures.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Every measure of neighbors/similarity.hpp. What it points to is in host memory, one number a
/// row.
using row_measure = std::variant<pair_measures::product_measure<pair_measures::pair_count>,
                                 pair_measures::product_measure<pair_measures::pair_dot>,
                                 pair_measures::ratio_measure, pair_measures::euclidean_measure,
                                 pair_measures::common_measure>;

/// What item_similarity does, on a device.
class similarity_device {
 public:
  similarity_device() = default;
  virtual ~similarity_device() = default;
  similarity_device(const similarity_device&) = delete;
  similarity_device& operator=(const similarity_device&) = delete;

  /// For every row i of `vectors` the k rows j ≠ i with the largest measure(i, j, sums of the pair)
  /// among those that share at least minimum_common columns with i.
  ///
  /// @param transposed of `vectors`
  /// @param cancelled  asked between pieces of work; true leaves rows unfinished
  /// @returns rows × rows, each row in ascending order of index: the bits of item_similarity, but
  ///          for an amplification, whose power may round differently, and −0, which becomes 0
  /// @throws value_error for k above 1024, memory_error, backend_error
  virtual csr_matrix<> neighbors(const csr_view<>& vectors, const csr_view<>& transposed,
                                 const row_measure& measure, std::size_t k,
                                 std::int64_t minimum_common,
                                 const std::function<bool()>& cancelled) = 0;
  /// The same by walks; of the two matrices the one has the steps, the other no values.
  virtual csr_matrix<> neighbors(const csr_view<double>& vectors,
                                 const csr_view<double>& transposed,
                                 const pair_measures::walk_measure& measure, std::size_t k,
                                 const std::function<bool()>& cancelled) = 0;
};

/// What a device does at a time; 0 leaves it to the device.
struct similarity_limits {
  std::uint64_t shared_bytes = 0;  ///< a block's sums and lists; default half of what it can have
  std::int64_t row_work = 0;       ///< entries that one block meets before a row is split
  std::int64_t batch_rows = 0;     ///< rows whose neighbours are held at once
};

/// Where the neighbours of a policy are found; null: on the host.
inline std::unique_ptr<similarity_device> make_similarity_device(const cpu&) noexcept {
  return nullptr;
}
/// Implemented in recokit::cuda. For one thread at a time. Every precision gives the same bits.
///
/// A block has a row: it adds up in shared memory what each entry of the row meets, Σ over the
/// entries of the length of their rows of the transpose, for as many columns at a time as fit, and
/// takes the k best from there. Rows of very much work are split by columns. Each pair is added up
/// from either side, in ascending order of the columns that it shares.
///
/// Device memory: 8 bytes an interaction and orientation (4 without values, 12 with steps of
/// walks), 8 a row and column, 16 a row, and 8 a neighbour of the rows of a batch. Time beside the
/// additions: rows² looks at a sum.
/// @throws value_error for a context of another device, backend_error
std::unique_ptr<similarity_device> make_similarity_device(const cuda& policy,
                                                          const similarity_limits& limits = {});

}  // namespace recokit::inline RECOKIT_ABI::kernels
