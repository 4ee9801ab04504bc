// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/device.hpp>

int main() {
#if RECOKIT_FAIL
  return static_cast<int>(recokit::cuda_devices().size());
#else
  return recokit::cuda{}.device;
#endif
}
