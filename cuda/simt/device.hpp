// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief recokit::simt on a GPU: one intrinsic a word. Included by simt.hpp under nvcc.
#pragma once

#include "runtime/check.hpp"

#include <cuda_fp16.h>

#include <type_traits>

#define RECOKIT_GLOBAL __global__
#define RECOKIT_DEVICE __device__ __forceinline__
#define RECOKIT_LAUNCH_BOUNDS(threads, resident) __launch_bounds__(threads, resident)
#define RECOKIT_UNROLL _Pragma("unroll")
#define RECOKIT_ROLLED _Pragma("unroll 1")

namespace recokit::simt {

RECOKIT_DEVICE std::uint32_t thread_index() { return threadIdx.x; }
RECOKIT_DEVICE std::uint32_t block_index() { return blockIdx.x; }
RECOKIT_DEVICE std::uint32_t block_size() { return blockDim.x; }
RECOKIT_DEVICE std::uint32_t grid_size() { return gridDim.x; }

/// The block's shared memory, launch_config::shared_bytes long, aligned to 16 bytes.
template <class T>
RECOKIT_DEVICE T* shared_memory() {
  extern __shared__ __align__(16) unsigned char recokit_shared_memory[];
  return reinterpret_cast<T*>(recokit_shared_memory);
}

RECOKIT_DEVICE void block_sync() { __syncthreads(); }
RECOKIT_DEVICE void warp_sync(std::uint32_t mask = full_mask) { __syncwarp(mask); }

/// The value of another lane of the warp.
template <class T>
RECOKIT_DEVICE T shfl(std::uint32_t mask, T value, std::uint32_t source) {
  return __shfl_sync(mask, value, static_cast<int>(source));
}
template <class T>
RECOKIT_DEVICE T shfl_xor(std::uint32_t mask, T value, std::uint32_t lane_mask) {
  return __shfl_xor_sync(mask, value, static_cast<int>(lane_mask));
}
/// The value of lane + delta; one's own when that is past the warp.
template <class T>
RECOKIT_DEVICE T shfl_down(std::uint32_t mask, T value, std::uint32_t delta) {
  return __shfl_down_sync(mask, value, delta);
}
/// Bit i is the predicate of lane i.
RECOKIT_DEVICE std::uint32_t ballot(std::uint32_t mask, bool predicate) {
  return __ballot_sync(mask, predicate);
}

/// How many bits are set.
RECOKIT_DEVICE std::uint32_t popcount(std::uint32_t bits) {
  return static_cast<std::uint32_t>(__popc(bits));
}

/// Adds to shared or global memory and returns the value before.
RECOKIT_DEVICE std::uint32_t atomic_add(std::uint32_t* target, std::uint32_t value) {
  return atomicAdd(target, value);
}
/// Leaves the smaller of the two values in memory.
RECOKIT_DEVICE void atomic_min(std::uint32_t* target, std::uint32_t value) {
  atomicMin(target, value);
}

RECOKIT_DEVICE std::uint32_t bits_of(float value) { return __float_as_uint(value); }
RECOKIT_DEVICE float float_of(std::uint32_t bits) { return __uint_as_float(bits); }
RECOKIT_DEVICE std::uint64_t bits_of(double value) {
  return static_cast<std::uint64_t>(__double_as_longlong(value));
}
RECOKIT_DEVICE double double_of(std::uint64_t bits) {
  return __longlong_as_double(static_cast<long long>(bits));
}
/// a · b, rounded before it is added to anything, as rounded_product() on the CPU.
RECOKIT_DEVICE double product(double a, double b) { return __dmul_rn(a, b); }
/// a · b + c with one rounding, the same bits on both backends.
RECOKIT_DEVICE float fma(float a, float b, float c) { return ::fmaf(a, b, c); }
RECOKIT_DEVICE double fma(double a, double b, double c) { return ::fma(a, b, c); }
RECOKIT_DEVICE float sqrt(float value) { return ::sqrtf(value); }
RECOKIT_DEVICE float exp(float value) { return ::expf(value); }
RECOKIT_DEVICE float pow(float base, float exponent) { return ::powf(base, exponent); }
/// binary16 from its bits, and to the nearest one, ties to even.
RECOKIT_DEVICE float float_of_half(std::uint16_t bits) {
  return __half2float(__ushort_as_half(bits));
}
RECOKIT_DEVICE std::uint16_t half_of_float(float value) {
  return __half_as_ushort(__float2half_rn(value));
}

/// Starts kernel(args...) on config.stream.
/// @throws backend_error when the launch is refused; value_error for a bad block size
template <class... Params>
void launch(const char* name, const launch_config& config, void (*kernel)(Params...),
            std::type_identity_t<Params>... args) {
  if (config.threads == 0 || config.threads % warp_size != 0 || config.threads > max_block_size) {
    cuda_kernels::fail_value("launch.threads", config.threads,
                             "must be a multiple of 32, at most 1024");
  }
  constexpr std::size_t without_asking = std::size_t{48} << 10;
  if (config.shared_bytes > without_asking) {
    cuda_kernels::check(name,
                        cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                             static_cast<int>(config.shared_bytes)));
  }
  kernel<<<config.blocks, config.threads, config.shared_bytes, config.stream>>>(args...);
  cuda_kernels::check(name, cudaGetLastError());
}

}  // namespace recokit::simt
