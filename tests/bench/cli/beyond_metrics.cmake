# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Popularity order 1, 2, 3. User a (seen 1) is shown 2, 3; user b (seen 2, 1) is shown 3 alone.
# First items 2 and 3 of three: coverage@1 2/3. Places of two: a fills both, b one: 0.25 empty.
# Popularity of 2 is 2 and of 3 is 1: mean over users of 1.5 and 1. Exposure@2 of items 1, 2, 3 is
# 0, 1, 2: Gini (-2 * 0 + 0 * 1 + 2 * 2) / (3 * 3).
file(WRITE "${WORK}/train.csv" "a,1\nb,1\nb,2\nc,1\nc,2\nc,3\n")
file(WRITE "${WORK}/test.csv" "a,3\nb,3\n")
bench(run --data train.csv --test test.csv --model popularity --json r.json --html r.html
  --metrics mrr@10,coverage@1,empty_places@2,average_popularity@2,gini@2,diversity@2)
expect_code(0)
foreach(pair "mrr@10=0.75" "coverage@1=0.6666666666666" "empty_places@2=0.25"
    "average_popularity@2=1.25" "gini@2=0.444444444444444")
  string(REPLACE "=" ";" pair "${pair}")
  list(GET pair 0 metric)
  list(GET pair 1 wanted)
  member(value r.json results 0 metrics "${metric}" mean)
  if(NOT value MATCHES "^${wanted}")
    fail("${metric} is ${value}")
  endif()
endforeach()
expect_in(out "coverage@1: distinct items in the first 1" "distance: 1 - cosine")
file(READ "${WORK}/r.html" html)
expect_in(html "average_popularity@2" "distinct items in the first 1")
# A measure of all lists together has no interval; one with a value a user has.
member(interval r.json results 0 metrics "gini@2" interval)
expect_equal("${interval}" "")
member(users r.json results 0 metrics "average_popularity@2" interval users)
expect_equal("${users}" 2)

# Folded-in histories, p values, folds.
set(run run --synthetic users=200,items=100 --model popularity --model ials:factors=4,epochs=2
  --metrics ndcg@5,personalisation@20,unexpectedness@5,serendipity@5 --json r.json --html r.html)
bench(${run} --split user_fold:test_users=0.2)
expect_code(0)
expect_in(out "personalisation@20" "best" "paired t test, two-sided, Holm over 1 comparison"
  "95 % t interval" "lists of length 20")
member(p r.json results 1 metrics ndcg@5 adjusted_p_value)
if(NOT (p GREATER_EQUAL 0 AND p LESS_EQUAL 1))
  fail("p is ${p}")
endif()
# Nothing of the history is listed, so all of the list is unexpected.
member(value r.json results 0 metrics unexpectedness@5 mean)
expect_equal("${value}" "1.0")
bench(${run} --split k_fold:folds=2 --significance fisher --intervals percentile)
expect_code(0)
expect_in(out "standard deviation over the folds" "Fisher randomisation test" "a pair is a user in a fold")
member(method r.json results 0 metrics ndcg@5 interval method)
expect_equal("${method}" "percentile bootstrap")
file(READ "${WORK}/r.html" html)
expect_in(html "percentile bootstrap interval" "class=\"whisker\"")

bench(run --metrics coverage@10,ndcg@10)
expect_code(2)
expect_in(err "must be a ranking metric")
bench(run --metrics ndcg@10,calibration_error@10)
expect_code(2)
expect_in(err "needs item features")
bench(run --significance z)
expect_code(2)
expect_in(err "unknown test")
