# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(WRITE "${WORK}/bad.csv" "user,item,rating\n1,2,3\n1,3,four\n")
bench(run --data bad.csv)
expect_code(1)
expect_in(err "recokit-bench: bad.csv:3:5: ")
expect_equal("${out}" "")
bench(run --data missing.csv)
expect_code(1)
expect_in(err "recokit-bench: missing.csv: ")
