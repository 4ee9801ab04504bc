// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "recokit.hpp"

#include <cstdio>

namespace rk = recokit;

// User 0 likes what user 1 likes, and lacks item 2.
template <class Model>
bool gives_item_2(const Model& model) {
  const auto list = model.recommend(0, {.k = 1});
  return list.size() == 1 && list[0].item == 2;
}

int main() {
  const rk::csr_matrix<> data(3, 5, {0, 2, 5, 7}, {0, 1, 0, 1, 2, 3, 4}, {1, 1, 1, 1, 1, 1, 1});
  int epochs = 0;
  const auto model = rk::ials::fit(rk::cpu{.threads = 2}, data, {.factors = 3, .epochs = 8},
                                   rk::progress{[&](const rk::epoch_info&) { ++epochs; }});
  const bool right = epochs == 8 && gives_item_2(model) && gives_item_2(rk::ease::fit(data)) &&
                     gives_item_2(rk::slim::fit(data, {.l1 = 0.01f, .l2 = 0.1f})) &&
                     rk::popularity::fit(data).score(1) == 2 && RECOKIT_VERSION_MAJOR == 0;
  std::puts(right ? "consumer: right" : "consumer: wrong");
  return right ? 0 : 1;
}
