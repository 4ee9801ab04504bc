# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# benchmarks/pictures.py draws every kind of picture from a report of this very program.
find_program(PYTHON python3 REQUIRED)
set(pictures "${CMAKE_CURRENT_LIST_DIR}/../../../benchmarks/pictures.py")
bench(run --synthetic users=200,items=100 --model ials:factors=4,epochs=1 --model ials:factors=4,epochs=3
  --model popularity --metrics ndcg@10 --quiet --json report.json)
expect_code(0)

macro(draw)
  execute_process(COMMAND "${PYTHON}" -B "${pictures}" ${ARGN} WORKING_DIRECTORY "${WORK}"
    OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
endmacro()

foreach(kind curve accuracy speed)
  draw(${kind} report.json --out ${kind}.svg)
  expect_code(0)
  file(READ "${WORK}/${kind}.svg" ${kind})
  expect_in(${kind} "<svg xmlns" "<title>ials" "</svg>")
endforeach()
# One line of two points; a model without epochs has none.
string(REGEX MATCHALL "<circle" points "${curve}")
list(LENGTH points count)
expect_equal("${count}" 2)
string(FIND "${curve}" "popularity" at)
expect_equal("${at}" -1)

draw(curve report.json --metric recall@7 --out never.svg)
expect_code(1)
expect_in(err "has no metric recall@7")
