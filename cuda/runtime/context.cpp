// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/context.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace recokit::cuda_kernels {

void* device_memory::allocate(std::uint64_t bytes) const {
  const current_device here(ordinal);
  return allocate_device(static_cast<std::size_t>(bytes));
}

void device_memory::release(void* memory) const noexcept { free_device(memory); }

std::uint64_t device_memory::available() const {
  const current_device here(ordinal);
  return free_device_bytes();
}

}  // namespace recokit::cuda_kernels

namespace recokit::inline RECOKIT_ABI {
namespace detail {

using cuda_kernels::current_device;

cuda_context_state::cuda_context_state(cuda_device_info device, cuda_context_options options)
    : device_(std::move(device)),
      max_data_bytes_(options.max_data_bytes),
      scratch_(options.max_memory_bytes, cuda_kernels::device_memory{device_.ordinal}) {}

cuda_context_state::~cuda_context_state() {
  cuda_kernels::destroy_blas(blas_);
  cuda_kernels::destroy_stream(stream_);
}

cuda_kernels::stream_t cuda_context_state::stream() {
  if (stream_ == nullptr) {
    const current_device here(device_.ordinal);
    stream_ = cuda_kernels::make_stream();
  }
  return stream_;
}

cuda_kernels::blas_t cuda_context_state::blas() {
  if (blas_ == nullptr) {
    const current_device here(device_.ordinal);
    blas_ = cuda_kernels::make_blas();
  }
  // Setting the stream again is cheap and covers a first call that failed half-way.
  cuda_kernels::set_stream(blas_, stream());
  return blas_;
}

void cuda_context_state::synchronize() {
  if (stream_ != nullptr) cuda_kernels::wait_for(stream_);
}

std::uint64_t cuda_context_state::data_bytes() const {
  const current_device here(device_.ordinal);
  const std::uint64_t free = cuda_kernels::free_device_bytes();
  return max_data_bytes_ == 0 ? free - free / 8 : std::min(max_data_bytes_, free);
}

cuda_context_state& state_of(cuda_context& context) noexcept { return *context.state_; }

}  // namespace detail

cuda_context::cuda_context(cuda_context_options options, const cuda& policy) {
  detail::require_device(policy);
  auto devices = detail::cuda_devices();
  state_ = std::make_unique<detail::cuda_context_state>(
      std::move(devices[static_cast<std::size_t>(policy.device)]), options);
}

cuda_context::~cuda_context() = default;
cuda_context::cuda_context(cuda_context&& other) noexcept = default;
cuda_context& cuda_context::operator=(cuda_context&& other) noexcept = default;

const cuda_device_info& cuda_context::device() const noexcept { return state_->device(); }

std::uint64_t cuda_context::reserved_bytes() const noexcept {
  return state_->scratch().reserved_bytes();
}

void cuda_context::synchronize() { state_->synchronize(); }

}  // namespace recokit::inline RECOKIT_ABI
