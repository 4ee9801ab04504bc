// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Saves and loads a model of item weights once and prints the seconds of both.
#include <recokit/core/random.hpp>
#include <recokit/neighbors/item_weights.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace rk = recokit;

class weights_model : public rk::item_weights_model<weights_model> {
 public:
  static constexpr std::string_view file_kind = "benchmark";
  using rk::item_weights_model<weights_model>::item_weights_model;
};

// `neighbors` entries a row, evenly spread with random steps.
rk::csr_matrix<> random_weights(rk::index_t items, rk::index_t neighbors) {
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  std::vector<float> values;
  const rk::index_t step = items / neighbors;
  for (rk::index_t i = 0; i < items; ++i) {
    rk::random_stream random(1, rk::random_purpose::user, static_cast<std::uint64_t>(i));
    for (rk::index_t n = 0; n < neighbors; ++n) {
      const auto jump = random.below(static_cast<std::uint64_t>(step));
      indices.push_back(n * step + static_cast<rk::index_t>(jump));
      values.push_back(static_cast<float>(random.uniform()));
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  return {items, items, std::move(offsets), std::move(indices), std::move(values)};
}

template <class Call>
double seconds(const Call& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int count, char** arguments) {
  const int items = count == 4 ? std::atoi(arguments[2]) : 0;
  const int neighbors = count == 4 ? std::atoi(arguments[3]) : 0;
  if (neighbors < 1 || items < neighbors) {
    std::cerr << "usage: recokit-model-file-benchmark FILE ITEMS NEIGHBORS\n";
    return 2;
  }
  try {
    const std::filesystem::path file = arguments[1];
    const weights_model model(random_weights(items, neighbors), items, {});
    const double save = seconds([&] { model.save(file); });
    const double load = seconds([&] { weights_model::load(file); });
    std::cout << "save " << save << " load " << load << " bytes "
              << std::filesystem::file_size(file) << "\n";
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << "\n";
    return 1;
  }
}
