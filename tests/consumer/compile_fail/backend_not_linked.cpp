// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/baseline/popularity.hpp>

int main() {
#if RECOKIT_FAIL
  const recokit::cuda policy;
#else
  const recokit::cpu policy;
#endif
  return recokit::popularity::fit(policy, recokit::csr_matrix<>{}).users();
}
