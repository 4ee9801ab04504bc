// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_score_top_k.hpp>

#include "kernels/device_factors.hpp"
#include "kernels/multiply.hpp"
#include "kernels/top_k.hpp"
#include "runtime/policy_context.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {
namespace {

namespace ck = cuda_kernels;

static_assert(most_cuda_top_k == ck::most_top_k);

/// The rows of `from` that are asked for, one after the other.
row_major_matrix<float> taken(const row_major_matrix<float>& from, std::span<const index_t> which) {
  row_major_matrix<float> rows(static_cast<Eigen::Index>(which.size()), from.cols());
  for (std::size_t n = 0; n < which.size(); ++n) {
    rows.row(static_cast<Eigen::Index>(n)) = from.row(which[n]);
  }
  return rows;
}

class ranking {
 public:
  ranking(const cuda& policy, const row_major_matrix<float>& items, const item_filter& filter,
          int k)
      : context_(policy),
        here_(context_.device().ordinal),
        stream_(context_.state().stream()),
        tf32_(policy.precision == cuda_precision::tf32),
        width_(static_cast<std::uint32_t>(items.cols())),
        stride_(ck::padded_width(width_)),
        k_(k),
        type_(ck::storage_of(policy.precision)),
        host_(items),
        flags_(filter.flags(), stream_) {}

  /// Items that the device has room for at a time.
  std::int64_t room() const {
    const std::uint64_t row = std::uint64_t{stride_} * ck::bytes_of(type_);
    return static_cast<std::int64_t>(std::clamp<std::uint64_t>(
        context_.state().data_bytes() / row, 1,
        static_cast<std::uint64_t>(std::max<Eigen::Index>(host_.rows(), 1))));
  }

  /// Brings items [first, first + count) in the place of those before.
  void load(std::int64_t first, std::int64_t count) {
    items_.reset();
    items_ = std::make_unique<ck::device_factors>(count, stride_, type_, stream_);
    items_->upload(host_.data() + first * width_, width_, context_.state());
    first_ = first;
  }

  /// Lists of `queries`, into places `first` … of `lists`; what is there came from items before
  /// those that are loaded.
  void rank(const row_major_matrix<float>& queries, std::span<const index_t> which,
            const csr_view<>* seen, std::int64_t columns, ranked_lists& lists, std::size_t first) {
    const std::int64_t rows = queries.rows();
    const ck::factor_array items = items_->array();
    ck::device_factors left(rows, stride_, items.type, stream_);
    left.upload(queries.data(), width_, context_.state());
    ck::top_k_filter filter{};
    if (flags_.size() != 0) filter.allowed = flags_.data();
    ck::device_buffer<std::int64_t> seen_offsets(0);
    ck::device_buffer<std::int32_t> seen_items(0);
    if (seen != nullptr) {
      const csr_matrix<> history = gather_rows(seen->pattern(), which);
      seen_offsets = {history.view().offsets(), stream_};
      seen_items = {history.view().indices(), stream_};
      filter.seen_offsets = seen_offsets.data();
      filter.seen_items = seen_items.data();
    }
    ck::device_arena::scope scope(context_.state().scratch());
    const auto places = static_cast<std::size_t>(rows) * static_cast<std::size_t>(k_);
    float* const scores =
        scope.allocate<float>("tile of scores", static_cast<std::uint64_t>(rows * columns));
    auto* const found = scope.allocate<std::int32_t>("lists of items", places);
    float* const best = scope.allocate<float>("lists of scores", places);
    std::vector<std::int32_t> host_items(places, -1);
    std::vector<float> host_scores(places, 0.0f);
    if (first_ > 0) {
      for (std::size_t q = 0; q < which.size(); ++q) {
        std::size_t at = q * static_cast<std::size_t>(k_);
        for (const auto& entry : lists[first + q]) {
          host_items[at] = entry.item;
          host_scores[at++] = entry.score;
        }
      }
      ck::copy_to_device(found, host_items.data(), places * sizeof(std::int32_t), stream_);
      ck::copy_to_device(best, host_scores.data(), places * sizeof(float), stream_);
    }
    for (std::int64_t from = 0; from < items.rows; from += columns) {
      const std::int64_t count = std::min(columns, items.rows - from);
      const auto* const tile = static_cast<const unsigned char*>(items.data) +
                               static_cast<std::size_t>(from) * stride_ * ck::bytes_of(items.type);
      ck::multiply(context_.state().blas(), rows, count, stride_, 1,
                   {left.array().data, items.type, stride_}, {tile, items.type, stride_, true},
                   scores, columns, tf32_);
      ck::top_k({scores, rows, count, columns, first_ + from}, k_, found, best, stream_, filter,
                first_ + from > 0);
    }
    ck::copy_to_host(host_items.data(), found, places * sizeof(std::int32_t), stream_);
    ck::copy_to_host(host_scores.data(), best, places * sizeof(float), stream_);
    std::vector<scored_item<>> list;
    for (std::size_t q = 0; q < which.size(); ++q) {
      list.clear();
      for (std::size_t n = q * static_cast<std::size_t>(k_);
           n < (q + 1) * static_cast<std::size_t>(k_) && host_items[n] >= 0; ++n) {
        list.push_back({host_items[n], host_scores[n]});
      }
      lists.assign(first + q, list);
    }
  }

 private:
  ck::policy_context context_;
  ck::current_device here_;
  ck::stream_t stream_;
  bool tf32_;
  std::uint32_t width_;
  std::uint32_t stride_;
  int k_;
  ck::storage type_;
  const row_major_matrix<float>& host_;
  std::unique_ptr<ck::device_factors> items_;
  std::int64_t first_ = 0;  // item of its first row
  ck::device_buffer<unsigned char> flags_;
};

}  // namespace

ranked_lists score_top_k(const cuda& policy, const row_major_matrix<float>& queries,
                         std::span<const index_t> which, const csr_view<>* seen,
                         const row_major_matrix<float>& items, const item_filter& filter, int k,
                         std::int64_t tile_scores) {
  if (k > most_cuda_top_k) {
    throw value_error("options.k", std::to_string(k), "must be at most 1024 on a GPU");
  }
  if (items.cols() > ck::most_width) {
    throw value_error("columns of the factors", std::to_string(items.cols()),
                      "must be in [1, 4096] on a GPU");
  }
  ranked_lists lists(which.size(), static_cast<std::size_t>(std::max(k, 0)));
  if (k <= 0) return lists;
  ranking ranking(policy, items, filter, k);
  if (which.empty() || items.rows() == 0) return lists;
  // All items that are loaded at once where a thousand queries leave room for it, else tiles.
  constexpr std::int64_t least_queries = 1024;
  const std::int64_t columns =
      std::clamp<std::int64_t>(tile_scores / least_queries, 1, items.rows());
  const std::int64_t rows = std::max<std::int64_t>(tile_scores / columns, 1);
  const std::int64_t part = ranking.room();
  for (std::int64_t item = 0; item < items.rows(); item += part) {
    ranking.load(item, std::min<std::int64_t>(part, items.rows() - item));
    for (std::int64_t first = 0; first < std::ssize(which); first += rows) {
      const auto some = which.subspan(
          static_cast<std::size_t>(first),
          static_cast<std::size_t>(std::min<std::int64_t>(rows, std::ssize(which) - first)));
      ranking.rank(taken(queries, some), some, seen, columns, lists,
                   static_cast<std::size_t>(first));
    }
  }
  return lists;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
