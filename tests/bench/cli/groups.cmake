# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

bench(run --group smoke --json smoke.json --quiet)
expect_code(0)
expect_in(out "popularity" "item_knn" "ease" "ials" "bpr")
member(users smoke.json data users)
expect_equal("${users}" 300)

# Every group can be planned; a plan runs nothing and writes nothing.
foreach(group smoke small full)
  bench(run --group ${group} --dry-run --json never.json)
  expect_code(0)
  expect_in(out "would run" "popularity")
  if(EXISTS "${WORK}/never.json")
    fail("a dry run wrote a report")
  endif()
endforeach()
bench(run --dry-run --model ials:factor=3)
expect_code(2)
bench(run --group smal)
expect_code(2)
expect_in(err "did you mean \"small\"")
bench(run --group smoke --model ials)
expect_code(2)
expect_in(err "exclude each other")
