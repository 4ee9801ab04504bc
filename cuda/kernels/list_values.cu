// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/list_values.cuh"

namespace recokit::cuda_kernels {

void list_values(const ranking_pass::plan_view& plan, const list_rules& rules,
                 const judged_lists& lists, const list_results& results, stream_t stream) {
  launch_list_values(plan, rules, lists, results, stream);
}

}  // namespace recokit::cuda_kernels
