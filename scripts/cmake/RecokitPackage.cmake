# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# cpack makes recokit-VERSION-SYSTEM-library.tar.gz and librecokit-dev.deb, and the same for cuda where
# it was built. Both hold what `cmake --install` installs.
set(CPACK_GENERATOR TGZ)
find_program(RECOKIT_DPKG_DEB dpkg-deb DOC "Makes and tests the Debian package")
mark_as_advanced(RECOKIT_DPKG_DEB)
if(RECOKIT_DPKG_DEB)
  list(APPEND CPACK_GENERATOR DEB)
endif()
set(CPACK_PACKAGE_VENDOR "The recokit authors")
set(CPACK_PACKAGE_CONTACT "The recokit authors")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENTS_ALL library)
if(TARGET recokit_cuda)
  list(APPEND CPACK_COMPONENTS_ALL cuda)
endif()
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)

# Who links recokit compiles its headers, so the packages of other headers are needed, not only what
# the library itself links to.
set(recokit_debian_needs "libeigen3-dev (>= 3.4)")
if(RECOKIT_PARALLEL STREQUAL "tbb")
  list(APPEND recokit_debian_needs "libtbb-dev (>= 2021)")
endif()
if("ZLIB::ZLIB" IN_LIST recokit_links)
  list(APPEND recokit_debian_needs zlib1g-dev)
endif()
if(recokit_has_libsvm)
  list(APPEND recokit_debian_needs libsvm-dev)
endif()
list(JOIN recokit_debian_needs ", " CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME librecokit-dev)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_CUDA_PACKAGE_NAME librecokit-cuda-dev)
set(CPACK_DEBIAN_CUDA_DESCRIPTION "The CUDA backend of recokit; the CUDA toolkit 12 or newer is needed, and cuSOLVER and NCCL where it was built with them")
set(CPACK_DEBIAN_CUDA_PACKAGE_DEPENDS "librecokit-dev (= ${PROJECT_VERSION})")
include(CPack)
