# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# A file a model; a second model of a name gets a number. The folder is made.
set(data --synthetic users=60,items=40)
bench(run ${data} --model popularity --model ials:factors=2,epochs=1 --model ials:factors=3,epochs=1
  --save models/today)
expect_code(0)
foreach(file popularity ials ials-2)
  if(NOT EXISTS "${WORK}/models/today/${file}.rkm")
    fail("${file}.rkm is missing")
  endif()
  file(READ "${WORK}/models/today/${file}.rkm" opening OFFSET 8 LIMIT 4 HEX)
  expect_equal("${opening}" 7b225f5f)  # {"__
endforeach()
file(GLOB files "${WORK}/models/today/*")
list(LENGTH files count)
expect_equal("${count}" 3)

# The same run gives the same bytes, over the files that are there.
file(MD5 "${WORK}/models/today/ials.rkm" first)
bench(run ${data} --model ials:factors=2,epochs=1 --save models/today)
expect_code(0)
file(MD5 "${WORK}/models/today/ials.rkm" again)
expect_equal("${again}" "${first}")

# Several folds make several models.
bench(run ${data} --model popularity --split k_fold:folds=3 --save models)
expect_code(2)
expect_in(err "--save is for one fit a model, and --split k_fold makes 3")

# A place that takes no file is found out before the data is looked for.
file(WRITE "${WORK}/file" "")
bench(run --data missing.csv --model popularity --save file)
expect_code(1)
expect_in(err "file: cannot write")
