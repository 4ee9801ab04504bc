// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "negative_draws.hpp"

#include <recokit/core/column_counts.hpp>

#include <cmath>
#include <numeric>

namespace recokit::inline RECOKIT_ABI::detail {

negative_source::negative_source(const cpu& policy, pairwise::negatives kind, double exponent,
                                 double rank, const csr_view<>& history)
    : kind_(kind), rank_(rank) {
  if (kind != pairwise::negatives::popularity) return;
  // An item without users counts as one with one, so that it can be drawn at all.
  for (const std::int64_t count : column_counts(policy, history)) {
    weights_.push_back(std::pow(static_cast<double>(std::max<std::int64_t>(count, 1)), exponent));
  }
}

void negative_source::begin_epoch(const cpu& policy, const pair_bands& bands,
                                  const factor_block& rows) {
  if (kind_ == pairwise::negatives::adaptive) sort_factors(policy, bands, rows);
  if (kind_ != pairwise::negatives::popularity) return;
  const auto table_of = [&](std::int64_t band) {
    std::vector<double> weights;
    for (const index_t item : bands.items_of(band)) {
      weights.push_back(weights_[static_cast<std::size_t>(item)]);
    }
    return alias_table(weights);
  };
  tables_.resize(static_cast<std::size_t>(bands.item_bands()), table_of(0));
  run_blocks(policy, bands.item_bands(),
             [&](std::int64_t band) { tables_[static_cast<std::size_t>(band)] = table_of(band); });
}

bool negative_source::due(const pair_bands& bands, std::int64_t samples) {
  if (kind_ != pairwise::negatives::adaptive) return false;
  // As often as in the paper: sorting then costs as much a sample as the step itself.
  const auto items = static_cast<double>(bands.first_item(bands.item_bands()));
  since_ += samples;
  return static_cast<double>(since_) >= items * std::log2(items + 1);
}

void negative_source::sort_factors(const cpu& policy, const pair_bands& bands,
                                   const factor_block& rows) {
  since_ = 0;
  const auto items = static_cast<std::size_t>(bands.first_item(bands.item_bands()));
  const auto width = static_cast<std::size_t>(rows.width);
  orders_.resize(items * width);
  run_blocks(policy, bands.item_bands(), [&](std::int64_t band) {
    const auto members = bands.items_of(band);
    std::uint32_t* order =
        orders_.data() + static_cast<std::size_t>(bands.first_item(band)) * width;
    std::vector<float> values(members.size());
    for (std::size_t f = 0; f < width; ++f, order += members.size()) {
      for (std::size_t n = 0; n < members.size(); ++n) {
        values[n] = rows.items[static_cast<std::size_t>(members[n]) * width + f];
      }
      std::iota(order, order + members.size(), 0u);
      std::sort(order, order + members.size(), [&](std::uint32_t a, std::uint32_t b) {
        return values[a] != values[b] ? values[a] > values[b] : a < b;
      });
    }
  });
  spread_.assign(width, 0.0);
  parallel_for(policy, rows.width, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto f = static_cast<std::size_t>(begin); std::cmp_less(f, end); ++f) {
      double sum = 0;
      double squares = 0;
      for (std::size_t i = 0; i < items; ++i) {
        const auto x = static_cast<double>(rows.items[i * width + f]);
        sum += x;
        squares += x * x;
      }
      const double mean = sum / static_cast<double>(items);
      spread_[f] = std::sqrt(std::max(0.0, squares / static_cast<double>(items) - mean * mean));
    }
  });
}

void negative_source::for_user::begin(const negative_source& source, const pair_bands& bands,
                                      std::int64_t band, const float* user) {
  source_ = &source;
  user_ = user;
  const std::size_t width = source.spread_.size();
  order_ = source.orders_.data() + static_cast<std::size_t>(bands.first_item(band)) * width;
  size_ = static_cast<std::uint32_t>(bands.items_of(band).size());
  share_.resize(width);
  double sum = 0;
  for (std::size_t f = 0; f < width; ++f) {
    sum += std::abs(static_cast<double>(user[f])) * source.spread_[f];
    share_[f] = sum;
  }
}

std::uint32_t negative_source::for_user::operator()(random_stream& random) const {
  const double at = random.uniform() * share_.back();
  const auto f = std::min(
      static_cast<std::size_t>(std::upper_bound(share_.begin(), share_.end(), at) - share_.begin()),
      share_.size() - 1);
  // Geometric in the rank, cut off at the size of the band.
  const double mean = std::max(source_->rank_ * size_, 1e-3);
  const double all = -std::expm1(-static_cast<double>(size_) / mean);
  const double drawn = -mean * std::log1p(-random.uniform() * all);
  const auto rank = std::min(static_cast<std::uint32_t>(drawn), size_ - 1);
  return order_[f * size_ + (user_[f] > 0 ? rank : size_ - 1 - rank)];
}

}  // namespace recokit::inline RECOKIT_ABI::detail
