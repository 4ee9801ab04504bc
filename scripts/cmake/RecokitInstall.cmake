# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# Install rules: headers, library, CMake package, pkg-config files. Nothing written here holds an
# absolute path of this machine, so the installed tree can be moved as a whole.
include(CMakePackageConfigHelpers)

set(recokit_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/recokit")

# Everything but the CUDA backend is one component, whatever the surrounding project calls its own.
set(recokit_outer_component "${CMAKE_INSTALL_DEFAULT_COMPONENT_NAME}")
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)

install(TARGETS recokit_headers recokit EXPORT recokit-targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT recokit-targets NAMESPACE recokit:: DESTINATION "${recokit_package_dir}")

# The CUDA backend is an export set of its own: who links only recokit::recokit from an install with
# CUDA needs no toolkit.
if(TARGET recokit_cuda)
  install(TARGETS recokit_cuda EXPORT recokit-cuda-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT cuda
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT cuda NAMELINK_COMPONENT cuda
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT cuda)
  install(EXPORT recokit-cuda-targets NAMESPACE recokit:: DESTINATION "${recokit_package_dir}"
    COMPONENT cuda)
endif()

# What the configuration file has to look for.
get_target_property(recokit_type recokit TYPE)
get_target_property(recokit_links recokit LINK_LIBRARIES)
set(recokit_config_zlib OFF)
if(recokit_type STREQUAL "STATIC_LIBRARY" AND "ZLIB::ZLIB" IN_LIST recokit_links)
  set(recokit_config_zlib ON)
endif()
set(recokit_config_tbb OFF)
if(RECOKIT_PARALLEL STREQUAL "tbb")
  set(recokit_config_tbb ON)
endif()
set(recokit_config_cuda OFF)
set(recokit_config_nccl OFF)
set(recokit_config_cusolver OFF)
if(TARGET recokit_cuda)
  set(recokit_config_cuda ON)
  if(TARGET recokit::nccl)
    set(recokit_config_nccl ON)
  endif()
  set(recokit_config_cusolver ${recokit_has_cusolver})
endif()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/recokitConfig.cmake.in" recokitConfig.cmake
  INSTALL_DESTINATION "${recokit_package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(recokitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/recokitConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/recokitConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/RecokitFindEigen.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/RecokitFindNccl.cmake"
  DESTINATION "${recokit_package_dir}")

# pkg-config. The prefix is told from where the .pc file lies, unless the user gave absolute folders.
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_LIBDIR recokit_absolute)
if(recokit_absolute)
  set(recokit_pc_prefix "${CMAKE_INSTALL_PREFIX}")
  set(recokit_pc_libdir "${CMAKE_INSTALL_LIBDIR}")
else()
  file(RELATIVE_PATH recokit_up "/p/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/p")
  string(REGEX REPLACE "/$" "" recokit_up "${recokit_up}")
  set(recokit_pc_prefix "\${pcfiledir}/${recokit_up}")
  set(recokit_pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_INCLUDEDIR recokit_absolute)
if(recokit_absolute)
  set(recokit_pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
else()
  set(recokit_pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()

set(recokit_pc_requires "eigen3 >= 3.4")
set(recokit_pc_cflags "-pthread")
if(RECOKIT_PARALLEL STREQUAL "tbb")
  string(APPEND recokit_pc_requires ", tbb >= 2021")
else()
  string(APPEND recokit_pc_cflags " -DRECOKIT_PARALLEL_STD")
endif()
set(recokit_pc_headers_requires "${recokit_pc_requires}")
# A static library needs its own libraries on every link line, a shared one does not.
set(recokit_pc_requires_private "")
if("ZLIB::ZLIB" IN_LIST recokit_links)
  if(recokit_type STREQUAL "STATIC_LIBRARY")
    string(APPEND recokit_pc_requires ", zlib")
  else()
    set(recokit_pc_requires_private "zlib")
  endif()
endif()
set(recokit_pc_libs "")
set(recokit_pc_libs_private "")
if(recokit_has_libsvm)
  if(recokit_type STREQUAL "STATIC_LIBRARY")
    set(recokit_pc_libs " -lsvm")
  else()
    set(recokit_pc_libs_private "-lsvm")
  endif()
endif()
foreach(name recokit recokit-headers)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in" ${name}.pc @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME "${recokit_outer_component}")
