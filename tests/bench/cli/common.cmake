# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# Helpers of the end-to-end tests. Each case is a script run with -DBENCH=<program> -DWORK=<folder>.
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

# bench(<argument>...): runs the program; sets out, err and code.
macro(bench)
  execute_process(COMMAND "${BENCH}" ${ARGN} WORKING_DIRECTORY "${WORK}"
    OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
endmacro()

function(fail message)
  message(FATAL_ERROR "${message}\nexit code ${code}\nstdout:\n${out}\nstderr:\n${err}")
endfunction()

function(expect_code wanted)
  if(NOT code STREQUAL wanted)
    fail("expected exit code ${wanted}")
  endif()
endfunction()

function(expect_in variable)
  foreach(part IN LISTS ARGN)
    string(FIND "${${variable}}" "${part}" at)
    if(at EQUAL -1)
      fail("expected \"${part}\" in ${variable}")
    endif()
  endforeach()
endfunction()

function(expect_equal actual wanted)
  if(NOT actual STREQUAL wanted)
    fail("expected \"${wanted}\", got \"${actual}\"")
  endif()
endfunction()

# member(<variable> <file> <path>...): a member of a JSON file; fails when it is not there.
function(member variable file)
  file(READ "${WORK}/${file}" text)
  string(JSON value GET "${text}" ${ARGN})
  set(${variable} "${value}" PARENT_SCOPE)
endfunction()
