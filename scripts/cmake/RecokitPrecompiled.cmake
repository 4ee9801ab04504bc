# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# recokit_precompile(<target> [<header>...]): third-party and standard headers that nearly every file
# includes are read once a target; -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON reads them a file. Our own
# headers stay out, so that an edit rebuilds what depends on it alone. Projects that embed recokit keep
# their own settings.
set(recokit_tbb_headers # those of core/parallel.hpp
  <oneapi/tbb/blocked_range.h> <oneapi/tbb/info.h> <oneapi/tbb/parallel_for.h>
  <oneapi/tbb/task_arena.h>)

function(recokit_precompile target)
  if(NOT PROJECT_IS_TOP_LEVEL OR CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE
    <Eigen/Cholesky> <Eigen/Core>
    <algorithm> <charconv> <filesystem> <functional> <map> <memory> <numeric> <optional> <random> <set>
    <stop_token> <string> <tuple> <vector>
    ${ARGN})
  if(RECOKIT_PARALLEL STREQUAL "tbb")
    target_precompile_headers(${target} PRIVATE ${recokit_tbb_headers})
  endif()
  recokit_precompile_option(${target})
endfunction()

# recokit_precompile_from(<target> <other>): takes the headers that <other> has precompiled.
function(recokit_precompile_from target other)
  if(NOT PROJECT_IS_TOP_LEVEL OR CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  recokit_precompile_option(${target})
  target_precompile_headers(${target} REUSE_FROM ${other})
endfunction()

# What compilers and ccache need with precompiled headers.
function(recokit_precompile_option target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # ccache sees what such a header holds only so. GCC 12 forgets that std::string comes from a system
    # header and warns of copies there that never happen (GCC PR 105651).
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess
      -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds>)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # ccache goes by content: its copy of such a header stays good when a package writes the same files
    # again, at another time.
    target_compile_options(${target} PRIVATE
      "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endfunction()
