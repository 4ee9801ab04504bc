// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The executor seam: the only place where recokit starts parallel work on the CPU.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#if defined(RECOKIT_PARALLEL_STD)
#include <atomic>
#include <exception>
#else
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#endif

namespace recokit::inline RECOKIT_ABI {

/// The number of threads that `policy` stands for on this machine; at least 1.
inline int thread_count(const cpu& policy) noexcept {
  if (policy.threads > 0) return policy.threads;
  const auto hardware = static_cast<int>(std::thread::hardware_concurrency());
  return hardware > 0 ? hardware : 1;
}

namespace detail {

/// Calls body(b) once for every block b in [0, blocks), in any order, on up to thread_count
/// threads.
template <class Body>
void run_blocks(const cpu& policy, std::int64_t blocks, const Body& body) {
  const int threads = thread_count(policy);
  if (blocks <= 1 || threads == 1) {
    for (std::int64_t b = 0; b < blocks; ++b) body(b);
    return;
  }
#if defined(RECOKIT_PARALLEL_STD)
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::int64_t b = next.fetch_add(1, std::memory_order_relaxed);
      if (b >= blocks) return;
      try {
        body(b);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        if (!failure) failure = std::current_exception();
        failed.store(true, std::memory_order_relaxed);
      }
    }
  };
  {
    const auto helpers = std::min<std::int64_t>(threads, blocks) - 1;
    std::vector<std::thread> team;
    struct joiner {
      std::vector<std::thread>& team;
      ~joiner() {
        for (auto& t : team) t.join();
      }
    } join{team};
    team.reserve(static_cast<std::size_t>(helpers));
    for (std::int64_t t = 0; t < helpers; ++t) team.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
#else
  const auto run = [&] {
    oneapi::tbb::parallel_for(
        oneapi::tbb::blocked_range<std::int64_t>(0, blocks, 1),
        [&](const oneapi::tbb::blocked_range<std::int64_t>& range) {
          for (std::int64_t b = range.begin(); b != range.end(); ++b) body(b);
        },
        oneapi::tbb::simple_partitioner{});
  };
  if (policy.threads > 0) {
    // An arena of more threads than the machine has makes TBB print a warning.
    oneapi::tbb::task_arena arena(std::min(threads, oneapi::tbb::info::default_concurrency()));
    arena.execute(run);
  } else {
    run();
  }
#endif
}

}  // namespace detail

/// Calls body(begin, end) for [0, n) cut into blocks of `grain` (the last may be shorter), in
/// parallel. The cut depends on n and grain alone, never on the threads. The first exception thrown
/// by a body is rethrown here once all running bodies have ended.
template <class Body>
void parallel_for(const cpu& policy, std::int64_t n, std::int64_t grain, const Body& body) {
  if (n <= 0) return;
  grain = std::max<std::int64_t>(grain, 1);
  const std::int64_t blocks = (n + grain - 1) / grain;
  detail::run_blocks(policy, blocks,
                     [&](std::int64_t b) { body(b * grain, std::min(n, (b + 1) * grain)); });
}

/// Folds map(begin, end) over the blocks of [0, n) with combine(accumulator, part), in block order,
/// so that floating-point sums are the same bits for any number of threads. All parts are held at
/// once: n / grain of them.
template <class T, class Map, class Combine>
T parallel_reduce(const cpu& policy, std::int64_t n, std::int64_t grain, T init, const Map& map,
                  const Combine& combine) {
  if (n <= 0) return init;
  grain = std::max<std::int64_t>(grain, 1);
  const std::int64_t blocks = (n + grain - 1) / grain;
  std::vector<T> parts(static_cast<std::size_t>(blocks));
  detail::run_blocks(policy, blocks, [&](std::int64_t b) {
    parts[static_cast<std::size_t>(b)] = map(b * grain, std::min(n, (b + 1) * grain));
  });
  for (auto& part : parts) combine(init, std::move(part));
  return init;
}

/// Calls body(begin, end) over rows [0, n) cut so that each piece holds about `work` units, where
/// offsets[r + 1] - offsets[r] + row_cost is the work of row r. Rows are never split.
template <class Offset, class Body>
void parallel_for_rows(const cpu& policy, const Offset* offsets, std::int64_t n, std::int64_t work,
                       std::int64_t row_cost, const Body& body) {
  std::vector<std::int64_t> cuts{0};
  std::int64_t load = 0;
  for (std::int64_t r = 0; r < n; ++r) {
    load += static_cast<std::int64_t>(offsets[r + 1] - offsets[r]) + row_cost;
    if (load >= work || r + 1 == n) {
      cuts.push_back(r + 1);
      load = 0;
    }
  }
  detail::run_blocks(policy, static_cast<std::int64_t>(cuts.size()) - 1, [&](std::int64_t b) {
    const auto i = static_cast<std::size_t>(b);
    body(cuts[i], cuts[i + 1]);
  });
}

/// Reusable work space for the bodies of parallel loops: each body borrows one object for as long
/// as it runs. At most as many objects exist as bodies ran at once.
template <class T>
class scratch_pool {
 public:
  /// @param make creates a fresh object, called under no lock
  template <class Make>
  explicit scratch_pool(Make make) : make_(std::move(make)) {}

  /// Gives its object back when it goes out of scope.
  class lease {
   public:
    lease(scratch_pool& pool, std::unique_ptr<T> object)
        : pool_(pool), object_(std::move(object)) {}
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease() {
      const std::lock_guard lock(pool_.mutex_);
      pool_.free_.push_back(std::move(object_));  // room was reserved by borrow()
    }
    T& operator*() const noexcept { return *object_; }
    T* operator->() const noexcept { return object_.get(); }

   private:
    scratch_pool& pool_;
    std::unique_ptr<T> object_;
  };

  lease borrow() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto object = std::move(free_.back());
        free_.pop_back();
        return lease(*this, std::move(object));
      }
      free_.reserve(++made_);
    }
    return lease(*this, std::make_unique<T>(make_()));
  }

 private:
  std::function<T()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
  std::size_t made_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI
