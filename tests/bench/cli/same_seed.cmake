# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# The same bits for one thread and for two, and for a second run; others for another seed.
set(run run --synthetic users=300,items=150 --model item_knn --model ials:factors=8,epochs=3
  --split k_fold:folds=2)
bench(${run} --threads 1 --json one.json)
expect_code(0)
bench(${run} --threads 2 --json two.json)
expect_code(0)
bench(${run} --threads 2 --json again.json)
expect_code(0)
bench(${run} --threads 2 --seed 7 --json other.json)
expect_code(0)
foreach(i 0 1)
  member(one one.json results ${i} metrics)
  foreach(file two again)
    member(same ${file}.json results ${i} metrics)
    expect_equal("${same}" "${one}")
  endforeach()
  member(other other.json results ${i} metrics)
  if(other STREQUAL one)
    fail("another seed gave the same metrics")
  endif()
endforeach()
