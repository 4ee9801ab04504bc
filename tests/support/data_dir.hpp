// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Real data sets for tests tagged [data]; RECOKIT_DATA_DIR names their folder.
#pragma once

#include "catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace recokit_test {

/// The path of `relative` in the data folder, or an empty path when it is not there.
inline std::filesystem::path data_file(const std::filesystem::path& relative) {
  const char* const folder = std::getenv("RECOKIT_DATA_DIR");
  if (folder == nullptr) return {};
  auto file = std::filesystem::path(folder) / relative;
  return std::filesystem::exists(file) ? file : std::filesystem::path{};
}

}  // namespace recokit_test

/// Ends a test as skipped (CTest reads the line) when the data set is absent; else defines `name`.
#define RECOKIT_REQUIRE_DATA(name, relative)                                    \
  const auto name = recokit_test::data_file(relative);                          \
  if (name.empty()) {                                                           \
    std::cout << "recokit: test skipped, no data: " << (relative) << std::endl; \
    SUCCEED("skipped");                                                         \
    return;                                                                     \
  }
