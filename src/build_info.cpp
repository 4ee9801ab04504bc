// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/build_info.hpp>
#include <recokit/core/parallel.hpp>

#include <string>

#if !defined(RECOKIT_PARALLEL_STD)
#include <oneapi/tbb/version.h>
#endif

namespace recokit::inline RECOKIT_ABI {

build_information build_info() {
  build_information info;
  info.version = RECOKIT_VERSION_STRING;
#if defined(__clang__)
  info.compiler = "Clang " __clang_version__;
#elif defined(__GNUC__)
  info.compiler = "GNU " __VERSION__;
#else
  info.compiler = "unknown";
#endif
#if defined(NDEBUG)
  info.build = "Release";
#else
  info.build = "Debug";
#endif
#if defined(RECOKIT_PARALLEL_STD)
  info.executor = "std::thread";
#else
  info.executor = "oneTBB " TBB_VERSION_STRING;
#endif
  info.eigen = RECOKIT_DETAIL_STRING(EIGEN_WORLD_VERSION) "." RECOKIT_DETAIL_STRING(
      EIGEN_MAJOR_VERSION) "." RECOKIT_DETAIL_STRING(EIGEN_MINOR_VERSION);
  info.simd = Eigen::SimdInstructionSetsInUse();
  info.alignment = EIGEN_MAX_ALIGN_BYTES;
#if defined(RECOKIT_HAS_ZLIB)
  info.zlib = true;
#endif
#if defined(RECOKIT_HAS_LIBSVM)
  info.libsvm = true;
#endif
  info.hardware_threads = thread_count(cpu{});
  return info;
}

}  // namespace recokit::inline RECOKIT_ABI
