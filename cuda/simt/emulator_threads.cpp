// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Every lane of every block is a thread, so that ThreadSanitizer reports two lanes that touch one
// place without a barrier between them, in one block or in two. A kernel that deadlocks hangs here;
// emulator_fibers.cpp is the one that explains.
//
// One difference to a GPU: a shuffle or ballot orders the memory of the lanes that take part, which
// on a GPU only warp_sync does. Races within a warp that a shuffle hides are not seen.
#include "simt.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace recokit::simt::emulator {
namespace {

/// The lanes of one warp that wait for each other.
class warp {
 public:
  warp_values meet(std::uint32_t index, warp_operation operation, std::uint32_t mask,
                   std::uint64_t value) {
    std::unique_lock lock(mutex_);
    entry& mine = lanes_[index];
    mine = {true, operation, mask, value, {}};
    if (complete(mine)) {
      release(mask);
    } else {
      changed_.wait(lock, [&] { return !mine.waiting; });
    }
    return mine.received;
  }

 private:
  struct entry {
    bool waiting = false;
    warp_operation operation{};
    std::uint32_t mask = 0;
    std::uint64_t value = 0;
    warp_values received{};
  };

  bool complete(const entry& last) const {
    for (std::uint32_t i = 0; i < warp_size; ++i) {
      const entry& e = lanes_[i];
      if ((last.mask >> i & 1) == 0) continue;
      if (!e.waiting || e.mask != last.mask || e.operation != last.operation) return false;
    }
    return true;
  }

  void release(std::uint32_t mask) {
    warp_values values{};
    for (std::uint32_t i = 0; i < warp_size; ++i) {
      if ((mask >> i & 1) != 0) values.of[i] = lanes_[i].value;
    }
    for (std::uint32_t i = 0; i < warp_size; ++i) {
      if ((mask >> i & 1) == 0) continue;
      lanes_[i].received = values;
      lanes_[i].waiting = false;
    }
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  entry lanes_[warp_size];
};

struct alignas(16) unit {
  std::byte bytes[16];
};

struct block {
  block(std::uint32_t threads, std::size_t shared_bytes)
      : warps(threads / warp_size), shared((shared_bytes + 15) / 16) {
    if (!shared.empty()) std::memset(shared.data(), 0xCD, shared.size() * sizeof(unit));
    // Not std::barrier: ThreadSanitizer takes its waiting for synchronisation of everything.
    for (pthread_barrier_t& b : barriers) pthread_barrier_init(&b, nullptr, threads);
  }
  ~block() {
    for (pthread_barrier_t& b : barriers) pthread_barrier_destroy(&b);
  }
  block(const block&) = delete;
  block& operator=(const block&) = delete;

  // Taken in turns: a lane that is late to leave one would otherwise be taken to have seen what the
  // others did on their way to the next, and their races with it would go unreported.
  pthread_barrier_t barriers[2];
  std::vector<warp> warps;
  std::vector<unit> shared;
};

struct running_lane {
  lane ids;
  block* home;
  unsigned turn = 0;
};

thread_local running_lane* current = nullptr;

running_lane& running() {
  if (current == nullptr) throw emulation_error("this is device code: call it from a kernel");
  return *current;
}

}  // namespace

const lane& self() { return running().ids; }

void meet_block(site /*where*/) {
  running_lane& me = running();
  pthread_barrier_wait(&me.home->barriers[me.turn++ % 2]);
}

warp_values meet_warp(warp_operation operation, std::uint32_t mask, std::uint64_t value,
                      site /*where*/) {
  const running_lane& me = running();
  return me.home->warps[me.ids.thread / warp_size].meet(me.ids.thread % warp_size, operation, mask,
                                                        value);
}

void run(const launch_config& config, const std::function<void()>& body) {
  // As many blocks at once as keep the number of threads bearable.
  constexpr std::uint32_t most_threads = 1024;
  const std::uint32_t together = std::max(most_threads / config.threads, 1u);
  for (std::uint32_t first = 0; first < config.blocks; first += together) {
    const std::uint32_t count = std::min(together, config.blocks - first);
    std::vector<std::unique_ptr<block>> blocks;
    std::vector<running_lane> lanes;
    lanes.reserve(std::size_t{count} * config.threads);
    for (std::uint32_t b = 0; b < count; ++b) {
      blocks.push_back(std::make_unique<block>(config.threads, config.shared_bytes));
      auto* const shared = reinterpret_cast<std::byte*>(blocks.back()->shared.data());
      for (std::uint32_t t = 0; t < config.threads; ++t) {
        lanes.push_back({{t, first + b, config.threads, config.blocks, shared}, &*blocks.back()});
      }
    }
    std::vector<std::thread> threads;
    threads.reserve(lanes.size());
    for (running_lane& l : lanes) {
      // What a lane throws ends the program: its neighbours would wait for it for ever.
      threads.emplace_back([&body, &l]() noexcept {
        current = &l;
        body();
      });
    }
    for (std::thread& t : threads) t.join();
  }
}

}  // namespace recokit::simt::emulator
