// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Backend tags: the optional first argument of every fit, recommend and evaluate.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI {

/// Runs on the CPU through Eigen and the executor of core/parallel.hpp.
struct cpu {
  /// Upper bound of the threads used; 0 takes what the machine has.
  /// Results are the same bits for any value.
  int threads = 0;
};

/// How a GPU holds factors and multiplies them. Row systems are solved in fp32 with all of them.
enum class cuda_precision : std::uint8_t {
  fp32,
  tf32,  ///< Gram matrices and scores through tensor cores, operands rounded to 10 bits
  bf16,  ///< factors take 16 bits on the device, 8 of them significant; sums in fp32
  fp16,  ///< factors take 16 bits on the device, 11 of them significant, at most 65504
};
constexpr std::array<std::string_view, 4> enum_names(cuda_precision) {
  return {"fp32", "tf32", "bf16", "fp16"};
}

class cuda_context;

/// Runs on one NVIDIA GPU. Needs a build with -DRECOKIT_CUDA=ON and the target recokit::cuda.
struct cuda {
  /// Device ordinal, as cudaSetDevice counts.
  int device = 0;
  cuda_precision precision = cuda_precision::fp32;
  /// Stream, cuBLAS handle and scratch memory to work with; null: made for each call. Must be one
  /// of `device`, and used by one thread at a time.
  cuda_context* context = nullptr;
  /// How many, from `device` on, share the rows of a fit of ials or als: the factors of one. What
  /// is not such a fit runs on `device` alone.
  int devices = 1;
};

/// The policy used when none is given; the CMake option RECOKIT_DEFAULT_BACKEND sets it.
#if defined(RECOKIT_DEFAULT_BACKEND_CUDA)
using default_backend = cuda;
#else
using default_backend = cpu;
#endif

/// A type that can stand as the first argument of fit.
template <class Policy>
concept backend = std::same_as<std::remove_cvref_t<Policy>, cpu> ||
    std::same_as<std::remove_cvref_t<Policy>, cuda>;

namespace detail {

/// Where the work is done that a backend leaves to the CPU.
constexpr cpu host_of(const cpu& policy) noexcept { return policy; }
constexpr cpu host_of(const cuda&) noexcept { return {}; }

#if defined(RECOKIT_HAS_CUDA)
inline constexpr bool has_cuda = true;
#else
inline constexpr bool has_cuda = false;
#endif

/// Stops compilation with one sentence when the backend is not linked, or has no kernels for the
/// algorithm yet. Every fit calls it first.
template <class Policy, bool HasCudaKernels>
constexpr void require_backend() {
  constexpr bool wants_cuda = std::same_as<Policy, cuda>;
  static_assert(!wants_cuda || has_cuda,
                "recokit: the CUDA backend is not linked. Configure recokit with "
                "-DRECOKIT_CUDA=ON and link the target recokit::cuda.");
  static_assert(
      !wants_cuda || !has_cuda || HasCudaKernels,
      "recokit: this algorithm has no CUDA kernels in this version; pass recokit::cpu{}.");
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
