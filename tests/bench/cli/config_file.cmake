# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(WRITE "${WORK}/bench.toml" [=[
# The long options are the keys.
synthetic = "users=120,items=60"
model = ["popularity", "ials:factors=4,epochs=1"]
metrics = ["recall@5", "mrr@10"]
split = "leave_last_out"
seed = 5
json = "r.json"
]=])
bench(run --config bench.toml --seed 6)
expect_code(0)
expect_in(out "recall@5" "mrr@10" "120 users" "ials:factors=4,epochs=1")
member(split r.json split name)
expect_equal("${split}" leave_last_out)
# The command line wins over the file.
member(seed r.json seed)
expect_equal("${seed}" 6)
file(WRITE "${WORK}/wrong.toml" "modle = \"ials\"\n")
bench(run --config wrong.toml)
expect_code(2)
expect_in(err "modle")
bench(run --config missing.toml)
expect_code(2)
expect_in(err "missing.toml")
