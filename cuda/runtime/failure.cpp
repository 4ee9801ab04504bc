// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/failure.hpp"

#include <recokit/core/errors.hpp>

#include <string>

namespace recokit::cuda_kernels {

void fail_call(const char* call, const char* name, const char* text) {
  throw backend_error(std::string("CUDA: ") + call + " failed: " + text + " (" + name + ")");
}

void fail_value(const char* argument, std::int64_t value, const char* requirement) {
  throw value_error(argument, std::to_string(value), requirement);
}

}  // namespace recokit::cuda_kernels
