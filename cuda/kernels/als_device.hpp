// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What one device does in half-steps of alternating least squares; part of als_engine.cpp.
#pragma once

#include "kernels/device_factors.hpp"
#include "kernels/entry_feed.hpp"
#include "kernels/gram.hpp"
#include "kernels/multiply.hpp"
#include "kernels/row_plan.hpp"
#include "kernels/row_system.hpp"
#include "runtime/context.hpp"
#include "runtime/exchange.hpp"
#include "runtime/policy_context.hpp"
#include "runtime/transfer.hpp"

#include <recokit/kernels/als_memory.hpp>
#include <recokit/kernels/cuda_als_engine.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {
namespace detail_als {

namespace ck = cuda_kernels;

inline constexpr std::uint32_t no_row = std::numeric_limits<std::uint32_t>::max();
/// Of partial sums of long rows; of wide ones, and of their systems.
inline constexpr std::uint64_t scratch_bytes = std::uint64_t{128} << 20;
inline constexpr std::uint64_t wide_bytes = std::uint64_t{1} << 30;

/// A list of tasks or rows on the device.
template <class T>
struct device_list {
  device_list(const std::vector<T>& host, ck::stream_t stream)
      : items(std::span<const T>(host), stream), count(static_cast<std::uint32_t>(host.size())) {}
  ck::device_buffer<T> items;
  std::uint32_t count;
};

inline ck::row_list rows_of(const device_list<std::uint32_t>& list) {
  return {list.items.data(), list.count};
}

/// Long rows on the device, in groups that share scratch.
struct device_parts {
  struct group {
    device_list<ck::row_task> segments;
    device_list<ck::row_task> rests;
    ck::cut_list list() const {
      return {segments.items.data(), segments.count, rests.items.data(), rests.count};
    }
  };
  device_parts(const std::vector<ck::long_rows>& rows, ck::stream_t stream) {
    for (const ck::long_rows& some : rows) {
      groups.push_back({{some.segments, stream}, {some.rests, stream}});
      most_segments = std::max(most_segments, groups.back().segments.count);
      most_rests = std::max(most_rests, groups.back().rests.count);
    }
  }
  std::vector<group> groups;
  std::uint32_t most_segments = 0;
  std::uint32_t most_rests = 0;
};

/// A row_plan on the device.
struct device_plan {
  device_plan(const ck::row_plan& plan, ck::stream_t stream)
      : empty(plan.empty, stream), whole(plan.whole, stream), in_parts(plan.in_parts, stream) {
    for (const auto& rows : plan.dual) dual.emplace_back(rows, stream);
  }
  device_list<std::uint32_t> empty;
  device_list<ck::row_task> whole;
  device_parts in_parts;
  std::vector<device_list<std::uint32_t>> dual;
};

/// Rows that are solved together, and how.
struct als_batch {
  ck::row_batch range;
  std::optional<device_plan> plans[3] = {};  ///< without dual, with, with dual wherever it exists
  std::vector<std::uint32_t> ordered = {};   ///< host's copy of `full`
  std::optional<device_list<std::uint32_t>> full = {};
  std::optional<device_list<std::uint32_t>> empty = {};
  std::uint32_t long_count = 0;  ///< of `full`: rows that are solved in parts
  std::optional<device_parts> in_parts = {};
};

/// One orientation of the interactions, and the factors of its rows.
struct als_side_state {
  csr_view<> matrix;  ///< the host's
  std::int64_t rows;
  ck::device_factors factors;
  ck::device_buffer<std::int64_t> offsets;
  bool entries_stay;
  ck::device_buffer<std::uint32_t> columns;  ///< if they stay, as the values
  ck::device_buffer<float> values;
  std::vector<als_batch> batches;      ///< one if they stay
  std::optional<bool> has_zeros = {};  ///< among the values
};

/// Of a side: the rows that one device solves, and their entries.
using als_shares = std::array<ck::row_batch, 2>;

/// What one device does. It has the factors of all rows, and solves those of its share.
class als_device {
 public:
  als_device(const cuda& policy, const csr_view<>& by_user, const csr_view<>& by_item, int width,
             const als_shares& shares)
      : context_(policy),
        width_(checked_width(width)),
        stride_(ck::padded_width(width_)),
        tf32_(policy.precision == cuda_precision::tf32),
        storage_(ck::storage_of(policy.precision)),
        here_(std::in_place, context_.device().ordinal),
        stream_(context_.state().stream()),
        shares_(shares),
        memory_(plan_als_memory(sizes_of(by_user, by_item), context_.state().data_bytes())),
        sides_{make_side(0, by_user, std::max(by_user.rows(), by_item.cols())),
               make_side(1, by_item, std::max(by_item.rows(), by_user.cols()))},
        failed_(1) {
    if (memory_.batch_entries > 0) {
      feed_.emplace(memory_.batch_entries, by_user.has_values() || by_item.has_values());
    }
    here_.reset();
  }
  als_device(const als_device&) = delete;
  als_device& operator=(const als_device&) = delete;

  void upload(factor_side which, const row_major_matrix<float>& rows) {
    const ck::current_device here(context_.device().ordinal);
    side(which).factors.upload(rows.data(), width_, context_.state());
  }
  void download(factor_side which, row_major_matrix<float>& rows) {
    const ck::current_device here(context_.device().ordinal);
    side(which).factors.download(rows.data(), width_, context_.state());
  }

  row_major_matrix<float> gram(factor_side which, float scale, std::span<const float> weights) {
    const ck::current_device here(context_.device().ordinal);
    const ck::factor_array array = side(which).factors.array();
    const std::int64_t d = stride_;
    ck::device_arena::scope scope(context_.state().scratch());
    float* const out =
        scope.allocate<float>("Gram matrix", static_cast<std::uint64_t>(d) * stride_);
    const std::int64_t chunk =
        weights.empty() ? std::max<std::int64_t>(array.rows, 1) : ck::rows_at_a_time(stride_);
    const float* const on_device = to_device(scope, "row weights", weights);
    float* const scaled =
        weights.empty() ? nullptr
                        : scope.allocate<float>(
                              "weighted factors",
                              static_cast<std::uint64_t>(std::min(chunk, array.rows)) * stride_);
    for (std::int64_t first = 0; first == 0 || first < array.rows; first += chunk) {
      const std::int64_t count = std::min(chunk, array.rows - first);
      ck::operand rows{array.data, array.type, d};
      if (!weights.empty()) {
        ck::scale_rows(ck::slice(array, first, count), on_device + first, scaled, stream_);
        rows = {scaled, ck::storage::fp32, d};
      }
      if (first == 0 && rows.type == ck::storage::fp32 && !tf32_) {
        ck::gram_cublas(context_.state().blas(), static_cast<const float*>(rows.data), count, d,
                        static_cast<double>(scale), 0, out, stream_);
      } else {
        ck::operand transposed = rows;
        transposed.transposed = true;
        ck::multiply(context_.state().blas(), d, d, count, scale, transposed, rows, out, d, tf32_,
                     first == 0 ? 0.0f : 1.0f);
      }
    }
    row_major_matrix<float> padded(d, d);
    ck::copy_to_host(padded.data(), out, static_cast<std::size_t>(padded.size()) * sizeof(float),
                     stream_);
    row_major_matrix<float> result = padded.topLeftCorner(width_, width_);
    // Products through tensor cores need not be symmetric to the last bit.
    result.triangularView<Eigen::StrictlyLower>() =
        result.transpose().triangularView<Eigen::StrictlyLower>();
    return result;
  }

  void turn(factor_side which, const row_major_matrix<float>& axes) {
    const ck::current_device here(context_.device().ordinal);
    const ck::factor_array array = side(which).factors.array();
    ck::device_arena::scope scope(context_.state().scratch());
    const float* const right = to_device(scope, "axes", padded(axes));
    const std::int64_t chunk = ck::rows_at_a_time(stride_);
    float* const turned = scope.allocate<float>(
        "turned rows", static_cast<std::uint64_t>(std::min(chunk, array.rows)) * stride_);
    float* const plain =
        array.type == ck::storage::fp32
            ? nullptr
            : scope.allocate<float>(
                  "rows to turn",
                  static_cast<std::uint64_t>(std::min(chunk, array.rows)) * stride_);
    for (std::int64_t first = 0; first < array.rows; first += chunk) {
      const std::int64_t count = std::min(chunk, array.rows - first);
      const float* left = plain;
      if (plain == nullptr) {
        left = static_cast<const float*>(array.data) + first * stride_;
      } else {
        ck::load_rows(array, first, count, stride_, plain, stride_, stream_);
      }
      ck::multiply(context_.state().blas(), count, stride_, stride_, 1,
                   {left, ck::storage::fp32, stride_}, {right, ck::storage::fp32, stride_}, turned,
                   stride_, false);
      ck::store_rows(turned, count, stride_, stride_, array, first, stream_);
    }
  }

  bool wants_axes(factor_side solved, const row_method& method) const {
    if (method.solver != row_solver::exact || method.form == row_form::dual) return true;
    if (method.form == row_form::primal) return false;
    return ck::dual_pays(side(solved).matrix.offsets(), stride_, side(other_side(solved)).rows);
  }

  /// A half-step is begun, advanced until nothing is left, and finished.
  void begin(factor_side solved, const cuda_row_terms& terms, const row_method& method) {
    const ck::current_device here(context_.device().ordinal);
    ck::row_system& system = begin(solved);
    device_scope& scope = half_step_->scope;
    const bool diagonal = is_diagonal(terms.gram);
    if (diagonal) {
      std::vector<float> spectrum(stride_, 0.0f);
      for (Eigen::Index f = 0; f < terms.gram.rows(); ++f) {
        spectrum[static_cast<std::size_t>(f)] = std::max(terms.gram(f, f), 0.0f);
      }
      system.spectrum = to_device(scope, "spectrum", std::span<const float>(spectrum));
    } else if (method.solver != row_solver::exact) {
      throw error(
          "the Gram matrix is not diagonal: turn the fixed side and the rows to its principal axes "
          "first");
    }
    system.gram = to_device(scope, "Gram matrix", padded(terms.gram));
    system.ridge_scale = terms.ridge.scale;
    system.ridge_offset = terms.ridge.offset;
    system.ridge_exponent = terms.ridge.exponent;
    if (!terms.row_scales.empty()) {
      system.row_scales = to_device(scope, "row scales", terms.row_scales);
    }
    if (!terms.column_scales.empty()) {
      system.column_scales = to_device(scope, "column scales", terms.column_scales);
    }
    system.target_base = terms.target_base;
    switch (method.solver) {
      case row_solver::exact: {
        // The dual form divides targets by weights.
        const bool dual = diagonal && method.form != row_form::primal &&
                          (terms.target_base == 0 || !has_zeros(side(solved)));
        half_step_->solve = [this, solved, dual, forced = method.form == row_form::dual](
                                als_batch& batch, device_scope& own) {
          solve_exact(solved, batch, half_step_->system, dual, forced, own);
        };
        break;
      }
      case row_solver::cg:
        half_step_->solve = [this, solved, steps = static_cast<std::uint32_t>(method.steps)](
                                als_batch& batch, device_scope& own) {
          solve_cg(solved, batch, half_step_->system, steps, own);
        };
        break;
      case row_solver::block:
        half_step_->solve = [this, solved, method](als_batch& batch, device_scope& own) {
          solve_blocks(solved, batch, half_step_->system, method, own);
        };
        break;
    }
  }

  void begin(factor_side solved, const als_side<float>& ratings) {
    const ck::current_device here(context_.device().ordinal);
    ck::row_system& system = begin(solved);
    const auto d = static_cast<Eigen::Index>(width_) - 2;
    system.ridge_scale = ratings.regularization;
    system.ridge_exponent = ratings.exponent;
    system.rated = true;
    system.has_bias = ratings.has_bias;
    system.bias_column = static_cast<std::uint32_t>(ratings.bias_column);
    system.other_column = static_cast<std::uint32_t>(2 * d + 1 - ratings.bias_column);
    system.shift = ratings.shift;
    system.bias_ridge_scale = ratings.bias_regularization;
    const bool dual =
        ratings.regularization > 0 && (!ratings.has_bias || ratings.bias_regularization > 0);
    half_step_->solve = [this, solved, dual](als_batch& batch, device_scope& own) {
      solve_exact(solved, batch, half_step_->system, dual, false, own);
    };
  }

  /// Gives the device the next batch; false when there is none.
  bool advance(factor_side solved) {
    als_side_state& rows = side(solved);
    if (half_step_->next == rows.batches.size()) return false;
    const ck::current_device here(context_.device().ordinal);
    als_batch& batch = rows.batches[half_step_->next++];
    ck::sparse_rows& entries = half_step_->system.entries;
    device_scope scope(context_.state().scratch());
    if (rows.entries_stay) {
      entries = {rows.offsets.data(), rows.columns.data(),
                 rows.matrix.has_values() ? rows.values.data() : nullptr, share(solved).begin};
    } else {
      entries = feed_->bring(rows.matrix, batch.range, rows.offsets.data(), stream_);
    }
    half_step_->solve(batch, scope);
    if (!rows.entries_stay) feed_->used(stream_);
    return true;
  }

  /// Waits. @return the least row that could not be solved, or no_row
  std::uint32_t finish() {
    const ck::current_device here(context_.device().ordinal);
    std::uint32_t row = 0;
    ck::copy_to_host(&row, failed_.data(), sizeof row, stream_);
    half_step_.reset();
    return row;
  }

  /// The rows of a side, and those of them that this device solves.
  ck::shared_array shared(factor_side solved) {
    const std::size_t row_bytes = stride_ * ck::bytes_of(storage_);
    const ck::row_batch& rows = share(solved);
    return {.device = context_.device().ordinal,
            .stream = stream_,
            .data = static_cast<unsigned char*>(side(solved).factors.array().data),
            .on_host = !memory_.factors_stay[solved == factor_side::users ? 0 : 1],
            .begin = rows.begin_row * row_bytes,
            .size = (rows.end_row - rows.begin_row) * row_bytes};
  }

 private:
  using device_scope = ck::device_arena::scope;

  /// One in progress.
  struct half_step {
    explicit half_step(ck::device_arena& arena) : scope(arena) {}
    device_scope scope;  ///< of what all batches read
    ck::row_system system{};
    std::function<void(als_batch&, device_scope&)> solve;
    std::size_t next = 0;
  };

  static std::uint32_t checked_width(int width) {
    if (width < 1 || std::cmp_greater(width, ck::most_width)) {
      throw value_error("columns of the factors", std::to_string(width),
                        "must be in [1, 4096] on a GPU");
    }
    return static_cast<std::uint32_t>(width);
  }

  als_sizes sizes_of(const csr_view<>& by_user, const csr_view<>& by_item) const {
    als_sizes sizes{};
    sizes.rows = {static_cast<std::uint64_t>(std::max(by_user.rows(), by_item.cols())),
                  static_cast<std::uint64_t>(std::max(by_item.rows(), by_user.cols()))};
    sizes.bytes_a_row = stride_ * ck::bytes_of(storage_);
    sizes.bytes_an_entry = by_user.has_values() || by_item.has_values() ? 8 : 4;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const csr_view<>& matrix = side == 0 ? by_user : by_item;
      const ck::row_batch& share = shares_[side];
      sizes.entries[side] = static_cast<std::uint64_t>(share.end - share.begin);
      for (std::uint32_t row = share.begin_row; row < share.end_row; ++row) {
        sizes.longest_row[side] = std::max<std::uint64_t>(
            sizes.longest_row[side], matrix.row(static_cast<index_t>(row)).size());
      }
    }
    return sizes;
  }

  als_side_state make_side(std::size_t which, const csr_view<>& matrix, std::int64_t rows) {
    const auto offsets = std::span<const std::int64_t>(matrix.offsets());
    const ck::row_batch& share = shares_[which];
    const bool stay = memory_.entries_stay[which];
    const auto first = static_cast<std::size_t>(share.begin);
    const std::size_t staying = stay ? static_cast<std::size_t>(share.end - share.begin) : 0;
    // Ids are not negative, so they are the same bits without a sign.
    const auto* const ids = reinterpret_cast<const std::uint32_t*>(matrix.indices().data());
    std::vector<als_batch> batches;
    for (const ck::row_batch& range :
         ck::cut_batches(offsets, share,
                         stay ? std::numeric_limits<std::int64_t>::max()
                              : static_cast<std::int64_t>(memory_.batch_entries))) {
      batches.push_back({range});
    }
    return {
        matrix,
        rows,
        ck::device_factors(rows, stride_, storage_, stream_, memory_.factors_stay[which]),
        {offsets, stream_},
        stay,
        {std::span(ids + first, staying), stream_},
        {matrix.has_values() ? matrix.values().subspan(first, staying) : std::span<const float>{},
         stream_},
        std::move(batches)};
  }

  const ck::row_batch& share(factor_side which) const {
    return shares_[which == factor_side::users ? 0 : 1];
  }
  als_side_state& side(factor_side which) { return sides_[which == factor_side::users ? 0 : 1]; }
  const als_side_state& side(factor_side which) const {
    return sides_[which == factor_side::users ? 0 : 1];
  }

  std::vector<float> padded(const row_major_matrix<float>& matrix) const {
    std::vector<float> wide(std::size_t{stride_} * stride_, 0.0f);
    for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
      std::copy_n(matrix.data() + i * matrix.cols(), matrix.cols(),
                  wide.data() + i * static_cast<Eigen::Index>(stride_));
    }
    return wide;
  }

  float* to_device(ck::device_arena::scope& scope, const char* what, std::span<const float> host) {
    float* const device = scope.allocate<float>(what, host.size());
    ck::copy_to_device(device, host.data(), host.size_bytes(), stream_);
    return device;
  }

  /// The parts that do not depend on the problem.
  ck::row_system& begin(factor_side solved) {
    half_step_.reset();
    half_step_.emplace(context_.state().scratch());
    const std::uint32_t none = no_row;
    ck::copy_to_device(failed_.data(), &none, sizeof none, stream_);
    ck::row_system& system = half_step_->system;
    system.fixed = side(other_side(solved)).factors.array();
    system.solved = side(solved).factors.array();
    system.width = width_;
    system.ridge_exponent = 1;
    system.failed = failed_.data();
    return system;
  }

  bool has_zeros(als_side_state& rows) const {
    if (!rows.has_zeros) {
      const auto values = rows.matrix.values();
      rows.has_zeros = std::any_of(values.begin(), values.end(), [](float v) { return v == 0; });
    }
    return *rows.has_zeros;
  }

  void solve_exact(factor_side solved, als_batch& rows, const ck::row_system& system, bool dual,
                   bool forced, device_scope& scope) {
    const bool wide = stride_ > ck::largest_system;
    auto& plan = rows.plans[dual ? (forced ? 2 : 1) : 0];
    const std::uint64_t partial =
        wide ? ck::wide_partial_floats(stride_) : ck::partial_floats(stride_);
    const std::uint64_t most_bytes = wide ? wide_bytes : scratch_bytes;
    if (!plan) {
      const auto slots = static_cast<std::uint32_t>(most_bytes / sizeof(float) / partial);
      plan.emplace(
          ck::plan_rows(side(solved).matrix.offsets(), rows.range, stride_, dual, forced, slots),
          stream_);
    }
    ck::solve_empty_rows(system, rows_of(plan->empty), stream_);
    float* const sums =
        scope.allocate<float>("partial sums of long rows", plan->in_parts.most_segments * partial);
    const std::uint64_t each = std::uint64_t{stride_} * stride_;
    float* systems = nullptr;
    std::uint32_t blocks = 0;
    if (wide && (plan->whole.count > 0 || !plan->in_parts.groups.empty())) {
      const std::uint64_t most = std::max<std::uint64_t>(wide_bytes / sizeof(float) / each, 1);
      const auto at_once = static_cast<std::uint64_t>(context_.device().multiprocessors) * 2;
      const std::uint64_t tasks = std::max(plan->whole.count, plan->in_parts.most_segments);
      blocks = static_cast<std::uint32_t>(std::min({most, at_once, tasks}));
      systems = scope.allocate<float>("systems of wide rows", blocks * each);
    }
    const auto solve = [&](const device_list<ck::row_task>& tasks) {
      if (wide) {
        ck::wide_rows(system, tasks.items.data(), tasks.count, sums, systems, blocks, stream_);
      } else {
        ck::primal_rows(system, tasks.items.data(), tasks.count, sums, stream_);
      }
    };
    for (const auto& group : plan->in_parts.groups) {
      solve(group.segments);
      solve(group.rests);
    }
    solve(plan->whole);
    for (std::size_t c = 0; c < plan->dual.size(); ++c) {
      ck::dual_rows(system, rows_of(plan->dual[c]), ck::system_sizes[c], stream_);
    }
  }

  void order(std::span<const std::int64_t> offsets, als_batch& rows) {
    if (rows.full) return;
    const ck::row_order order = ck::order_rows(offsets, rows.range);
    rows.ordered = order.full;
    rows.full.emplace(order.full, stream_);
    rows.empty.emplace(order.empty, stream_);
    rows.long_count = static_cast<std::uint32_t>(ck::count_long(offsets, order.full));
    const auto slots = static_cast<std::uint32_t>(scratch_bytes / sizeof(float) /
                                                  ck::partial_floats(ck::largest_system));
    rows.in_parts.emplace(
        ck::cut_rows(offsets, std::span(order.full).first(rows.long_count), slots), stream_);
  }

  /// Rows are in order of length, so those that take the same shared memory stand together.
  void solve_cg(factor_side solved, als_batch& rows, const ck::row_system& system,
                std::uint32_t steps, device_scope& scope) {
    const auto offsets = side(solved).matrix.offsets();
    order(offsets, rows);
    ck::solve_empty_rows(system, rows_of(*rows.empty), stream_);
    const std::uint64_t most = context_.device().shared_bytes_a_block;
    // An eighth, a quarter, a half or all of the memory, so that short rows share a multiprocessor;
    // rows that do not fit gather again and take a quarter.
    const auto shared_of = [&](std::uint32_t n) {
      const std::uint32_t row = rows.ordered[n];
      const std::uint64_t needed =
          ck::cg_shared_bytes(stride_, static_cast<std::uint64_t>(offsets[row + 1] - offsets[row]));
      for (const std::uint64_t share : {most / 8, most / 4, most / 2, most}) {
        if (needed <= share) return share;
      }
      return std::max(most / 4, ck::cg_shared_bytes(stride_, 4)) + 1;
    };
    if (rows.long_count > 0) {
      float* const partial = scope.allocate<float>(
          "parts of long rows", std::uint64_t{rows.in_parts->most_segments} * stride_);
      float* const state = scope.allocate<float>(
          "state of long rows", rows.in_parts->most_rests * ck::cg_state_floats(stride_));
      for (const auto& group : rows.in_parts->groups) {
        ck::cg_long_rows(system, group.list(), steps,
                         std::max(most / 4, ck::cg_shared_bytes(stride_, 4)), partial, state,
                         stream_);
      }
    }
    std::uint32_t begin = rows.long_count;
    while (begin < rows.ordered.size()) {
      const std::uint64_t shared = shared_of(begin);
      std::uint32_t end = begin + 1;
      while (end < rows.ordered.size() && shared_of(end) == shared) ++end;
      ck::cg_rows(system, {rows.full->items.data() + begin, end - begin}, steps,
                  shared / sizeof(float) * sizeof(float), stream_);
      begin = end;
    }
  }

  void solve_blocks(factor_side solved, als_batch& rows, const ck::row_system& system,
                    const row_method& method, device_scope& scope) {
    order(side(solved).matrix.offsets(), rows);
    ck::solve_empty_rows(system, rows_of(*rows.empty), stream_);
    float* const residual = scope.allocate<float>(
        "residuals", static_cast<std::uint64_t>(rows.range.end - rows.range.begin));
    const auto sweeps = static_cast<std::uint32_t>(method.sweeps);
    const std::uint32_t* const full = rows.full->items.data();
    const ck::row_list whole{full + rows.long_count, rows.full->count - rows.long_count};
    if (method.block == 1) {
      ck::coordinate_rows(system, {full, rows.long_count}, sweeps, residual, stream_, 1024);
      ck::coordinate_rows(system, whole, sweeps, residual, stream_);
      return;
    }
    // Whole vectors, as on the CPU.
    const auto block = (static_cast<std::uint32_t>(method.block) + 15) / 16 * 16;
    if (block >= stride_) {
      // One block is the whole row.
      solve_exact(solved, rows, system, false, false, scope);
      return;
    }
    if (block > ck::largest_system) {
      throw value_error("params.block_size", std::to_string(method.block),
                        "must be at most 256 on a GPU, or at least params.factors");
    }
    if (rows.long_count > 0) {
      float* const partial = scope.allocate<float>(
          "parts of long rows",
          rows.in_parts->most_segments * ck::partial_floats(ck::system_size_for(block)));
      float* const state = scope.allocate<float>(
          "state of long rows", rows.in_parts->most_rests * ck::block_state_floats(stride_));
      for (const auto& group : rows.in_parts->groups) {
        ck::block_long_rows(system, group.list(), block, sweeps, residual, partial, state, stream_);
      }
    }
    ck::block_rows(system, whole, block, sweeps, residual, stream_);
  }

  ck::policy_context context_;
  std::uint32_t width_;
  std::uint32_t stride_;
  bool tf32_;
  ck::storage storage_;
  std::optional<ck::current_device> here_;  // while the members are made
  ck::stream_t stream_;
  als_shares shares_;
  als_memory memory_;
  als_side_state sides_[2];
  ck::device_buffer<std::uint32_t> failed_;
  std::optional<ck::entry_feed> feed_;  ///< of sides whose entries do not stay
  std::optional<half_step> half_step_;
};

}  // namespace detail_als

}  // namespace recokit::inline RECOKIT_ABI::kernels
