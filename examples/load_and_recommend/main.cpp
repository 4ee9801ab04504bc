// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Reads ratings from a file and recommends by the ids that the file uses.
//   load_and_recommend [RATINGS_FILE] [USER]
// Any format that recokit reads will do; the small ratings.csv here is made up.
#include <recokit/recokit.hpp>

#include <iomanip>
#include <iostream>

namespace rk = recokit;

int main(int argc, char** argv) {
  const char* const file = argc > 1 ? argv[1] : "ratings.csv";
  try {
    // The format, the columns and the kind of the ids are detected.
    const rk::interactions data = rk::read_ratings(file);
    std::cout << data.rows() << " users, " << data.cols() << " items, " << data.nonzeros()
              << " ratings\n";

    // A low rating is no recommendation: train on the good ones.
    const rk::interactions liked = rk::at_least(data, 4);
    const auto model = rk::item_knn::fit(liked, {.neighbors = 5});

    const std::string user = argc > 2 ? argv[2] : liked.users().name(0);
    std::cout << "for " << user << ":\n" << std::fixed << std::setprecision(2);
    for (const auto& [item, score] : model.recommend(liked.users().index(user), {.k = 2})) {
      std::cout << "  " << score << "  " << liked.items().name(item) << '\n';
    }

    const rk::index_t paris = liked.items().index("Paris, Again");
    std::cout << "like " << liked.items().name(paris) << ":\n";
    for (const auto& [item, similarity] : model.similar_items(paris, 2)) {
      std::cout << "  " << similarity << "  " << liked.items().name(item) << '\n';
    }
  } catch (const rk::error& problem) {
    std::cerr << problem.what() << '\n';  // names the file, the line, the argument, the fix
    return 1;
  }
}

// clang-format off
// Expected output:
// 12 users, 10 items, 54 ratings
// for ada:
//   6.76  Andromeda Falling
//   5.14  The Last Orbit
// like Paris, Again:
//   0.68  Slow Train Home
//   0.52  Letters in June
