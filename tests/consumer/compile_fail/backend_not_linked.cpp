// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/ials.hpp>

int main() {
#if RECOKIT_FAIL
  const recokit::cuda policy;
#else
  const recokit::cpu policy;
#endif
  return recokit::ials::fit(policy, recokit::csr_matrix<>{}, {.factors = 2}).users();
}
