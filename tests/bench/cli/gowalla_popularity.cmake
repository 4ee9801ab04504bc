# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(folder "$ENV{RECOKIT_DATA_DIR}/gowalla")
if(NOT EXISTS "${folder}/train.txt")
  message("recokit: test skipped, no data: gowalla")
  return()
endif()
# Recomputed from the public files of the NGCF / LightGCN split, full ranking.
bench(run --data "${folder}/train.txt" --test "${folder}/test.txt" --model popularity
  --metrics recall@20,ndcg@20,hit_rate@20)
expect_code(0)
expect_in(out "0.041631" "0.031690" "0.203831")
