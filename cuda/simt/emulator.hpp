// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief recokit::simt on the CPU, for tests. Included by simt.hpp where nvcc does not compile.
///
/// Two runtimes implement the declarations: emulator_fibers.cpp runs the lanes of a block as fibers
/// of one thread and reports every deadlock; emulator_threads.cpp gives each lane a thread of its
/// own, so that ThreadSanitizer sees a missing barrier as the race it is. Link one of them.
#pragma once

#include "runtime/failure.hpp"

#include <recokit/core/rounded_product.hpp>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>

#define RECOKIT_GLOBAL
#define RECOKIT_DEVICE inline
#define RECOKIT_LAUNCH_BOUNDS(threads, resident)
#define RECOKIT_UNROLL
#define RECOKIT_ROLLED

namespace recokit::simt {

/// The kernel broke one of the rules stated in simt.hpp.
class emulation_error : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace emulator {

/// Where in the source a lane waits.
struct site {
  const char* file;
  int line;
};

/// What a lane can ask about itself.
struct lane {
  std::uint32_t thread;
  std::uint32_t block;
  std::uint32_t block_size;
  std::uint32_t grid_size;
  std::byte* shared;
};

/// What the lanes of a warp can do together. Lanes that meet must do the same.
enum class warp_operation : std::uint8_t { sync, shuffle, ballot };

/// The values of all lanes that took part, by lane.
struct warp_values {
  std::uint64_t of[warp_size];
};

/// The running lane. @throws emulation_error outside a kernel
const lane& self();
/// Waits for all lanes of the block.
void meet_block(site where);
/// Waits for all lanes of the mask and exchanges values.
warp_values meet_warp(warp_operation operation, std::uint32_t mask, std::uint64_t value,
                      site where);
/// Runs `body` once a lane. Shared memory is filled with a pattern before each block.
/// @throws emulation_error, and what `body` throws
void run(const launch_config& config, const std::function<void()>& body);

/// The names of the kernels launched so far. Launches come from one thread.
inline std::set<std::string>& launched() {
  static std::set<std::string> names;
  return names;
}

template <class T>
std::uint64_t pack(T value) {
  static_assert(std::is_arithmetic_v<T> && sizeof(T) <= sizeof(std::uint64_t));
  std::uint64_t packed = 0;
  std::memcpy(&packed, &value, sizeof value);
  return packed;
}

template <class T>
T shuffle(std::uint32_t mask, T value, std::uint32_t source, site where) {
  const warp_values all = meet_warp(warp_operation::shuffle, mask, pack(value), where);
  if (source >= warp_size || (mask >> source & 1) == 0) {
    throw emulation_error("a shuffle reads lane " + std::to_string(source) +
                          ", which its mask leaves out");
  }
  std::memcpy(&value, &all.of[source], sizeof value);
  return value;
}

}  // namespace emulator

#define RECOKIT_DETAIL_SITE emulator::site where = {__builtin_FILE(), __builtin_LINE()}

inline std::uint32_t thread_index() { return emulator::self().thread; }
inline std::uint32_t block_index() { return emulator::self().block; }
inline std::uint32_t block_size() { return emulator::self().block_size; }
inline std::uint32_t grid_size() { return emulator::self().grid_size; }

template <class T>
T* shared_memory() {
  return reinterpret_cast<T*>(emulator::self().shared);
}

inline void block_sync(RECOKIT_DETAIL_SITE) { emulator::meet_block(where); }
inline void warp_sync(std::uint32_t mask = full_mask, RECOKIT_DETAIL_SITE) {
  emulator::meet_warp(emulator::warp_operation::sync, mask, 0, where);
}

template <class T>
T shfl(std::uint32_t mask, T value, std::uint32_t source, RECOKIT_DETAIL_SITE) {
  return emulator::shuffle(mask, value, source, where);
}
template <class T>
T shfl_xor(std::uint32_t mask, T value, std::uint32_t lane_mask, RECOKIT_DETAIL_SITE) {
  const std::uint32_t lane = thread_index() % warp_size;
  return emulator::shuffle(mask, value, lane ^ lane_mask, where);
}
template <class T>
T shfl_down(std::uint32_t mask, T value, std::uint32_t delta, RECOKIT_DETAIL_SITE) {
  const std::uint32_t lane = thread_index() % warp_size;
  return emulator::shuffle(mask, value, delta < warp_size - lane ? lane + delta : lane, where);
}
inline std::uint32_t ballot(std::uint32_t mask, bool predicate, RECOKIT_DETAIL_SITE) {
  const auto all =
      emulator::meet_warp(emulator::warp_operation::ballot, mask, emulator::pack(predicate), where);
  std::uint32_t bits = 0;
  for (std::uint32_t i = 0; i < warp_size; ++i) {
    if ((mask >> i & 1) != 0 && all.of[i] != 0) bits |= 1u << i;
  }
  return bits;
}

#undef RECOKIT_DETAIL_SITE

inline std::uint32_t popcount(std::uint32_t bits) {
  return static_cast<std::uint32_t>(std::popcount(bits));
}

// Relaxed, as on the GPU: an atomic orders no other access, and ThreadSanitizer holds us to it.
inline std::uint32_t atomic_add(std::uint32_t* target, std::uint32_t value) {
  return std::atomic_ref(*target).fetch_add(value, std::memory_order_relaxed);
}
inline void atomic_min(std::uint32_t* target, std::uint32_t value) {
  const std::atomic_ref shared(*target);
  std::uint32_t seen = shared.load(std::memory_order_relaxed);
  while (value < seen && !shared.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

inline std::uint32_t bits_of(float value) { return std::bit_cast<std::uint32_t>(value); }
inline float float_of(std::uint32_t bits) { return std::bit_cast<float>(bits); }
inline std::uint64_t bits_of(double value) { return std::bit_cast<std::uint64_t>(value); }
inline double double_of(std::uint64_t bits) { return std::bit_cast<double>(bits); }
inline double product(double a, double b) { return rounded_product(a, b); }
inline float fma(float a, float b, float c) { return std::fma(a, b, c); }
inline double fma(double a, double b, double c) { return std::fma(a, b, c); }
inline float sqrt(float value) { return std::sqrt(value); }
inline float exp(float value) { return std::exp(value); }
inline float pow(float base, float exponent) { return std::pow(base, exponent); }
inline float float_of_half(std::uint16_t bits) {
  const std::uint32_t exponent = bits >> 10 & 31u;
  const std::uint32_t fraction = bits & 0x3FFu;
  float size = 0;
  if (exponent == 31) {
    size = float_of(0x7F80'0000u | fraction << 13);
  } else if (exponent == 0) {
    size = static_cast<float>(fraction) * 0x1p-24f;
  } else {
    size = float_of((exponent + 112) << 23 | fraction << 13);
  }
  return (bits & 0x8000u) != 0 ? -size : size;
}
inline std::uint16_t half_of_float(float value) {
  const std::uint32_t sign = bits_of(value) >> 16 & 0x8000u;
  const float size = std::fabs(value);
  std::uint32_t bits = 0;
  if (std::isnan(value)) {
    bits = 0x7FFFu;
  } else if (size >= 65520.0f) {
    bits = 0x7C00u;
  } else if (size < 0x1p-14f) {
    bits = static_cast<std::uint32_t>(std::nearbyint(size * 0x1p24f));
  } else {
    const std::uint32_t wide = bits_of(size);
    bits = (wide + 0xFFFu + (wide >> 13 & 1u) - (112u << 23)) >> 13;
  }
  return static_cast<std::uint16_t>(sign | bits);
}

/// Runs the kernel to its end.
/// @throws emulation_error; value_error for a bad block size
template <class... Params>
void launch(const char* name, const launch_config& config, void (*kernel)(Params...),
            std::type_identity_t<Params>... args) {
  if (config.threads == 0 || config.threads % warp_size != 0 || config.threads > max_block_size) {
    cuda_kernels::fail_value("launch.threads", config.threads,
                             "must be a multiple of 32, at most 1024");
  }
  emulator::launched().insert(name);
  emulator::run(config, [&] { kernel(args...); });
}

}  // namespace recokit::simt
