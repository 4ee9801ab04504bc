// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/baseline/popularity.hpp>

#include <vector>

int main() {
#if RECOKIT_FAIL
  const std::vector<float> source{1, 2, 3};
#else
  const recokit::csr_matrix<> source;
#endif
  return recokit::popularity::fit(source).users();
}
