// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/build_info.hpp>
#include <recokit/factorization/ials.hpp>

#include <cstdio>

int main() {
  const recokit::csr_matrix<> data(2, 3, {0, 2, 5}, {0, 1, 0, 1, 2});
  const auto list = recokit::ials::fit(data, {.factors = 2}).recommend(0, {.k = 1});
  std::printf("recokit %s gives item %d\n", recokit::build_info().version.c_str(), list.at(0).item);
  return list.at(0).item == 2 ? 0 : 1;
}
