# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

bench(run --synthetic users=200,items=100 --model popularity --model ials:factors=4,epochs=2
  --metrics ndcg@10,recall@20 --json r.json --html r.html)
expect_code(0)
expect_equal("${err}" "")
expect_in(out "ndcg@10" "recall@20" "popularity" "ials:factors=4,epochs=2" "200 users")
member(models r.json results)
string(JSON count LENGTH "${models}")
expect_equal("${count}" 2)
foreach(i 0 1)
  member(status r.json results ${i} status)
  expect_equal("${status}" ok)
  member(value r.json results ${i} metrics ndcg@10 mean)
  if(NOT (value GREATER 0 AND value LESS 1))
    fail("ndcg@10 is ${value}")
  endif()
  member(seconds r.json results ${i} fit_seconds)
  member(speed r.json results ${i} recommend_users_per_second)
endforeach()
# Printed and written numbers are the same.
member(value r.json results 0 metrics recall@20 mean)
string(SUBSTRING "${value}" 0 6 start)
expect_in(out "${start}")
file(READ "${WORK}/r.html" html)
expect_in(html "<svg" "</html>")
