# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

bench(run --synthetic users=200,items=100 --split user_fold:test_users=0.2 --weighting binary
  --model popularity --model item_knn --model ials:factors=4,epochs=2 --json r.json)
expect_code(0)
foreach(i 0 1 2)
  member(users r.json results ${i} folds 0 evaluated_users)
  expect_equal("${users}" 40)
endforeach()
