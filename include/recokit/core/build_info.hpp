// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the linked library was built with.
#pragma once

#include <recokit/core/config.hpp>

#include <string>

namespace recokit::inline RECOKIT_ABI {

/// Facts about the compiled library, for bug reports and benchmark headers.
struct build_information {
  std::string version;   ///< "0.1.0"
  std::string compiler;  ///< "GNU 12.2.0"
  std::string build;     ///< "Release" or "Debug" (assertions on)
  std::string executor;  ///< "oneTBB 2021.8" or "std::thread"
  std::string eigen;     ///< "3.4.0"
  std::string simd;      ///< instruction sets that Eigen was compiled for
  int alignment = 0;     ///< EIGEN_MAX_ALIGN_BYTES
  bool zlib = false;     ///< gzip and compressed npz can be read
  bool libsvm = false;   ///< svm_smote can be called
  int hardware_threads = 0;
};

/// @returns what this copy of recokit::recokit is made of; cheap, never throws but for memory
build_information build_info();

}  // namespace recokit::inline RECOKIT_ABI
