# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Without any option: the built-in set and the default models.
bench(run)
expect_code(0)
expect_in(out "popularity" "item_knn" "ials" "synthetic data")
