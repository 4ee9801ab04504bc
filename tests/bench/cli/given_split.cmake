# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Popularity order 1, 2, 3. User a (seen 1) is shown 2, 3; their test item is 3. User b (seen 2, 1)
# is shown 3 alone, their test item. Reciprocal ranks 1/2 and 1: mean 0.75.
file(WRITE "${WORK}/train.csv" "a,1\nb,1\nb,2\nc,1\nc,2\nc,3\n")
file(WRITE "${WORK}/test.csv" "a,3\nb,3\n")
bench(run --data train.csv --test test.csv --model popularity --metrics mrr@10,recall@1
  --json r.json)
expect_code(0)
expect_in(out "0.750000" "0.500000" "6 train and 2 test interactions, 2 users evaluated")
member(users r.json split folds 0 evaluated_users)
expect_equal("${users}" 2)
