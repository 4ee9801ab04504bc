# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# The target docs: the comments of the public headers and the pages of docs/ as HTML, in docs/html of
# the build folder. A comment that Doxygen does not understand fails it.
find_program(RECOKIT_DOXYGEN doxygen DOC "For the target docs")
mark_as_advanced(RECOKIT_DOXYGEN)
if(RECOKIT_DOXYGEN)
  set(RECOKIT_DOCS_WARN_AS_ERROR FAIL_ON_WARNINGS)
  configure_file("${PROJECT_SOURCE_DIR}/docs/Doxyfile.in" "${PROJECT_BINARY_DIR}/docs/Doxyfile" @ONLY)
  add_custom_target(docs
    COMMAND "${RECOKIT_DOXYGEN}" "${PROJECT_BINARY_DIR}/docs/Doxyfile"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Making ${PROJECT_BINARY_DIR}/docs/html")
endif()
