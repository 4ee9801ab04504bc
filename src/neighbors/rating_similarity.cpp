// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/neighbors/rating_similarity.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

bool full_norms(rating_measure measure) {
  return measure == rating_measure::cosine_full ||
         measure == rating_measure::adjusted_cosine_full ||
         measure == rating_measure::centered_cosine_full;
}

// Adds terms(a, b), Width numbers, to the sums of every row that shares an entry.
template <std::size_t Width, class Terms>
void accumulate(std::span<const index_t> others, std::span<const float> values,
                const csr_view<>& by_other, std::vector<double>& sums, const Terms& terms) {
  sums.assign(static_cast<std::size_t>(by_other.cols()) * Width, 0.0);
  double* const first = sums.data();
  for (std::size_t n = 0; n < others.size(); ++n) {
    const auto row = by_other.row(others[n]);
    const double a = values[n];
    const index_t* const indices = row.indices.data();
    const float* const ratings = row.values.data();
    for (std::size_t m = 0; m < row.size(); ++m) {
      double* const sum = first + static_cast<std::size_t>(indices[m]) * Width;
      const std::array<double, Width> added = terms(a, double{ratings[m]});
      for (std::size_t w = 0; w < Width; ++w) sum[w] += added[w];
    }
  }
}

double ratio(double above, double below) { return below > 0 ? above / below : 0; }

// n² times the variance; 0 where rounding alone keeps it from 0.
double spread(double n, double sum, double squares) {
  const double value = n * squares - sum * sum;
  return value > 1e-12 * n * squares ? value : 0;
}

}  // namespace

rating_similarity::rating_similarity(const rating_similarity_options& options,
                                     csr_matrix<> by_other)
    : options_(options), by_other_(std::move(by_other)) {
  if (!full_norms(options_.measure)) return;
  norms_.assign(static_cast<std::size_t>(size()), 0);
  const auto view = by_other_.view();
  for (std::size_t n = 0; n < view.values().size(); ++n) {
    const double value = view.values()[n];
    norms_[static_cast<std::size_t>(view.indices()[n])] += value * value;
  }
  for (double& norm : norms_) norm = std::sqrt(norm);
}

void rating_similarity::compare(std::span<const index_t> others, std::span<const float> values,
                                std::span<double> similarities, std::vector<double>& sums) const {
  const auto view = by_other_.view();
  // Sums stand as n, then those of the measure; a similarity is made of one group of them.
  const auto finish = [&]<std::size_t Width>(const auto& similarity) {
    int support = options_.min_support;
    if (options_.measure == rating_measure::pearson_baseline) support = std::max(support, 2);
    const double least = std::max(support, 1);
    for (std::size_t x = 0; x < similarities.size(); ++x) {
      const double* const sum = sums.data() + x * Width;
      const double n = sum[0];
      double s = n >= least ? similarity(sum, x) : 0;
      if (s != 0) {
        if (options_.shrinkage > 0) s *= n / (n + options_.shrinkage);
        if (options_.significance > 0 && n < options_.significance) s *= n / options_.significance;
        if (options_.amplification != 1) {
          s = std::copysign(std::pow(std::abs(s), options_.amplification), s);
        }
      }
      similarities[x] = s;
    }
  };
  if (options_.measure == rating_measure::msd) {
    accumulate<2>(others, values, view, sums, [](double a, double b) {
      return std::array{1.0, (a - b) * (a - b)};
    });
    finish.operator()<2>([](const double* s, std::size_t) { return 1 / (s[1] / s[0] + 1); });
  } else if (options_.measure == rating_measure::pearson) {
    accumulate<6>(others, values, view, sums,
                  [](double a, double b) { return std::array{1.0, a, b, a * a, b * b, a * b}; });
    finish.operator()<6>([](const double* s, std::size_t) {
      const double below = std::sqrt(spread(s[0], s[1], s[3]) * spread(s[0], s[2], s[4]));
      return ratio(s[0] * s[5] - s[1] * s[2], below);
    });
  } else if (full_norms(options_.measure)) {
    double own = 0;
    for (const float value : values) own += double{value} * double{value};
    own = std::sqrt(own);
    accumulate<2>(others, values, view, sums, [](double a, double b) {
      return std::array{1.0, a * b};
    });
    finish.operator()<2>(
        [&](const double* s, std::size_t x) { return ratio(s[1], own * norms_[x]); });
  } else {
    accumulate<4>(others, values, view, sums, [](double a, double b) {
      return std::array{1.0, a * b, a * a, b * b};
    });
    const bool baseline = options_.measure == rating_measure::pearson_baseline;
    const double constant = options_.baseline_shrinkage;
    finish.operator()<4>([&](const double* s, std::size_t) {
      // Of integers the root of the product is exact for parallel rows, so that equals stay equal.
      if (!baseline) return ratio(s[1], std::sqrt(s[2] * s[3]));
      return ratio(s[1], std::sqrt(s[2]) * std::sqrt(s[3])) * (s[0] - 1) / (s[0] - 1 + constant);
    });
  }
}

std::int64_t rating_similarity::cost(std::span<const index_t> others) const noexcept {
  const auto offsets = by_other_.view().offsets();
  std::int64_t sum = 0;
  for (const index_t other : others) {
    const auto o = static_cast<std::size_t>(other);
    sum += offsets[o + 1] - offsets[o];
  }
  return sum;
}

}  // namespace recokit::inline RECOKIT_ABI
