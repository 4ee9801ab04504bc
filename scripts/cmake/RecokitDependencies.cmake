# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "recokit needs GCC 12 or newer; this is ${CMAKE_CXX_COMPILER_VERSION}")
endif()

# Finds what recokit links to, unless the surrounding project has made the targets already.
include(RecokitFindEigen)
if(NOT TARGET Eigen3::Eigen)
  message(FATAL_ERROR "recokit needs Eigen 3.4 or 5 (Debian and Ubuntu: libeigen3-dev)")
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

if(RECOKIT_PARALLEL STREQUAL "tbb" AND NOT TARGET TBB::tbb)
  find_package(TBB 2021 REQUIRED)
endif()

if(RECOKIT_ZLIB)
  find_package(ZLIB QUIET)
endif()

# libsvm has neither a CMake package nor a pkg-config file.
set(recokit_has_libsvm OFF)
if(RECOKIT_WITH_LIBSVM)
  find_path(RECOKIT_LIBSVM_INCLUDE_DIR svm.h PATH_SUFFIXES libsvm)
  find_library(RECOKIT_LIBSVM_LIBRARY svm)
  mark_as_advanced(RECOKIT_LIBSVM_INCLUDE_DIR RECOKIT_LIBSVM_LIBRARY)
  if(RECOKIT_LIBSVM_INCLUDE_DIR AND RECOKIT_LIBSVM_LIBRARY)
    set(recokit_has_libsvm ON)
  endif()
endif()
