// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of logistic_rows.hpp.
#pragma once

#include "kernels/draws.cuh"
#include "kernels/factor_array.hpp"
#include "kernels/logistic_rows.hpp"
#include "kernels/row_system.cuh"
#include "simt.hpp"

#include <recokit/kernels/pair_step.hpp>

namespace recokit::cuda_kernels {

/// Four warps: their sums of 4096 columns just fit the shared memory of the oldest architecture.
inline constexpr std::uint32_t logistic_threads = 128;

RECOKIT_DEVICE word_stream stream_of(const logistic_step::half_terms& terms, std::uint64_t row) {
  return {terms.seed, terms.purpose, terms.first | row};
}

RECOKIT_DEVICE bool holds_id(const std::uint32_t* ids, std::uint64_t count, std::uint32_t id) {
  const std::uint64_t at = first_that(count, [&](std::uint64_t n) { return ids[n] >= id; });
  return at < count && ids[at] == id;
}

/// What a lane draws ahead: whether its words give a draw without bias, and which row.
struct logistic_draw {
  bool valid;
  std::uint32_t id;
};

/// Draw `at` of a user: draw32 on word 2 + at. Two words before went to the number of negatives.
RECOKIT_DEVICE logistic_draw item_draw(const logistic_step::half_terms& terms, std::uint64_t row,
                                       std::uint64_t at, std::uint32_t items) {
  const auto draw = bounded(stream_word(stream_of(terms, row), 2 + at), items, bound_limit(items));
  return {draw.valid, draw.value};
}

/// Draw `at` of an item: the user of interaction random_stream::below(entries), words 2 + 2 · at.
RECOKIT_DEVICE logistic_draw user_draw(const logistic_step::half_terms& terms, std::uint64_t row,
                                       std::uint64_t at, const logistic_matrix& users) {
  const auto draw = bounded(double_word(stream_of(terms, row), 2 + 2 * at), users.entries,
                            bound_limit(users.entries));
  const auto entry = static_cast<std::int64_t>(draw.value);
  const std::uint64_t user =
      first_that(users.rows, [&](std::uint64_t u) { return users.offsets[u + 1] > entry; });
  return {draw.valid, static_cast<std::uint32_t>(user)};
}

/// sum += weight(score) · row of the other side. A lane keeps to its own columns.
template <class Weight>
RECOKIT_DEVICE void add_gradient(const float* row, const float* other, std::uint32_t stride,
                                 float* sum, const Weight& weight) {
  float score = 0;
  for (std::uint32_t f = simt::lane_index(); f < stride; f += simt::warp_size) {
    score = simt::fma(row[f], other[f], score);
  }
  const float scale = weight(warp_sum(score));
  for (std::uint32_t f = simt::lane_index(); f < stride; f += simt::warp_size) {
    sum[f] = simt::fma(scale, other[f], sum[f]);
  }
}

/// Negatives of a row, in the order of the CPU: lanes draw 32 ahead and look them up, then all
/// walk through them. Every warp draws all and takes every `warps`-th.
template <class Take>
RECOKIT_DEVICE void for_negatives(const logistic_step::half_terms& terms,
                                  const logistic_matrix& own, const logistic_matrix& others,
                                  std::uint64_t row, const Take& take) {
  const std::uint32_t* const ids = own.indices + own.offsets[row];
  const auto size = static_cast<std::uint64_t>(own.offsets[row + 1] - own.offsets[row]);
  if (size >= others.rows) return;
  const double expected = terms.neg_ratio * (terms.of_users ? static_cast<double>(size)
                                                            : static_cast<double>(own.entries) /
                                                                  static_cast<double>(own.rows));
  const auto count = static_cast<std::uint64_t>(
      logistic_step::negatives_of(expected, unit_double(double_word(stream_of(terms, row), 0))));
  const auto choices = static_cast<std::uint32_t>(others.rows);
  std::uint64_t done = 0;
  std::uint32_t misses = 0;
  for (std::uint64_t begin = 0; done < count; begin += simt::warp_size) {
    const std::uint64_t at = begin + simt::lane_index();
    const logistic_draw ahead =
        terms.of_users ? item_draw(terms, row, at, choices) : user_draw(terms, row, at, others);
    const std::uint32_t valid = simt::ballot(simt::full_mask, ahead.valid);
    const std::uint32_t taken =
        simt::ballot(simt::full_mask, ahead.valid && holds_id(ids, size, ahead.id));
    for (std::uint32_t lane = 0; lane < simt::warp_size && done < count; ++lane) {
      std::uint32_t id = simt::shfl(simt::full_mask, ahead.id, lane);
      if ((valid >> lane & 1) == 0) continue;
      if ((taken >> lane & 1) != 0) {
        if (!terms.of_users) {
          ++done;  // an item's negative that is none counts as drawn
          continue;
        }
        if (++misses < pair_step::most_misses) continue;
        while (holds_id(ids, size, id)) id = id + 1 == choices ? 0 : id + 1;
      }
      misses = 0;
      take(done++, id);
    }
  }
}

RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(logistic_threads, 1)
    logistic_rows_kernel(logistic_step::half_terms terms, logistic_matrix own,
                         logistic_matrix others, float* moving, float* squares, const float* fixed,
                         std::uint32_t stride, std::uint32_t* failed) {
  constexpr std::uint32_t warps = logistic_threads / simt::warp_size;
  const std::uint32_t warp = simt::warp_index();
  float* const sums = simt::shared_memory<float>();
  float* const sum = sums + warp * stride;
  for (std::uint64_t row = simt::block_index(); row < own.rows; row += simt::grid_size()) {
    const std::int64_t begin = own.offsets[row];
    const std::int64_t end = own.offsets[row + 1];
    if (terms.of_users && begin == end) continue;
    float* const values = moving + row * stride;
    for (std::uint32_t f = simt::lane_index(); f < stride; f += simt::warp_size) sum[f] = 0;
    for (std::int64_t n = begin + warp; n < end; n += warps) {
      const float weight = terms.confidence * (own.values == nullptr ? 1.0f : own.values[n]);
      add_gradient(values, fixed + std::uint64_t{own.indices[n]} * stride, stride, sum,
                   [&](float score) { return weight / (1 + simt::exp(score)); });
    }
    for_negatives(terms, own, others, row, [&](std::uint64_t n, std::uint32_t id) {
      if (n % warps != warp) return;
      add_gradient(values, fixed + std::uint64_t{id} * stride, stride, sum,
                   [](float score) { return -1 / (1 + simt::exp(-score)); });
    });
    simt::block_sync();
    const std::uint32_t one = terms.factors + (terms.of_users ? 1 : 0);
    const std::uint32_t last = terms.biases ? terms.factors + 2 : terms.factors;
    for (std::uint32_t f = simt::thread_index(); f < last; f += logistic_threads) {
      if (f == one) continue;
      float gradient = -terms.regularization * values[f];
      for (std::uint32_t w = 0; w < warps; ++w) gradient += sums[w * stride + f];
      const float square = simt::fma(gradient, gradient, squares[row * stride + f]);
      const float moved = values[f] + terms.rate * gradient / simt::sqrt(square);
      squares[row * stride + f] = square;
      values[f] = moved;
      if (!simt::finite(moved)) simt::atomic_min(failed, 0u);
    }
    simt::block_sync();  // the sums are taken up again by the next row
  }
}

inline void launch_logistic_rows(const logistic_step::half_terms& terms, const logistic_matrix& own,
                                 const logistic_matrix& others, float* moving, float* squares,
                                 const float* fixed, std::uint32_t stride, std::uint32_t* failed,
                                 stream_t stream) {
  require_range("stride", stride, terms.factors + 2, most_width,
                "must hold the factors and two biases, at most 4096");
  if (own.rows == 0 || own.entries == 0) return;
  const simt::launch_config config{
      .blocks = simt::blocks_for(own.rows, 1),
      .threads = logistic_threads,
      .shared_bytes = std::size_t{logistic_threads / simt::warp_size} * stride * sizeof(float),
      .stream = stream};
  simt::launch("logistic_rows", config, logistic_rows_kernel, terms, own, others, moving, squares,
               fixed, stride, failed);
}

}  // namespace recokit::cuda_kernels
