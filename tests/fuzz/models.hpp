// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a fuzz target asks of a model that came out of a file.
#pragma once

#include "fuzz.hpp"

#include <recokit/core/model_file.hpp>
#include <recokit/core/recommender.hpp>

#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

namespace recokit_fuzz {

// Asks for everything that a model of a file can be asked; models of sizes that only a claim in the
// file gives them would only measure the machine.
template <bool Histories, bool Explains, class Model>
void ask(const Model& model) {
  constexpr std::int64_t most = 2048;
  if (model.items() > most || model.users() > most) return;
  const recokit::cpu one{.threads = 1};
  const auto users = static_cast<recokit::index_t>(model.users());
  const auto items = static_cast<recokit::index_t>(model.items());
  std::vector<recokit::index_t> all_items(static_cast<std::size_t>(items));
  for (recokit::index_t item = 0; item < items; ++item) {
    all_items[static_cast<std::size_t>(item)] = item;
  }
  for (const recokit::index_t user : {0, users - 1}) {
    if (user < 0 || user >= users) continue;
    attempt([&] { model.recommend(user, {.k = 3}); });
    attempt([&] { model.recommend(user, {.k = 3, .exclude_seen = false}); });
    attempt([&] { model.score(user, all_items); });
    if constexpr (Explains) attempt([&] { model.explain(user, 0, 2); });
  }
  if (items == 0) return;
  if constexpr (Histories) {
    const recokit::csr_matrix<> history(1, items, {0, 1}, {items - 1}, {2.0f});
    attempt([&] { model.recommend_for(one, history, {.k = 3}); });
  }
}

template <bool Histories, bool Explains, class... Model>
void load_and_ask(const std::filesystem::path& file, const std::string& kind) {
  const auto load_one = [&]<class One>(std::type_identity<One>) {
    if (kind == One::file_kind) attempt([&] { ask<Histories, Explains>(One::load(file)); });
  };
  (load_one(std::type_identity<Model>{}), ...);
}

/// Families of models, each in a file of its own so that they compile apart: load and ask the file
/// when the kind is one of theirs.
void try_item_models(const std::filesystem::path& file, const std::string& kind);
void try_factor_models(const std::filesystem::path& file, const std::string& kind);
void try_rating_models(const std::filesystem::path& file, const std::string& kind);

}  // namespace recokit_fuzz
