# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Found out before the data is even looked for.
bench(run --data missing.csv --html no/such/folder/r.html)
expect_code(1)
expect_in(err "recokit-bench: no/such/folder/r.html: cannot write")
bench(run --synthetic users=50,items=30 --model popularity --json .)
expect_code(1)
expect_in(err "is a directory")
# A disk that fills up in the end costs the file, not the table.
if(EXISTS /dev/full)
  bench(run --synthetic users=50,items=30 --model popularity --json /dev/full --html r.html)
  expect_code(1)
  expect_in(err "recokit-bench: /dev/full: cannot write")
  expect_in(out "popularity")
  if(NOT EXISTS "${WORK}/r.html")
    fail("the other report is missing")
  endif()
endif()
