# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(WRITE "${WORK}/data.txt" "score;who;what\n5;a;x\n4;a;y\n5;b;x\n4;b;y\n5;c;x\n1;c;y\n")
bench(run --data data.txt --columns user=who,item=what,rating=score --delimiter semicolon
  --min-rating 4 --k-core 2 --weighting log:alpha=2 --split leave_k_out --model popularity
  --json r.json)
expect_code(0)
member(interactions r.json data interactions)
expect_equal("${interactions}" 4)
member(users r.json data users)
expect_equal("${users}" 2)
expect_in(out "min_rating=4" "k_core_user=2" "log: alpha=2, epsilon=1")
bench(run --data data.txt --columns user=nobody,item=what,rating=score --delimiter semicolon)
expect_code(1)
expect_in(err "nobody")
