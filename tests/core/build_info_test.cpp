// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/build_info.hpp>

TEST_CASE("build_info tells what the linked library is made of") {
  const auto info = recokit::build_info();
  CHECK(info.version == RECOKIT_VERSION_STRING);
  CHECK(info.alignment == EIGEN_MAX_ALIGN_BYTES);
  CHECK(info.hardware_threads >= 1);
  CHECK(info.eigen.find('.') != std::string::npos);
  CHECK_FALSE(info.compiler.empty());
#if defined(RECOKIT_PARALLEL_STD)
  CHECK(info.executor == "std::thread");
#else
  CHECK(info.executor.rfind("oneTBB", 0) == 0);
#endif
}

TEST_CASE("the version number and the version text agree") {
  const int number = RECOKIT_VERSION;
  const std::string text = std::to_string(number / 10000) + "." +
                           std::to_string(number / 100 % 100) + "." + std::to_string(number % 100);
  CHECK(text == RECOKIT_VERSION_STRING);
}
