# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# ials refuses negative weights; popularity still gets its numbers.
file(WRITE "${WORK}/data.csv" "user,item,rating\n1,1,-1\n1,2,2\n2,1,3\n2,2,1\n3,1,-2\n3,3,4\n")
bench(run --data data.csv --split leave_k_out --model ials:factors=2 --model popularity
  --json r.json)
expect_code(1)
expect_in(err "recokit-bench: ials:factors=2: ")
expect_in(out "popularity" "failed: ials:factors=2")
member(status r.json results 0 status)
expect_equal("${status}" ok)
member(status r.json results 1 status)
expect_equal("${status}" failed)
