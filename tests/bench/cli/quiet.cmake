# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Even on a terminal, which script(1) provides: --quiet writes nothing but the table.
find_program(script script)
if(script)
  set(words "run --synthetic users=50,items=30 --model ials:factors=2,epochs=2")
  execute_process(COMMAND "${script}" -qec "'${BENCH}' ${words} >/dev/null" /dev/null
    INPUT_FILE /dev/null WORKING_DIRECTORY "${WORK}" OUTPUT_VARIABLE out RESULT_VARIABLE code)
  expect_code(0)
  expect_in(out "[1/1] ials:factors=2,epochs=2: fitting")
  execute_process(COMMAND "${script}" -qec "'${BENCH}' ${words} --quiet >/dev/null" /dev/null
    INPUT_FILE /dev/null WORKING_DIRECTORY "${WORK}" OUTPUT_VARIABLE out RESULT_VARIABLE code)
  expect_code(0)
  expect_equal("${out}" "")
endif()
bench(run --quiet --synthetic users=50,items=30 --model popularity)
expect_code(0)
expect_equal("${err}" "")
