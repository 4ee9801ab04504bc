// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/similarity_device.hpp>

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/neighbor_selectors.hpp>

#include "kernels/similar_rows.hpp"
#include "kernels/top_k.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace ck = cuda_kernels;

namespace {

static_assert(sizeof(scored_item<>) == sizeof(ck::similar_row) &&
              std::is_trivially_copyable_v<scored_item<>>);

/// Arrays that lie on the device in one piece, so that all their memory is asked for at once.
class device_arrays {
 public:
  /// Writes to `to`, when they are uploaded, where the array is.
  template <class T>
  void add(std::span<const T> host, const T*& to) {
    add(host.data(), host.size_bytes(), [&to](void* at) { to = static_cast<const T*>(at); });
  }
  /// Room that the host does not fill.
  template <class T>
  void reserve(std::uint64_t count, T*& to) {
    add(nullptr, count * sizeof(T), [&to](void* at) { to = static_cast<T*>(at); });
  }
  std::uint64_t bytes() const noexcept { return bytes_; }

  void upload(ck::device_arena::scope& scope, ck::stream_t stream) const {
    auto* const all =
        scope.allocate<unsigned char>("interactions and neighbours on the GPU", bytes_);
    for (const part& each : parts_) {
      if (each.host != nullptr) ck::copy_to_device(all + each.at, each.host, each.bytes, stream);
      each.place(all + each.at);
    }
  }

 private:
  struct part {
    const void* host;
    std::uint64_t bytes;
    std::uint64_t at;
    std::function<void(void*)> place;
  };

  void add(const void* host, std::uint64_t bytes, std::function<void(void*)> place) {
    constexpr std::uint64_t alignment = ck::device_arena::alignment;
    parts_.push_back({host, bytes, bytes_, std::move(place)});
    bytes_ += (bytes + alignment - 1) / alignment * alignment;
  }

  std::vector<part> parts_;
  std::uint64_t bytes_ = 0;
};

/// Rows in tiles, each cut for the warps of a block so that all meet about as many entries.
class row_tiles {
 public:
  row_tiles(std::span<const offset_t> offsets, std::uint32_t warps)
      : offsets_(offsets), rows_(std::ssize(offsets) - 1), warps_(warps) {}

  std::uint32_t count() const noexcept { return count_; }
  std::span<const std::int32_t> edges() const noexcept { return edges_; }

  /// Appends as few tiles as hold all rows. @param most rows of a tile
  void add_widest(std::int64_t most) {
    const std::int64_t tiles = (rows_ + most - 1) / most;
    for (std::int64_t t = 0; t < tiles; ++t) {
      add(rows_ * t / tiles, rows_ * (t + 1) / tiles);
    }
  }
  /// Appends tiles of all rows with about 1 / `parts` of the entries each.
  void add_parts(std::int64_t parts, std::int64_t most) {
    for (std::int64_t first = 0; first < rows_;) {
      const std::int64_t end = place_of(first, rows_, 1, parts, offsets_.back());
      const std::int64_t kept = std::clamp(end, first + 1, std::min(first + most, rows_));
      add(first, kept);
      first = kept;
    }
  }

 private:
  // The row in [first, end] before which there are `part` / `parts` of `entries` since `first`.
  std::int64_t place_of(std::int64_t first, std::int64_t end, std::int64_t part, std::int64_t parts,
                        std::int64_t entries) const {
    const auto from = offsets_.begin() + first;
    const std::int64_t wanted = *from + entries / parts * part + entries % parts * part / parts;
    return first + (std::lower_bound(from, offsets_.begin() + end, wanted) - from);
  }
  void add(std::int64_t first, std::int64_t end) {
    const std::int64_t entries =
        offsets_[static_cast<std::size_t>(end)] - offsets_[static_cast<std::size_t>(first)];
    for (std::int64_t w = 0; w < warps_; ++w) {
      edges_.push_back(static_cast<std::int32_t>(place_of(first, end, w, warps_, entries)));
    }
    edges_.push_back(static_cast<std::int32_t>(end));
    ++count_;
  }

  std::span<const offset_t> offsets_;
  std::int64_t rows_;
  std::int64_t warps_;
  std::uint32_t count_ = 0;
  std::vector<std::int32_t> edges_;
};

/// What the blocks do, and in which order: rows of much work first, those of too much in parts.
struct schedule {
  std::vector<ck::similarity_task> tasks;
  std::size_t split_tasks = 0;  ///< of rows in parts; they come first
  std::vector<std::int32_t> edges;
};

template <class Value>
schedule schedule_of(const csr_view<Value>& vectors, const csr_view<Value>& transposed,
                     std::uint32_t warps, std::int64_t tile_rows, std::int64_t row_work,
                     int multiprocessors) {
  const auto order = detail_similarity::popularity_order(vectors);
  const auto work = detail_similarity::plan_rows(cpu{}, transposed, vectors, order);
  if (row_work == 0) {
    // A quarter of what a multiprocessor gets to do; splitting less than a million is not worth it.
    row_work =
        std::max(work.starts.back() / (4 * std::max(multiprocessors, 1)), std::int64_t{1} << 20);
  }
  std::int64_t most_work = 0;
  for (std::size_t r = 0; r < order.size(); ++r) most_work = std::max(most_work, work.work(r));
  row_tiles tiles(vectors.offsets(), warps);
  tiles.add_widest(tile_rows);
  const std::uint32_t wide = tiles.count();
  if (most_work > row_work) {
    tiles.add_parts(std::min<std::int64_t>((most_work - 1) / row_work + 1, 64), tile_rows);
  }
  schedule made;
  for (std::size_t r = 0; r < order.size(); ++r) {
    if (work.work(r) <= row_work) continue;
    for (std::uint32_t t = wide; t < tiles.count(); ++t) {
      made.tasks.push_back({static_cast<std::int32_t>(order[r]), t, t + 1});
    }
  }
  made.split_tasks = made.tasks.size();
  for (std::size_t r = 0; r < order.size(); ++r) {
    if (work.work(r) > row_work) continue;
    made.tasks.push_back({static_cast<std::int32_t>(order[r]), 0, wide});
  }
  made.edges.assign(tiles.edges().begin(), tiles.edges().end());
  return made;
}

class cuda_similarity_device final : public similarity_device {
 public:
  cuda_similarity_device(const cuda& policy, const similarity_limits& limits)
      : context_(policy), limits_(limits) {}

  csr_matrix<> neighbors(const csr_view<>& vectors, const csr_view<>& transposed,
                         const row_measure& measure, std::size_t k, std::int64_t minimum_common,
                         const std::function<bool()>& cancelled) override {
    return std::visit(
        [&](const auto& of) {
          return best(vectors, transposed, of, k, std::max<std::int64_t>(minimum_common, 1),
                      cancelled);
        },
        measure);
  }
  csr_matrix<> neighbors(const csr_view<double>& vectors, const csr_view<double>& transposed,
                         const pair_measures::walk_measure& measure, std::size_t k,
                         const std::function<bool()>& cancelled) override {
    return best(vectors, transposed, measure, k, 1, cancelled);
  }

 private:
  template <class Value, class Measure>
  csr_matrix<> best(const csr_view<Value>& vectors, const csr_view<Value>& transposed,
                    const Measure& measure, std::size_t k, std::int64_t least_common,
                    const std::function<bool()>& cancelled) {
    if (k > static_cast<std::size_t>(ck::most_top_k)) {
      throw value_error("params.neighbors", std::to_string(k), "must be at most 1024 on a GPU");
    }
    const auto count = static_cast<std::size_t>(vectors.rows());
    neighbor_selectors selectors(count, k);
    if (k > 0 && count > 0) {
      const ck::current_device here(context_.device().ordinal);
      fill(vectors, transposed, measure, k, least_common, cancelled, selectors);
    }
    std::vector<std::int64_t> same(count);
    std::iota(same.begin(), same.end(), std::int64_t{0});
    return selectors.finish(cpu{}, same, vectors.rows());
  }

  template <class Measure>
  std::int64_t tile_rows(std::uint32_t threads, std::size_t k, std::int64_t rows) const {
    // Two blocks to a multiprocessor, each with a kilobyte of the system's.
    const std::uint64_t bytes = limits_.shared_bytes != 0
                                    ? limits_.shared_bytes
                                    : context_.device().shared_bytes_a_block / 2 - 1024;
    const std::uint64_t lists = ck::similarity_list_bytes(threads, static_cast<std::int64_t>(k));
    constexpr std::uint64_t each = ck::similarity_sum_bytes<Measure>();
    if (bytes < lists + each) throw memory_error("shared memory of a block", lists + each, bytes);
    return std::min<std::int64_t>(static_cast<std::int64_t>((bytes - lists) / each),
                                  std::min<std::int64_t>(rows, 1 << 24));
  }

  template <class Value, class Measure>
  void fill(const csr_view<Value>& vectors, const csr_view<Value>& transposed, Measure measure,
            std::size_t k, std::int64_t least_common, const std::function<bool()>& cancelled,
            neighbor_selectors& selectors) {
    const auto rows = static_cast<std::uint64_t>(vectors.rows());
    ck::similarity_plan<Value> plan{};
    plan.rows = static_cast<std::int32_t>(rows);
    plan.threads = 32;
    while (plan.threads < ck::most_similarity_threads && plan.threads < rows) plan.threads *= 2;
    plan.k = static_cast<std::int64_t>(k);
    plan.least_common = least_common;
    plan.tile_rows = tile_rows<Measure>(plan.threads, k, vectors.rows());
    const schedule work = schedule_of(vectors, transposed, plan.threads / 32, plan.tile_rows,
                                      limits_.row_work, context_.device().multiprocessors);

    device_arrays arrays;
    const auto add_matrix = [&](const csr_view<Value>& from, ck::sparse_rows<Value>& to) {
      arrays.add(from.offsets(), to.offsets);
      arrays.add(from.indices(), to.indices);
      if (Measure::sums_type::needs_values && from.has_values()) {
        arrays.add(from.values(), to.values);
      }
    };
    add_matrix(vectors, plan.vectors);
    add_matrix(transposed, plan.transposed);
    if constexpr (requires { measure.first; }) {
      arrays.add(std::span(measure.first, rows), measure.first);
      arrays.add(std::span(measure.second, rows), measure.second);
    }
    const ck::similarity_task* tasks = nullptr;
    arrays.add(std::span<const ck::similarity_task>(work.tasks), tasks);
    arrays.add(std::span<const std::int32_t>(work.edges), plan.edges);

    ck::device_arena& scratch = context_.state().scratch();
    const std::uint64_t list_bytes = k * sizeof(ck::similar_row);
    const std::uint64_t available = scratch.available();
    const std::uint64_t free = available > arrays.bytes() ? available - arrays.bytes() : 0;
    const std::uint64_t wanted =
        limits_.batch_rows > 0 ? static_cast<std::uint64_t>(limits_.batch_rows)
                               : std::max<std::uint64_t>((std::uint64_t{1} << 26) / list_bytes, 1);
    // Less an alignment; where not even one list fits, the arena says what is missing.
    const std::uint64_t fitting = free / list_bytes > 32 ? free / list_bytes - 32 : 1;
    const std::uint64_t batch = std::min<std::uint64_t>({wanted, fitting, work.tasks.size()});
    ck::similar_row* lists = nullptr;
    arrays.reserve(batch * k, lists);

    const ck::stream_t stream = context_.state().stream();
    ck::device_arena::scope scope(scratch);
    arrays.upload(scope, stream);
    std::vector<scored_item<>> found(batch * k);
    for (std::uint64_t first = 0; first < work.tasks.size() && !cancelled(); first += batch) {
      plan.tasks = tasks + first;
      plan.count = std::min<std::uint64_t>(batch, work.tasks.size() - first);
      ck::similar_rows(plan, measure, lists, stream);
      ck::copy_to_host(found.data(), lists, plan.count * list_bytes, stream);
      collect(work, first, plan.count, k, found, selectors);
    }
  }

  static void collect(const schedule& work, std::uint64_t first, std::uint64_t count, std::size_t k,
                      std::vector<scored_item<>>& found, neighbor_selectors& selectors) {
    parallel_for(cpu{}, static_cast<std::int64_t>(count), 256,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
                     const std::span<scored_item<>> list(found.data() + n * k, k);
                     const auto last = std::find_if(list.begin(), list.end(),
                                                    [](const auto& each) { return each.item < 0; });
                     const auto held = list.first(static_cast<std::size_t>(last - list.begin()));
                     const auto row = static_cast<std::size_t>(work.tasks[first + n].row);
                     if (first + n < work.split_tasks) {
                       selectors.push(row, held);
                     } else {
                       selectors.assign(row, held);
                     }
                   }
                 });
  }

  ck::policy_context context_;
  similarity_limits limits_;
};

}  // namespace

std::unique_ptr<similarity_device> make_similarity_device(const cuda& policy,
                                                          const similarity_limits& limits) {
  return std::make_unique<cuda_similarity_device>(policy, limits);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
