// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Recommends only what may be recommended, and says why.
#include <recokit/recokit.hpp>

#include <iomanip>
#include <iostream>
#include <vector>

namespace rk = recokit;

int main() {
  const auto films =
      rk::id_map::from_strings({"Alien", "Brazil", "Gattaca", "Moon", "Ran", "Solaris"});
  // Six users; a row is what one of them has watched.
  const rk::csr_matrix<> watched(6, 6, {0, 3, 6, 8, 11, 13, 16},
                                 {0, 3, 5, 0, 2, 3, 1, 4, 2, 3, 5, 1, 2, 0, 1, 5});
  const auto model = rk::item_knn::fit(watched, {.neighbors = 5, .shrinkage = 1});

  const rk::index_t user = 4;  // has watched Brazil and Gattaca
  const auto show = [&](const char* what, const rk::recommend_options& options) {
    std::cout << what << ':';
    for (const auto& [film, score] : model.recommend(user, options)) {
      std::cout << ' ' << films.name(film);
    }
    std::cout << '\n';
  };
  show("what is new to them", {.k = 3});
  // Filters apply before the best are chosen: a list is only short when too little is allowed.
  const std::vector out_of_stock{films.index("Solaris"), films.index("Alien")};
  show("in stock", {.k = 3, .exclude = out_of_stock});
  const std::vector on_tonight{films.index("Ran"), films.index("Solaris"), films.index("Gattaca")};
  show("on tonight", {.k = 3, .only = on_tonight});
  show("on tonight, known or not", {.k = 3, .exclude_seen = false, .only = on_tonight});

  // A score is a sum over the history; these are its parts, largest first.
  const rk::index_t film = model.recommend(user, {.k = 1}).front().item;
  std::cout << std::fixed << std::setprecision(3) << films.name(film) << " scores "
            << model.score(user, std::vector{film}).front() << ", which is\n";
  for (const auto& [because, share] : model.explain(user, film)) {
    std::cout << "  " << share << " for " << films.name(because) << '\n';
  }
}

// clang-format off
// Expected output:
// what is new to them: Alien Moon Solaris
// in stock: Moon Ran
// on tonight: Solaris Ran
// on tonight, known or not: Solaris Ran Gattaca
// Alien scores 0.500, which is
//   0.250 for Brazil
//   0.250 for Gattaca
