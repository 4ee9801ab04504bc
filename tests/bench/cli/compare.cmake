# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Two runs of the same are the same; a model that learns less is worse, and the exit code says so.
set(run run --synthetic users=400,items=150 --split k_fold:folds=3 --metrics ndcg@10 --repeats 3)
bench(${run} --model ials:factors=8 --model popularity --json before.json)
expect_code(0)
member(repeats before.json results 0 folds 0 fit_seconds_repeats)
string(JSON length LENGTH "${repeats}")
expect_equal("${length}" 3)
bench(${run} --model ials:factors=8 --model popularity --json again.json)
expect_code(0)
bench(compare before.json again.json --tolerance 1000)
expect_code(0)
expect_in(out "verdict" "popularity" "same" "fit seconds")

# The label is what pairs models, so a poorer model goes in under the same one.
bench(${run} --model ials:factors=8,epochs=1,regularization=5 --model popularity --json poor.json)
expect_code(0)
file(READ "${WORK}/poor.json" text)
string(REPLACE "ials:factors=8,epochs=1,regularization=5" "ials:factors=8" text "${text}")
file(WRITE "${WORK}/poor.json" "${text}")
bench(compare before.json poor.json --tolerance 1000)
expect_code(3)
expect_in(out "worse")

bench(compare before.json)
expect_code(2)
bench(compare before.json missing.json)
expect_code(1)
expect_in(err "missing.json")
bench(compare before.json again.json --tolerence 1)
expect_code(2)
expect_in(err "did you mean \"--tolerance\"")
