# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# Makes recokit::nccl where NCCL is found: beside the CUDA toolkit, in the system's folders or in
# NCCL_ROOT. recokit's build and its installed package both read this file.
if(NOT TARGET recokit::nccl)
  find_path(RECOKIT_NCCL_INCLUDE_DIR nccl.h
    HINTS ${NCCL_ROOT} ENV NCCL_ROOT ${CUDAToolkit_INCLUDE_DIRS}
    PATH_SUFFIXES include)
  # The wheel of NVIDIA has no link without the version.
  find_library(RECOKIT_NCCL_LIBRARY NAMES nccl libnccl.so.2 NAMES_PER_DIR
    HINTS ${NCCL_ROOT} ENV NCCL_ROOT ${CUDAToolkit_LIBRARY_DIR} ${CUDAToolkit_LIBRARY_ROOT}
    PATH_SUFFIXES lib64 lib)
  mark_as_advanced(RECOKIT_NCCL_INCLUDE_DIR RECOKIT_NCCL_LIBRARY)
  if(RECOKIT_NCCL_INCLUDE_DIR AND RECOKIT_NCCL_LIBRARY)
    add_library(recokit::nccl UNKNOWN IMPORTED GLOBAL)
    set_target_properties(recokit::nccl PROPERTIES
      IMPORTED_LOCATION "${RECOKIT_NCCL_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${RECOKIT_NCCL_INCLUDE_DIR}")
  endif()
endif()
