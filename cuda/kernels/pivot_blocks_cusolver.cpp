// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/convert_block.hpp"
#include "kernels/pivot_blocks.hpp"
#include "runtime/check.hpp"

#include <cusolverDn.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace recokit::cuda_kernels {
namespace {

const char* name_of(cusolverStatus_t status) {
  switch (status) {
    case CUSOLVER_STATUS_NOT_INITIALIZED:
      return "CUSOLVER_STATUS_NOT_INITIALIZED";
    case CUSOLVER_STATUS_ALLOC_FAILED:
      return "CUSOLVER_STATUS_ALLOC_FAILED";
    case CUSOLVER_STATUS_INVALID_VALUE:
      return "CUSOLVER_STATUS_INVALID_VALUE";
    case CUSOLVER_STATUS_ARCH_MISMATCH:
      return "CUSOLVER_STATUS_ARCH_MISMATCH";
    case CUSOLVER_STATUS_EXECUTION_FAILED:
      return "CUSOLVER_STATUS_EXECUTION_FAILED";
    case CUSOLVER_STATUS_INTERNAL_ERROR:
      return "CUSOLVER_STATUS_INTERNAL_ERROR";
    case CUSOLVER_STATUS_NOT_SUPPORTED:
      return "CUSOLVER_STATUS_NOT_SUPPORTED";
    default:
      return "cusolverStatus_t";  // newer than this list
  }
}

}  // namespace

/// What RECOKIT_CUDA_CHECK calls for cuSOLVER, which has no words of its own for its errors.
static void check(const char* call, cusolverStatus_t status) {
  if (status == CUSOLVER_STATUS_SUCCESS) return;
  static_cast<void>(cudaGetLastError());
  fail_call(call, name_of(status), "an error of cuSOLVER");
}

namespace {

using context_state = recokit::detail::cuda_context_state;

/// A handle and the empty set of choices that goes with it.
class solver_handle {
 public:
  explicit solver_handle(stream_t stream) {
    try {
      RECOKIT_CUDA_CHECK(cusolverDnCreate(&handle_));
      RECOKIT_CUDA_CHECK(cusolverDnCreateParams(&choices_));
      RECOKIT_CUDA_CHECK(cusolverDnSetStream(handle_, stream));
    } catch (...) {
      destroy();
      throw;
    }
  }
  ~solver_handle() { destroy(); }
  solver_handle(const solver_handle&) = delete;
  solver_handle& operator=(const solver_handle&) = delete;

  cusolverDnHandle_t get() const noexcept { return handle_; }
  cusolverDnParams_t choices() const noexcept { return choices_; }

 private:
  void destroy() noexcept {
    if (choices_ != nullptr) static_cast<void>(cusolverDnDestroyParams(choices_));
    if (handle_ != nullptr) static_cast<void>(cusolverDnDestroy(handle_));
  }

  cusolverDnHandle_t handle_ = nullptr;
  cusolverDnParams_t choices_ = nullptr;
};

// cuSOLVER counts by columns: the lower triangle of a row-major block is its upper one, and L is
// its U.
constexpr cublasFillMode_t triangle = CUBLAS_FILL_MODE_UPPER;

class solver_pivot_blocks final : public pivot_blocks {
 public:
  solver_pivot_blocks(context_state& context, device_arena::scope& scope)
      : context_(context),
        solver_(context.stream()),
        host_(make_host_pivot_blocks(context)),
        info_(scope.allocate<int>("state of a factor", 1)),
        inverse_(scope.allocate<double>("factor of a block", most_pivots * most_pivots)),
        product_(scope.allocate<double>("inverse of a block", most_pivots * most_pivots)) {
    std::size_t device = 0;
    std::size_t host = 0;
    RECOKIT_CUDA_CHECK(cusolverDnXpotrf_bufferSize(solver_.get(), solver_.choices(), triangle,
                                                   most_pivots, CUDA_R_64F, inverse_, most_pivots,
                                                   CUDA_R_64F, &device, &host));
    device_bytes_ = device;
    host_bytes_.resize(host);
    RECOKIT_CUDA_CHECK(cusolverDnXtrtri_bufferSize(solver_.get(), triangle, CUBLAS_DIAG_NON_UNIT,
                                                   most_pivots, CUDA_R_64F, inverse_, most_pivots,
                                                   &device, &host));
    device_bytes_ = std::max(device_bytes_, device);
    host_bytes_.resize(std::max(host_bytes_.size(), host));
    workspace_ = scope.allocate<unsigned char>("work space of cuSOLVER", device_bytes_);
  }

  void begin(const pivot_block& /*block*/) override {}

  void factor(const pivot_block& block, float* m) override {
    if (!invert(block, m)) {
      // The block is as it was. The host says which pivot it is, in the same words as ever.
      host_->begin(block);
      return host_->factor(block, m);
    }
    // −MᵀM. By columns, M is its transpose C, and this is −C Cᵀ.
    const std::int64_t s = block.size;
    constexpr double minus = -1;
    constexpr double none = 0;
    RECOKIT_CUDA_CHECK(cublasDgemm_64(context_.blas(), CUBLAS_OP_N, CUBLAS_OP_T, s, s, s, &minus,
                                      inverse_, s, inverse_, s, &none, product_, s));
    convert_block(product_, s, block.data, block.stride, s, false, context_.stream());
  }

 private:
  /// M into inverse_ and m. Waits. @returns false when a pivot is not finite and above 0
  bool invert(const pivot_block& block, float* m) {
    const std::int64_t s = block.size;
    stream_t stream = context_.stream();
    convert_block(block.data, block.stride, inverse_, s, s, true, stream);
    RECOKIT_CUDA_CHECK(cusolverDnXpotrf(solver_.get(), solver_.choices(), triangle, s, CUDA_R_64F,
                                        inverse_, s, CUDA_R_64F, workspace_, device_bytes_,
                                        host_bytes_.data(), host_bytes_.size(), info_));
    if (!done()) return false;
    RECOKIT_CUDA_CHECK(cusolverDnXtrtri(solver_.get(), triangle, CUBLAS_DIAG_NON_UNIT, s,
                                        CUDA_R_64F, inverse_, s, workspace_, device_bytes_,
                                        host_bytes_.data(), host_bytes_.size(), info_));
    if (!done()) return false;
    convert_block(inverse_, s, m, s, s, true, stream);
    std::vector<float> diagonal(static_cast<std::size_t>(s));
    copy_rows_to_host(diagonal.data(), sizeof(float), m,
                      static_cast<std::size_t>(s + 1) * sizeof(float), sizeof(float),
                      diagonal.size(), stream);
    return std::all_of(diagonal.begin(), diagonal.end(),
                       [](float x) { return std::isfinite(x) && x > 0; });
  }
  bool done() const {
    int info = 0;
    copy_to_host(&info, info_, sizeof info, context_.stream());
    return info == 0;
  }

  context_state& context_;
  solver_handle solver_;
  std::unique_ptr<pivot_blocks> host_;
  int* info_;
  double* inverse_;
  double* product_;
  unsigned char* workspace_ = nullptr;
  std::size_t device_bytes_ = 0;
  std::vector<unsigned char> host_bytes_;
};

}  // namespace

std::unique_ptr<pivot_blocks> make_pivot_blocks(context_state& context,
                                                device_arena::scope& scope) {
  return std::make_unique<solver_pivot_blocks>(context, scope);
}

}  // namespace recokit::cuda_kernels
