// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_nearest_rows.hpp>

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/centred_strips.hpp>

#include "kernels/exact_neighbors.hpp"
#include "kernels/multiply.hpp"
#include "kernels/top_k.hpp"
#include "runtime/policy_context.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {
namespace {

namespace ck = cuda_kernels;

static_assert(most_cuda_neighbors == ck::most_top_k);

/// Why the candidates hold the neighbours: distance_error bounds v = ∓½‖a‖² ∓ ½‖b‖² ± a·b for any
/// order in which cuBLAS adds the products, and the candidate's half, which top_k adds in single
/// precision; the query's half comes in double. What top_k left out has at most the bound of the
/// last it kept, and exact_neighbors asks whether that is too far away.
template <class Scalar>
class device_search {
 public:
  device_search(const cuda& policy, const neighbor_problem<dense_view<Scalar>>& problem,
                std::int64_t tile_pairs)
      : problem_(problem),
        host_(recokit::detail::host_of(policy)),
        moved_(centring_of(host_, problem)),
        error_(problem.points.cols()),
        context_(policy),
        here_(context_.device().ordinal),
        stream_(context_.state().stream()),
        scope_(context_.state().scratch()),
        k_(static_cast<std::int64_t>(problem.k)),
        count_(std::ssize(problem.among)),
        columns_(problem.points.cols()),
        stride_((std::max<std::int64_t>(columns_, 1) + 3) / 4 * 4),
        window_(std::min({count_, ck::most_top_k, k_ + k_ / 2 + 32})),
        // All candidates at once where a thousand queries leave room for it, else tiles of them.
        tile_columns_(std::clamp<std::int64_t>(tile_pairs / 1024, 1, count_)),
        tile_rows_(
            std::clamp<std::int64_t>(tile_pairs / tile_columns_, 1, std::ssize(problem.queries))) {
    upload_rows();
    const auto rows = static_cast<std::uint64_t>(tile_rows_);
    found_ = scope_.allocate<std::int32_t>("neighbours", rows * problem.k);
    squared_ = scope_.allocate<double>("squared distances", rows * problem.k);
    open_ = scope_.allocate<unsigned char>("flags of queries", rows);
    numbers_ = scope_.allocate<std::int32_t>("queries that are not settled", rows);
    if (moved_.works) prepare_bounds();
  }

  neighbor_table run() {
    neighbor_table table = table_for(problem_);
    const std::int64_t queries = std::ssize(problem_.queries);
    for (std::int64_t first = 0; first < queries; first += tile_rows_) {
      search(first, std::min(tile_rows_, queries - first), table);
    }
    return table;
  }

 private:
  template <class T>
  T* upload(const char* what, std::span<const T> host) {
    T* const device = scope_.allocate<T>(what, host.size());
    ck::copy_to_device(device, host.data(), host.size_bytes(), stream_);
    return device;
  }

  // Rows that are asked for, one after the other; 64 MiB at a time.
  Scalar* upload(const char* what, const dense_view<Scalar>& rows, std::span<const index_t> which) {
    const auto columns = static_cast<std::size_t>(columns_);
    Scalar* const device = scope_.allocate<Scalar>(what, which.size() * columns);
    const std::size_t part =
        std::max<std::size_t>((std::size_t{1} << 26) / sizeof(Scalar) / (columns + 1), 1);
    std::vector<Scalar> staging(std::min(part, which.size()) * columns);
    for (std::size_t first = 0; first < which.size(); first += part) {
      const auto some = which.subspan(first, std::min(part, which.size() - first));
      parallel_for(host_, std::ssize(some), 1024, [&](std::int64_t begin, std::int64_t end) {
        for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
          std::copy_n(rows.row(some[n]), columns, staging.data() + n * columns);
        }
      });
      ck::copy_to_device(device + first * columns, staging.data(),
                         some.size() * columns * sizeof(Scalar), stream_);
    }
    return device;
  }

  void upload_rows() {
    const auto& among = problem_.among;
    points_ = upload("rows that can be neighbours", problem_.points, among);
    bool inside = problem_.leaves_self_out;  // whether all queries are candidates
    if (problem_.leaves_self_out) {
      std::vector<std::int32_t> self(problem_.queries.size(), -1);
      for (std::size_t q = 0; q < self.size(); ++q) {
        const auto at = std::lower_bound(among.begin(), among.end(), problem_.queries[q]);
        const bool found = at != among.end() && *at == problem_.queries[q];
        if (found) self[q] = static_cast<std::int32_t>(at - among.begin());
        inside = inside && found;
      }
      self_ = upload<std::int32_t>("places of queries", self);
    }
    asked_ = inside ? points_ : upload("rows asked for", problem_.asked, problem_.queries);
    at_ = inside ? self_ : nullptr;
  }

  void prepare_bounds() {
    const auto rows = static_cast<std::uint64_t>(tile_rows_);
    const auto stride = static_cast<std::uint64_t>(stride_);
    const auto window = static_cast<std::uint64_t>(window_);
    const bool nearest = problem_.order == neighbor_order::nearest;
    // As in centred_strips: it makes bounds of products.
    half_ = (nearest ? -0.5 : 0.5) + error_.relative;
    terms_ = {upload<double>("the centre of the rows", moved_.centre), moved_.scale};
    right_ = scope_.allocate<float>("centred rows", static_cast<std::uint64_t>(count_) * stride);
    right_halves_ = scope_.allocate<float>("halves of norms", static_cast<std::uint64_t>(count_));
    left_ = scope_.allocate<float>("centred queries", rows * stride);
    left_halves_ = scope_.allocate<float>("halves of norms of queries", rows);
    tile_ = scope_.allocate<float>("tile of products",
                                   rows * static_cast<std::uint64_t>(tile_columns_));
    chosen_ = scope_.allocate<std::int32_t>("candidates", rows * window);
    bounds_ = scope_.allocate<float>("bounds of candidates", rows * window);
    ck::centre_rows<Scalar>(points_, nullptr, count_, columns_, terms_, half_, right_, stride_,
                            right_halves_, stream_);
  }

  // The queries [first, first + rows).
  void search(std::int64_t first, std::int64_t rows, neighbor_table& table) {
    std::vector<std::int32_t> left;
    const ck::neighbor_rows<Scalar> sides{points_,
                                          count_,
                                          at_ == nullptr ? asked_ + first * columns_ : asked_,
                                          columns_,
                                          at_ == nullptr ? nullptr : at_ + first,
                                          self_ == nullptr ? nullptr : self_ + first,
                                          problem_.order == neighbor_order::farthest};
    if (moved_.works) {
      choose(sides, rows);
      ck::exact_neighbors(
          sides,
          {chosen_, bounds_, window_, left_halves_, moved_.scale * moved_.scale, error_.absolute},
          nullptr, rows, k_, {found_, squared_, open_}, stream_);
      std::vector<unsigned char> open(static_cast<std::size_t>(rows));
      ck::copy_to_host(open.data(), open_, open.size(), stream_);
      for (std::int64_t q = 0; q < rows; ++q) {
        if (open[static_cast<std::size_t>(q)] != 0) left.push_back(static_cast<std::int32_t>(q));
      }
    } else {
      left.resize(static_cast<std::size_t>(rows));
      std::iota(left.begin(), left.end(), 0);
    }
    ck::copy_to_device(numbers_, left.data(), left.size() * sizeof(std::int32_t), stream_);
    ck::exact_neighbors(sides, {}, numbers_, std::ssize(left), k_, {found_, squared_, nullptr},
                        stream_);
    write(first, rows, table);
  }

  // Fills chosen_ and bounds_. A query may be among its own candidates.
  void choose(const ck::neighbor_rows<Scalar>& sides, std::int64_t rows) {
    ck::centre_rows<Scalar>(sides.asked, sides.at, rows, columns_, terms_, half_, left_, stride_,
                            left_halves_, stream_);
    const float sign = problem_.order == neighbor_order::nearest ? 1.0f : -1.0f;
    for (std::int64_t from = 0; from < count_; from += tile_columns_) {
      const std::int64_t columns = std::min(tile_columns_, count_ - from);
      ck::multiply(context_.state().blas(), rows, columns, stride_, sign,
                   {left_, ck::storage::fp32, stride_},
                   {right_ + from * stride_, ck::storage::fp32, stride_, true}, tile_,
                   tile_columns_, false);
      ck::top_k({tile_, rows, columns, tile_columns_, from, right_halves_ + from}, window_, chosen_,
                bounds_, stream_, {}, from > 0);
    }
  }

  void write(std::int64_t first, std::int64_t rows, neighbor_table& table) {
    const std::size_t k = problem_.k;
    std::vector<std::int32_t> found(static_cast<std::size_t>(rows) * k);
    std::vector<double> squared(found.size());
    ck::copy_to_host(found.data(), found_, found.size() * sizeof(std::int32_t), stream_);
    ck::copy_to_host(squared.data(), squared_, squared.size() * sizeof(double), stream_);
    parallel_for(host_, rows, 1024, [&](std::int64_t begin, std::int64_t end) {
      std::vector<ranked_neighbor> best(k);
      for (std::int64_t q = begin; q < end; ++q) {
        for (std::size_t n = 0; n < k; ++n) {
          const std::size_t at = static_cast<std::size_t>(q) * k + n;
          best[n] = {signed_key(problem_.order, squared[at]),
                     problem_.among[static_cast<std::size_t>(found[at])]};
        }
        write_neighbors(problem_, static_cast<std::size_t>(first + q), best, table);
      }
    });
  }

  const neighbor_problem<dense_view<Scalar>>& problem_;
  cpu host_;
  centring moved_;
  distance_error<float> error_;
  ck::policy_context context_;
  ck::current_device here_;
  ck::stream_t stream_;
  ck::device_arena::scope scope_;
  std::int64_t k_;
  std::int64_t count_;    ///< candidates
  std::int64_t columns_;  ///< of all rows
  std::int64_t stride_;   ///< of centred rows: whole vectors of four
  std::int64_t window_;   ///< candidates of a query that are measured again
  std::int64_t tile_columns_;
  std::int64_t tile_rows_;
  // All below is on the device, and the scope's.
  const Scalar* points_ = nullptr;
  const Scalar* asked_ = nullptr;
  const std::int32_t* at_ = nullptr;
  const std::int32_t* self_ = nullptr;
  std::int32_t* found_ = nullptr;
  double* squared_ = nullptr;
  unsigned char* open_ = nullptr;
  std::int32_t* numbers_ = nullptr;
  // Only where rows have a centring that works.
  double half_ = 0;
  ck::row_centring terms_{};
  float* right_ = nullptr;
  float* right_halves_ = nullptr;
  float* left_ = nullptr;
  float* left_halves_ = nullptr;
  float* tile_ = nullptr;
  std::int32_t* chosen_ = nullptr;
  float* bounds_ = nullptr;
};

template <class Scalar>
neighbor_table search_on_device(const cuda& policy,
                                const neighbor_problem<dense_view<Scalar>>& problem,
                                std::int64_t tile_pairs) {
  if (problem.k > static_cast<std::size_t>(most_cuda_neighbors)) {
    throw value_error("k", std::to_string(problem.k),
                      "must be at most " + std::to_string(most_cuda_neighbors) + " on a GPU");
  }
  if (problem.queries.empty()) return table_for(problem);
  return device_search<Scalar>(policy, problem, tile_pairs).run();
}

}  // namespace

neighbor_table search_neighbors(const cuda& policy,
                                const neighbor_problem<dense_view<float>>& problem,
                                std::int64_t tile_pairs) {
  return search_on_device(policy, problem, tile_pairs);
}
neighbor_table search_neighbors(const cuda& policy,
                                const neighbor_problem<dense_view<double>>& problem,
                                std::int64_t tile_pairs) {
  return search_on_device(policy, problem, tile_pairs);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
