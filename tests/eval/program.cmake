# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
# Runs recokit-eval as a user does: what goes to which stream, and the exit codes.
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
file(WRITE "${WORK}/qrels" "1 0 a 1\n2 0 b 1\n")
file(WRITE "${WORK}/run" "1 Q0 a 1 2.0 mine\n1 Q0 b 2 1.0 mine\n")

function(expect code output errors)
  execute_process(COMMAND "${EVAL}" ${ARGN} WORKING_DIRECTORY "${WORK}"
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT status STREQUAL code)
    message(FATAL_ERROR "${ARGN}: exit code ${status} instead of ${code}\n${out}${err}")
  endif()
  if(NOT out MATCHES "${output}")
    message(FATAL_ERROR "${ARGN}: output does not match ${output}:\n${out}")
  endif()
  if(NOT err MATCHES "${errors}")
    message(FATAL_ERROR "${ARGN}: errors do not match ${errors}:\n${err}")
  endif()
endfunction()

expect(0 "^map                   \tall\t1.0000\n$" "1 query of the qrels" -m map qrels run)
expect(0 "^map                   \tall\t0.5000\n$" "counted as 0" -c -m map qrels run)
expect(0 "Usage: recokit-eval" "^$" -h)
expect(0 "^recokit-eval [0-9.]+\n$" "^$" --version)
expect(1 "^$" "Usage: recokit-eval" qrels)
expect(1 "^$" "no such measure" -m nothing qrels run)
expect(2 "^$" "nowhere" qrels nowhere)
expect(2 "^$" "run:1" run run)
expect(3 "^$" "missing" --json=missing/file qrels run)

execute_process(COMMAND "${EVAL}" -m num_ret qrels - WORKING_DIRECTORY "${WORK}"
  INPUT_FILE "${WORK}/run" RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_QUIET)
if(NOT status EQUAL 0 OR NOT out STREQUAL "num_ret               \tall\t2\n")
  message(FATAL_ERROR "standard input was not read as the run: ${status}\n${out}")
endif()
