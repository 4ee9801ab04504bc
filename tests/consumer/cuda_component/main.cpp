// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../check.hpp"

#include <recokit/core/device.hpp>

#include <cstdio>

// With a GPU: there is one. Without: the exception says so and the CPU works all the same.
int main() {
  try {
    if (recokit::cuda_devices().empty()) return 1;
  } catch (const recokit::backend_error& caught) {
    if (recokit::cuda_available()) return 1;
    std::printf("%s\n", caught.what());
  }
  return check();
}
