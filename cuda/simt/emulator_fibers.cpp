// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// The lanes of a block as fibers of the calling thread. A lane runs until it waits; when all lanes
// wait and no group of them is complete, the kernel is wrong and the message says who waits where.
// A switch costs about a quarter of a microsecond.
#include "simt.hpp"

#include <ucontext.h>

#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define RECOKIT_DETAIL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RECOKIT_DETAIL_ASAN 1
#endif
#endif
#if defined(RECOKIT_DETAIL_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace recokit::simt::emulator {
namespace {

// AddressSanitizer pads every frame.
#if defined(RECOKIT_DETAIL_ASAN)
constexpr std::size_t stack_bytes = std::size_t{256} << 10;
#else
constexpr std::size_t stack_bytes = std::size_t{64} << 10;
#endif

enum class state : std::uint8_t { ready, at_barrier, in_warp, returned };

struct fiber {
  lane ids{};
  state now = state::ready;
  site where{};
  warp_operation operation{};
  std::uint32_t mask = 0;
  std::uint64_t value = 0;
  warp_values received{};
  std::exception_ptr thrown;
  ucontext_t context{};
  std::unique_ptr<std::byte[]> stack;
};

/// One block at a time, on the thread that called run().
class block {
 public:
  block(const launch_config& config, const std::function<void()>& body)
      : body_(body), lanes_(config.threads), shared_((config.shared_bytes + 15) / 16) {
    shared_bytes_ = config.shared_bytes;
    for (fiber& f : lanes_) f.stack.reset(new std::byte[stack_bytes]);
  }

  void run(std::uint32_t index, std::uint32_t grid_size);

  fiber& current() { return *current_; }

  /// Called on a fiber: back to the scheduler until someone makes this lane ready.
  void wait(state why, site where) {
    fiber& f = *current_;
    f.now = why;
    f.where = where;
    leave(f, false);
  }

 private:
  struct alignas(16) unit {
    std::byte bytes[16];
  };

  static void entry();
  void enter(fiber& f);
  void leave(fiber& f, bool forever);
  bool release_warps();
  bool release_barrier();
  [[noreturn]] void deadlock() const;

  const std::function<void()>& body_;
  std::vector<fiber> lanes_;
  std::vector<unit> shared_;
  std::size_t shared_bytes_ = 0;
  fiber* current_ = nullptr;
  ucontext_t scheduler_{};
#if defined(RECOKIT_DETAIL_ASAN)
  void* scheduler_fake_ = nullptr;
  const void* scheduler_stack_ = nullptr;
  std::size_t scheduler_stack_size_ = 0;
#endif
};

thread_local block* running = nullptr;

void block::entry() {
  block& b = *running;
  fiber& f = b.current();
#if defined(RECOKIT_DETAIL_ASAN)
  __sanitizer_finish_switch_fiber(nullptr, &b.scheduler_stack_, &b.scheduler_stack_size_);
#endif
  try {
    b.body_();
  } catch (...) {
    f.thrown = std::current_exception();
  }
  f.now = state::returned;
  b.leave(f, true);
}

void block::enter(fiber& f) {
  current_ = &f;
#if defined(RECOKIT_DETAIL_ASAN)
  __sanitizer_start_switch_fiber(&scheduler_fake_, f.stack.get(), stack_bytes);
#endif
  swapcontext(&scheduler_, &f.context);
#if defined(RECOKIT_DETAIL_ASAN)
  __sanitizer_finish_switch_fiber(scheduler_fake_, nullptr, nullptr);
#endif
}

void block::leave(fiber& f, [[maybe_unused]] bool forever) {
#if defined(RECOKIT_DETAIL_ASAN)
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(forever ? nullptr : &fake, scheduler_stack_,
                                 scheduler_stack_size_);
#endif
  swapcontext(&f.context, &scheduler_);
#if defined(RECOKIT_DETAIL_ASAN)
  __sanitizer_finish_switch_fiber(fake, &scheduler_stack_, &scheduler_stack_size_);
#endif
}

void block::run(std::uint32_t index, std::uint32_t grid_size) {
  running = this;
  struct reset {
    ~reset() { running = nullptr; }
  } const at_end;
  auto* const shared = reinterpret_cast<std::byte*>(shared_.data());
#if defined(RECOKIT_DETAIL_ASAN)
  ASAN_UNPOISON_MEMORY_REGION(shared, shared_.size() * sizeof(unit));
#endif
  // A kernel that reads what it never wrote gets large negative numbers, not zeros.
  if (shared != nullptr) std::memset(shared, 0xCD, shared_.size() * sizeof(unit));
#if defined(RECOKIT_DETAIL_ASAN)
  ASAN_POISON_MEMORY_REGION(shared + shared_bytes_, shared_.size() * sizeof(unit) - shared_bytes_);
#endif
  for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
    fiber& f = lanes_[i];
#if defined(RECOKIT_DETAIL_ASAN)
    ASAN_UNPOISON_MEMORY_REGION(f.stack.get(), stack_bytes);
#endif
    f.ids = {i, index, static_cast<std::uint32_t>(lanes_.size()), grid_size, shared};
    f.now = state::ready;
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack.get();
    f.context.uc_stack.ss_size = stack_bytes;
    f.context.uc_link = nullptr;
    makecontext(&f.context, &block::entry, 0);
  }
  // Lanes take their turns forwards and backwards, so that no order is a habit to rely on.
  for (bool forwards = true;; forwards = !forwards) {
    std::size_t returned = 0;
    for (std::size_t n = 0; n < lanes_.size(); ++n) {
      fiber& f = lanes_[forwards ? n : lanes_.size() - 1 - n];
      if (f.now == state::ready) {
        enter(f);
        if (f.thrown) std::rethrow_exception(std::exchange(f.thrown, nullptr));
      }
      returned += f.now == state::returned;
    }
    if (returned == lanes_.size()) return;
    const bool any_warp = release_warps();
    if (!any_warp && !release_barrier()) deadlock();
  }
}

/// Lets every complete group of lanes go on.
bool block::release_warps() {
  bool any = false;
  for (std::size_t first = 0; first < lanes_.size(); first += warp_size) {
    for (std::size_t i = 0; i < warp_size; ++i) {
      const fiber& leader = lanes_[first + i];
      if (leader.now != state::in_warp) continue;
      bool complete = true;
      for (std::size_t j = 0; j < warp_size; ++j) {
        const fiber& f = lanes_[first + j];
        if ((leader.mask >> j & 1) == 0) continue;
        complete &=
            f.now == state::in_warp && f.mask == leader.mask && f.operation == leader.operation;
      }
      if (!complete) continue;
      const std::uint32_t mask = leader.mask;
      warp_values values{};
      for (std::size_t j = 0; j < warp_size; ++j) {
        if ((mask >> j & 1) != 0) values.of[j] = lanes_[first + j].value;
      }
      for (std::size_t j = 0; j < warp_size; ++j) {
        if ((mask >> j & 1) == 0) continue;
        lanes_[first + j].received = values;
        lanes_[first + j].now = state::ready;
      }
      any = true;
    }
  }
  return any;
}

/// Lets the block go on when all its lanes wait at one barrier.
bool block::release_barrier() {
  const site place = lanes_.front().where;
  for (const fiber& f : lanes_) {
    if (f.now != state::at_barrier || f.where.line != place.line ||
        std::strcmp(f.where.file, place.file) != 0) {
      return false;
    }
  }
  for (fiber& f : lanes_) f.now = state::ready;
  return true;
}

void block::deadlock() const {
  std::map<std::string, std::size_t> groups;
  for (const fiber& f : lanes_) {
    if (f.now == state::returned) {
      ++groups["have returned"];
      continue;
    }
    std::string text = f.now == state::at_barrier ? "wait for the block" : "wait for their warp";
    if (f.now == state::in_warp) {
      static constexpr char digits[] = "0123456789abcdef";
      text += " with mask 0x";
      for (int shift = 28; shift >= 0; shift -= 4) text += digits[f.mask >> shift & 15];
    }
    ++groups[text + " at " + f.where.file + ":" + std::to_string(f.where.line)];
  }
  std::string message = "SIMT deadlock in block " + std::to_string(lanes_.front().ids.block) + ": ";
  const char* separator = "";
  for (const auto& [what, lanes] : groups) {
    message += separator + std::to_string(lanes) + " lanes " + what;
    separator = "; ";
  }
  throw emulation_error(message);
}

fiber& current_fiber() {
  if (running == nullptr) throw emulation_error("this is device code: call it from a kernel");
  return running->current();
}

}  // namespace

const lane& self() { return current_fiber().ids; }

void meet_block(site where) {
  current_fiber();
  running->wait(state::at_barrier, where);
}

warp_values meet_warp(warp_operation operation, std::uint32_t mask, std::uint64_t value,
                      site where) {
  fiber& f = current_fiber();
  if ((mask >> f.ids.thread % warp_size & 1) == 0) {
    throw emulation_error("lane " + std::to_string(f.ids.thread % warp_size) +
                          " is not in the mask that it waits with");
  }
  f.operation = operation;
  f.mask = mask;
  f.value = value;
  running->wait(state::in_warp, where);
  return f.received;
}

void run(const launch_config& config, const std::function<void()>& body) {
  block lanes(config, body);
  for (std::uint32_t b = 0; b < config.blocks; ++b) lanes.run(b, config.blocks);
}

}  // namespace recokit::simt::emulator
