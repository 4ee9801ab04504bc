# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Mean 3, no damping, one epoch: items first. Item x has 5, 1: bias 0; item y has 3: bias 0. Then
# user a has 5 and 3: bias 1, user b has 1: bias -2. Prediction of (b, y) is 1, the truth 3.
file(WRITE "${WORK}/train.csv" "a,x,5\na,y,3\nb,x,1\n")
file(WRITE "${WORK}/test.csv" "b,y,3\n")
set(bias "bias:regularization_user=0,regularization_item=0,epochs=1")
bench(run --data train.csv --test test.csv --model ${bias} --metrics rmse,mae,mean_error --json r.json
  --html r.html)
expect_code(0)
expect_in(out "2.000000" "-2.000000" "ratings/s" "root of mse")
member(value r.json results 0 metrics rmse mean)
expect_equal("${value}" "2.0")
member(kind r.json metrics 0 kind)
expect_equal("${kind}" "rating")
member(count r.json results 0 folds 0 predicted_ratings)
expect_equal("${count}" 1)

# After a ranking metric, over folds and with folded-in users; the models are those that can.
set(ratings "")
foreach(user RANGE 1 30)
  foreach(step RANGE 1 6)
    math(EXPR item "(${user} * ${step}) % 17")
    math(EXPR rating "1 + (${user} + 3 * ${item}) % 5")
    string(APPEND ratings "${user},${item},${rating}\n")
  endforeach()
endforeach()
file(WRITE "${WORK}/ratings.csv" "${ratings}")
bench(run --data ratings.csv --split k_fold:folds=3 --metrics rmse,r2 --json r.json)
expect_code(0)
expect_in(out "bias" "rating_knn" "slope_one" "standard deviation over the folds")
bench(run --data ratings.csv --split user_fold:test_users=0.3 --metrics ndcg@5,rmse
  --model bias --model rating_knn:by=item --model slope_one:weighted=true --json r.json)
expect_code(0)
expect_in(out "users/s" "predicted ratings are compared over all test ratings together")

bench(run --data ratings.csv --model popularity --metrics rmse)
expect_code(2)
expect_in(err "model \"popularity\" ranks items and predicts no ratings")
bench(run --data ratings.csv --model bias --metrics coverage@5,rmse)
expect_code(2)
expect_in(err "must be a ranking metric")
file(WRITE "${WORK}/plain.csv" "a,x\na,y\nb,x\nb,z\nc,y\nc,z\n")
bench(run --data plain.csv --model bias --metrics rmse)
expect_code(1)
expect_in(err "the data has interactions without values")
