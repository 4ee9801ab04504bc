// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// One process trains and saves a model and the ids of its items; another loads them and recommends
// to somebody who was not there in training.
//   save_and_load train|serve [FOLDER]     without words it starts itself twice, once for each
#include <recokit/recokit.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace rk = recokit;

namespace {

void train(const std::filesystem::path& folder) {
  // Five users, five films; read_ratings gives matrix and ids of a file.
  const rk::csr_matrix<> likes(5, 5, {0, 3, 5, 8, 10, 12}, {0, 1, 2, 0, 1, 1, 3, 4, 3, 4, 0, 2});
  const auto films = rk::id_map::from_strings({"Brazil", "Gattaca", "Moon", "Ran", "Solaris"});

  const auto model = rk::item_knn::fit(likes, {.neighbors = 3});
  // Without the history the file tells nothing of single users, and it is smaller.
  model.save(folder / "films.rkm", {.history = false});
  rk::save_ids(folder / "films.ids", films);
}

void serve(const std::filesystem::path& folder) {
  // Checked as a whole, then mapped: several processes share one copy in memory.
  const auto model = rk::item_knn::model::load(folder / "films.rkm");
  const auto films = rk::load_ids(folder / "films.ids");
  std::cout << "a model of " << model.items() << " films\n";

  const rk::csr_matrix<> history = rk::history_of(films, {"Gattaca", "Brazil"});
  const rk::ranked_lists lists = model.recommend_for(history, {.k = 2});
  for (const auto& [film, score] : lists[0]) {
    std::cout << "  " << films.name(film) << ", because of "
              << films.name(model.explain_for(history, film, 1).front().item) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 2 ? argv[2] : ".";
  const std::string_view task = argc > 1 ? argv[1] : "";
  try {
    if (task == "train") {
      train(folder);
    } else if (task == "serve") {
      serve(folder);
      // Nothing but the right model comes out of a file.
      rk::popularity::model::load(folder / "films.rkm");
    } else {
      const std::string self = '"' + std::string(argv[0]) + '"';
      const bool done = std::system((self + " train").c_str()) == 0 &&
                        std::system((self + " serve").c_str()) == 0;
      return done ? 0 : 1;
    }
  } catch (const rk::parse_error& problem) {
    const std::string text = problem.what();
    std::cout << text.substr(text.find("films.rkm")) << '\n';
  } catch (const rk::error& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
  }
}

// clang-format off
// Expected output:
// a model of 5 films
//   Moon, because of Brazil
//   Ran, because of Gattaca
// films.rkm: holds a model of kind "item_knn", expected "popularity"; load it as the model that it was saved from
