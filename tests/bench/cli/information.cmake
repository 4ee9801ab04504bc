# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

bench(--help)
expect_code(0)
expect_in(out "recokit-bench run" "--data" "--metrics" "--seed" "Exit codes")
bench(run --help)
expect_code(0)
expect_in(out "--weighting")
bench(--version)
expect_code(0)
if(NOT out MATCHES "^recokit-bench [0-9]+\\.[0-9]+\\.[0-9]+ \\(.*Eigen")
  fail("unexpected version text")
endif()
bench(list)
expect_code(0)
expect_in(out "ials" "regularization" "leave_last_out" "bm25" "map(all)@10")
expect_equal("${err}" "")
