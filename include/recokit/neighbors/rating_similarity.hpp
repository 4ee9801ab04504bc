// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Similarities of users (or items) by their ratings, one row at a time, never all pairs.
#pragma once

#include <recokit/core/csr.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How alike two users (or two items) x and x' are. Sums run over what both have rated (or been
/// rated by), n in number, with ratings a and b. Norms are over the same sums, but for the measures
/// named full: theirs are over all ratings of x and of x', so that few common ones mean little.
enum class rating_measure {
  msd,      ///< 1 / (1 + mean of (a − b)²)
  cosine,   ///< Σ ab / √(Σ a² Σ b²)
  pearson,  ///< correlation of a and b
  /// Σ ab / √(Σ a² Σ b²) · (n − 1) / (n − 1 + baseline_shrinkage) of ratings less their bias
  /// baseline; 0 for n = 1. Koren, TKDD 2010.
  pearson_baseline,
  cosine_full,  ///< Σ ab / (|x| |x'|)
  /// cosine of ratings less the mean of the other side: for items less the user's mean (Sarwar et
  /// al., WWW'01), for users less the item's mean
  adjusted_cosine,
  adjusted_cosine_full,  ///< the same with full norms
  centered_cosine_full,  ///< cosine of ratings less the mean of x or x' itself, full norms
};

/// Names of the values of rating_measure, in order.
constexpr std::array<std::string_view, 8> enum_names(rating_measure) {
  return {"msd",
          "cosine",
          "pearson",
          "pearson_baseline",
          "cosine_full",
          "adjusted_cosine",
          "adjusted_cosine_full",
          "centered_cosine_full"};
}

/// A measure and what damps it, in this order of application.
struct rating_similarity_options {
  rating_measure measure = rating_measure::msd;
  /// Fewer common ratings give similarity 0; pearson_baseline asks for at least 2.
  int min_support = 1;
  double baseline_shrinkage = 100;  ///< of pearson_baseline alone
  double shrinkage = 0;             ///< times n / (n + shrinkage)
  int significance = 0;             ///< above 0: times min(n, significance) / significance
  double amplification = 1;         ///< sign(s) |s|^amplification
};

/// Similarities of one row to all, from dense sums over the transposed matrix.
///
/// Equal for (x, x') and (x', x), bit for bit. Σ_y n_y for the y of a row, time; scratch: 16 to 48
/// bytes a row of the matrix.
class rating_similarity {
 public:
  /// Of nothing.
  rating_similarity() = default;
  /// @param by_other other side × rows, with values: what the measure compares (see the shifts of
  ///                 rating_knn), such as items × users for similarities of users
  rating_similarity(const rating_similarity_options& options, csr_matrix<> by_other);

  /// Rows that there are similarities of.
  index_t size() const noexcept { return by_other_.cols(); }

  /// Writes the similarity of a row with these (ascending) entries to each row; the row itself is
  /// not left out. @param sums scratch, reused between calls
  void compare(std::span<const index_t> others, std::span<const float> values,
               std::span<double> similarities, std::vector<double>& sums) const;

  /// Multiply-adds that the row with these entries takes.
  std::int64_t cost(std::span<const index_t> others) const noexcept;

 private:
  rating_similarity_options options_;
  csr_matrix<> by_other_;
  std::vector<double> norms_;  // full measures only
};

}  // namespace recokit::inline RECOKIT_ABI
