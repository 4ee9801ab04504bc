// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/check.hpp"
#include "runtime/exchange.hpp"
#include "runtime/handles.hpp"

#include <nccl.h>

namespace recokit::cuda_kernels {
namespace {

const char* name_of(ncclResult_t status) {
  switch (status) {
    case ncclUnhandledCudaError:
      return "ncclUnhandledCudaError";
    case ncclSystemError:
      return "ncclSystemError";
    case ncclInternalError:
      return "ncclInternalError";
    case ncclInvalidArgument:
      return "ncclInvalidArgument";
    case ncclInvalidUsage:
      return "ncclInvalidUsage";
    default:
      return "ncclResult_t";  // newer than this list
  }
}

}  // namespace

/// What RECOKIT_CUDA_CHECK calls for NCCL.
static void check(const char* call, ncclResult_t status) {
  if (status == ncclSuccess) return;
  static_cast<void>(cudaGetLastError());
  fail_call(call, name_of(status), ncclGetErrorString(status));
}

namespace {

/// Calls that NCCL starts together; without it one thread would wait for itself.
class call_group {
 public:
  call_group() { RECOKIT_CUDA_CHECK(ncclGroupStart()); }
  // Ended by an error, which is on its way already.
  ~call_group() {
    if (open_) static_cast<void>(ncclGroupEnd());
  }
  call_group(const call_group&) = delete;
  call_group& operator=(const call_group&) = delete;

  void end() {
    open_ = false;
    RECOKIT_CUDA_CHECK(ncclGroupEnd());
  }

 private:
  bool open_ = true;
};

/// One communicator a device, all in this process.
class nccl_exchange final : public array_exchange {
 public:
  explicit nccl_exchange(const std::vector<int>& devices) : communicators_(devices.size()) {
    const current_device here(devices.front());
    RECOKIT_CUDA_CHECK(
        ncclCommInitAll(communicators_.data(), static_cast<int>(devices.size()), devices.data()));
  }
  ~nccl_exchange() override {
    // Destroying waits for what was begun, and after a failure that may never end.
    for (ncclComm_t each : communicators_) {
      static_cast<void>(sound_ ? ncclCommDestroy(each) : ncclCommAbort(each));
    }
  }

  void run(std::span<const shared_array> arrays) override {
    sound_ = false;
    const current_device here(arrays.front().device);
    call_group all;
    for (std::size_t root = 0; root < arrays.size(); ++root) {
      const std::size_t begin = arrays[root].begin;
      if (arrays[root].size == 0) continue;
      for (std::size_t n = 0; n < arrays.size(); ++n) {
        // In place; only the root's is read. Each stream keeps it behind its own work.
        unsigned char* const place = arrays[n].data + begin;
        RECOKIT_CUDA_CHECK(ncclBroadcast(place, place, arrays[root].size, ncclUint8,
                                         static_cast<int>(root), communicators_[n],
                                         arrays[n].stream));
      }
    }
    all.end();
    for (const shared_array& each : arrays) {
      const current_device there(each.device);
      wait_for(each.stream);
    }
    for (ncclComm_t each : communicators_) {
      ncclResult_t status = ncclSuccess;
      RECOKIT_CUDA_CHECK(ncclCommGetAsyncError(each, &status));
      check("a broadcast of NCCL", status);
    }
    sound_ = true;
  }

 private:
  std::vector<ncclComm_t> communicators_;
  bool sound_ = true;
};

}  // namespace

std::unique_ptr<array_exchange> make_device_exchange(const std::vector<int>& devices) {
  return std::make_unique<nccl_exchange>(devices);
}

}  // namespace recokit::cuda_kernels
