// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a row and its entries mean, for every kernel that solves rows.
#pragma once

#include "kernels/factor_access.cuh"
#include "kernels/row_system.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// What holds for a whole row.
struct row_facts {
  std::int64_t begin;
  std::int64_t end;
  float scale;
  float ridge;
  float bias_ridge;
};

RECOKIT_DEVICE row_facts facts_of(const row_system& s, std::uint32_t row) {
  row_facts facts;
  facts.begin = s.entries.offsets[row];
  facts.end = s.entries.offsets[row + 1];
  facts.scale = s.row_scales == nullptr ? 1.0f : s.row_scales[row];
  const float size = static_cast<float>(facts.end - facts.begin) + s.ridge_offset * facts.scale;
  const float grown = s.ridge_exponent == 1.0f ? size : simt::pow(size, s.ridge_exponent);
  facts.ridge = s.ridge_scale * grown;
  facts.bias_ridge = s.bias_ridge_scale * grown;
  return facts;
}

/// With R the rows h of the entries times their roots, the entries add RᵀR to the system and Rᵀz to
/// the right side, and loose · h for one whose weight is 0.
struct entry_terms {
  std::uint32_t column;
  float root;
  float z;
  float loose;
};

RECOKIT_DEVICE entry_terms entry_of(const row_system& s, const row_facts& row, std::int64_t at) {
  entry_terms entry;
  entry.column = s.entries.columns[at - s.entries.first];
  const float value = s.entries.values == nullptr ? 1.0f : s.entries.values[at - s.entries.first];
  entry.loose = 0;
  if (s.rated) {
    entry.root = 1;
    entry.z = value - load_factor(s.fixed, entry.column, s.other_column) - s.shift;
    return entry;
  }
  const bool disliked = (simt::bits_of(value) & 0x8000'0000u) != 0;
  const float weight = disliked ? -value : value;
  float target = 0;
  if (!disliked) {
    target = value;
    if (s.target_base != 0) {
      const float column = s.column_scales == nullptr ? 1.0f : s.column_scales[entry.column];
      target += s.target_base * row.scale * column;
    }
  }
  entry.root = simt::sqrt(weight);
  entry.z = weight > 0 ? target / entry.root : 0.0f;
  if (!(weight > 0)) entry.loose = target;
  return entry;
}

/// Whether a column is one of the regression; others have 1 on the diagonal and solve to 0.
RECOKIT_DEVICE bool takes_part(const row_system& s, std::uint32_t column) {
  if (column >= s.width) return false;
  if (!s.rated) return true;
  return column != s.other_column && (s.has_bias || column != s.bias_column);
}

/// Four columns of h.
RECOKIT_DEVICE quad load_entry(const row_system& s, std::uint32_t row, std::uint32_t column) {
  quad h = load_quad(s.fixed, row, column);
  if (s.rated) {
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < 4; ++i) {
      if (!takes_part(s, column + i)) h.of[i] = 0;
    }
  }
  return h;
}

/// The ridge of a column that takes part, 1 of another.
RECOKIT_DEVICE float ridge_of(const row_system& s, const row_facts& row, std::uint32_t column) {
  if (!takes_part(s, column)) return 1;
  return s.rated && column == s.bias_column ? row.bias_ridge : row.ridge;
}

/// The diagonal of the system without entries, where the Gram matrix is diagonal.
RECOKIT_DEVICE float diagonal_of(const row_system& s, const row_facts& row, std::uint32_t column) {
  const float ridge = ridge_of(s, row, column);
  if (s.spectrum == nullptr || !takes_part(s, column)) return ridge;
  return row.scale * s.spectrum[column] + ridge;
}

/// A column of the solved row from the solution x of its system.
RECOKIT_DEVICE void write_solution(const row_system& s, std::uint32_t row, std::uint32_t column,
                                   float x) {
  if (column >= s.width) x = 0;
  if (s.rated && column == s.other_column) x = 1;
  if (s.rated && column == s.bias_column) x = s.shift + (s.has_bias ? x : 0.0f);
  store_factor(s.solved, row, column, x);
}

/// Adds the values of all threads; all get the sum. `scratch` holds a float a warp, and is free
/// again when a thread returns. The order depends on the size of the block alone.
RECOKIT_DEVICE float block_sum(float value, float* scratch) {
  RECOKIT_UNROLL
  for (std::uint32_t distance = simt::warp_size / 2; distance > 0; distance /= 2) {
    value += simt::shfl_xor(simt::full_mask, value, distance);
  }
  if (simt::lane_index() == 0) scratch[simt::warp_index()] = value;
  simt::block_sync();
  const std::uint32_t warps = simt::block_size() / simt::warp_size;
  float sum = 0;
  for (std::uint32_t w = 0; w < warps; ++w) sum += scratch[w];
  simt::block_sync();
  return sum;
}

/// The same within a warp.
RECOKIT_DEVICE float warp_sum(float value) {
  RECOKIT_UNROLL
  for (std::uint32_t distance = simt::warp_size / 2; distance > 0; distance /= 2) {
    value += simt::shfl_xor(simt::full_mask, value, distance);
  }
  return value;
}

}  // namespace recokit::cuda_kernels
