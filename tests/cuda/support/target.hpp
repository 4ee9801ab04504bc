// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the kernel tests run on: the emulator or a GPU, by what they are linked with.
#pragma once

#include "support/catch.hpp"

#include <iostream>
#include <string>

namespace recokit_test {

/// Empty when kernels can run, else why not.
std::string target_missing();

}  // namespace recokit_test

/// Ends a test as skipped (CTest reads the line) when there is no GPU to run it on.
#define RECOKIT_REQUIRE_TARGET()                                                      \
  do {                                                                                \
    const std::string recokit_missing = recokit_test::target_missing();               \
    if (!recokit_missing.empty()) {                                                   \
      std::cout << "recokit: test skipped, no GPU: " << recokit_missing << std::endl; \
      SUCCEED("skipped");                                                             \
      return;                                                                         \
    }                                                                                 \
  } while (false)
