// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// The emulator as three devices: they are always there, have one stream and multiplies in naive
// loops.
#include "kernels/factor_access.cuh"
#include "kernels/gram.hpp"
#include "kernels/multiply.hpp"
#include "runtime/handles.hpp"
#include "runtime/memory.hpp"

#include <recokit/core/device.hpp>

#include <string>

namespace recokit::inline RECOKIT_ABI::detail {

namespace {
constexpr int device_count = 3;
}

bool cuda_available() noexcept { return true; }

std::vector<cuda_device_info> cuda_devices() {
  std::vector<cuda_device_info> devices(device_count,
                                        {.name = "emulator",
                                         .memory_bytes = std::uint64_t{1} << 32,
                                         .multiprocessors = 2,
                                         .shared_bytes_a_block = std::uint64_t{64} << 10});
  for (int n = 0; n < device_count; ++n) devices[static_cast<std::size_t>(n)].ordinal = n;
  return devices;
}

void require_device(const cuda& policy) {
  if (policy.device < 0 || policy.device >= device_count) {
    throw backend_error("cuda.device = " + std::to_string(policy.device) +
                        ": the emulator is devices 0 to 2");
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail

namespace recokit::cuda_kernels {

current_device::current_device(int /*ordinal*/) {}
current_device::~current_device() = default;

stream_t make_stream() { return nullptr; }
blas_t make_blas() { return nullptr; }
void set_stream(blas_t /*blas*/, stream_t /*stream*/) {}
void destroy_stream(stream_t /*stream*/) noexcept {}
void destroy_blas(blas_t /*blas*/) noexcept {}

std::size_t free_device_bytes() { return std::size_t{1} << 30; }

namespace {

/// What a tensor core reads of a float.
float tf32_of(float value) {
  const std::uint32_t bits = simt::bits_of(value);
  return simt::float_of((bits + 0xFFFu + (bits >> 13 & 1u)) & 0xFFFF'E000u);
}

float element(const operand& o, std::int64_t row, std::int64_t column, bool tf32) {
  if (o.transposed) std::swap(row, column);
  const std::int64_t at = row * o.stride + column;
  if (o.type == storage::fp32) {
    const float value = static_cast<const float*>(o.data)[at];
    return tf32 ? tf32_of(value) : value;
  }
  const std::uint16_t bits = static_cast<const std::uint16_t*>(o.data)[at];
  return o.type == storage::bf16 ? float_of_bf16(bits) : simt::float_of_half(bits);
}

}  // namespace

void multiply(blas_t /*blas*/, std::int64_t m, std::int64_t n, std::int64_t k, float scale,
              const operand& a, const operand& b, float* out, std::int64_t stride, bool tf32,
              float keep) {
  if (a.type != b.type) fail_value("b.type", static_cast<int>(b.type), "must be that of a");
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      float sum = 0;
      for (std::int64_t l = 0; l < k; ++l) sum += element(a, i, l, tf32) * element(b, l, j, tf32);
      float& to = out[i * stride + j];
      to = keep == 0 ? scale * sum : scale * sum + keep * to;
    }
  }
}

void gram_cublas(blas_t /*blas*/, const float* y, std::int64_t rows, std::int64_t columns,
                 double alpha, double beta, float* out, stream_t stream) {
  device_buffer<float> scratch(static_cast<std::size_t>(gram_scratch(rows, columns)));
  gram(y, rows, columns, alpha, beta, out, scratch.data(), stream);
}

}  // namespace recokit::cuda_kernels
