// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times item_knn: the neighbours of all items, and lists for all users.
///
/// Before it times, it checks the neighbours of some items against a dense loop. --write FOLDER
/// hands peers the interactions and the neighbours; prints one JSON object.
/// peers/neighbors_speed.py runs it beside implicit and irspack.
#include "timed_runs.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/data/write.hpp>
#include <recokit/neighbors/item_knn.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using recokit::index_t;
namespace benchmark = recokit_benchmark;

struct options {
  std::string source;
  bool values = false;
  std::int64_t users = 138'493;
  std::int64_t items = 26'744;
  double mean_interactions = 144.5;
  int neighbors = 100;
  int depth = 20;
  int rounds = 3;
  int threads = 0;
  std::string write;
};

int usage() {
  std::cerr
      << "usage: recokit-neighbors-benchmark FILE [OPTION...]\n"
         "       recokit-neighbors-benchmark synthetic [--users N] [--items N]\n"
         "                                             [--mean-interactions X] [OPTION...]\n"
         "  --values          weigh interactions with their values; without: each counts as 1\n"
         "  --neighbors N     kept for each item, 100\n"
         "  --depth N         length of the lists, 20\n"
         "  --threads N --rounds N --write FOLDER\n";
  return 2;
}

// The similarities kept for some items against dense dot products. @throws std::runtime_error
void check(const recokit::item_knn::model& model, const recokit::csr_view<>& x) {
  std::vector<double> norm(static_cast<std::size_t>(x.cols()), 0.0);
  for (index_t u = 0; u < x.rows(); ++u) {
    const auto row = x.row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto value = static_cast<double>(row.value(n));
      norm[static_cast<std::size_t>(row.indices[n])] += value * value;
    }
  }
  const index_t step = std::max<index_t>(1, x.cols() / 20);
  for (index_t i = 0; i < x.cols(); i += step) {
    std::vector<double> dot(norm.size(), 0.0);
    for (index_t u = 0; u < x.rows(); ++u) {
      const auto row = x.row(u);
      const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), i);
      if (at == row.indices.end() || *at != i) continue;
      const auto value =
          static_cast<double>(row.value(static_cast<std::size_t>(at - row.indices.begin())));
      for (std::size_t n = 0; n < row.size(); ++n) {
        dot[static_cast<std::size_t>(row.indices[n])] += value * static_cast<double>(row.value(n));
      }
    }
    std::vector<double> similarity;
    for (std::size_t j = 0; j < dot.size(); ++j) {
      if (std::cmp_not_equal(j, i) && dot[j] > 0) {
        similarity.push_back(dot[j] / std::sqrt(norm[static_cast<std::size_t>(i)] * norm[j]));
      }
    }
    std::sort(similarity.begin(), similarity.end(), std::greater<>{});
    const auto found = model.similar_items(i, model.settings().neighbors);
    similarity.resize(std::min<std::size_t>(similarity.size(),
                                            static_cast<std::size_t>(model.settings().neighbors)));
    if (found.size() != similarity.size()) {
      throw std::runtime_error("item " + std::to_string(i) + " has another number of neighbours");
    }
    for (std::size_t n = 0; n < found.size(); ++n) {
      if (!(std::abs(static_cast<double>(found[n].score) - similarity[n]) <= 1e-5)) {
        throw std::runtime_error("wrong similarity of item " + std::to_string(i));
      }
    }
  }
}

int run(const options& o) {
  const auto given = benchmark::interactions(o);
  const auto x = o.values ? given : benchmark::without_values(given);
  const recokit::cpu policy{.threads = o.threads};
  const recokit::item_knn::params params{.neighbors = o.neighbors};
  check(recokit::item_knn::fit(policy, x, params), x.view());
  double additions = 0;  // of the whole product, both halves
  for (index_t u = 0; u < x.rows(); ++u) {
    const auto n = static_cast<double>(x.row(u).size());
    additions += n * n;
  }
  std::vector<index_t> users(static_cast<std::size_t>(x.rows()));
  std::iota(users.begin(), users.end(), index_t{0});
  std::vector<double> fit_seconds, recommend_seconds;
  recokit::item_knn::model model;
  for (int round = 0; round < o.rounds; ++round) {
    auto begin = std::chrono::steady_clock::now();
    model = recokit::item_knn::fit(policy, x, params);
    fit_seconds.push_back(recokit::detail::seconds_since(begin));
    begin = std::chrono::steady_clock::now();
    const auto lists = model.recommend(policy, users, {.k = o.depth});
    recommend_seconds.push_back(recokit::detail::seconds_since(begin));
    if (lists.size() != users.size()) throw std::runtime_error("lists are missing");
  }
  if (!o.write.empty()) {
    const std::filesystem::path folder(o.write);
    recokit::write_npz(folder / "interactions.npz", x.view());
    recokit::write_npz(folder / "similarity.npz", model.similarity().view());
  }
  std::cout << "{\"source\": \"" << (o.source == "synthetic" ? "synthetic" : "file")
            << "\", \"users\": " << x.rows() << ", \"items\": " << x.cols()
            << ", \"interactions\": " << x.nonzeros() << ", \"additions\": " << additions
            << ", \"values\": " << (o.values ? "true" : "false")
            << ", \"neighbors\": " << o.neighbors << ", \"depth\": " << o.depth
            << ", \"fit_seconds\": " << benchmark::median(fit_seconds)
            << ", \"recommend_seconds\": " << benchmark::median(recommend_seconds)
            << ", \"rounds\": " << o.rounds
            << ", \"backend\": \"cpu\", \"threads\": " << recokit::thread_count(policy)
            << ", \"build\": \"" << benchmark::build_line() << "\"}\n";
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return usage();
  options o;
  o.source = arguments[1];
  try {
    for (int a = 2; a < count; ++a) {
      const std::string_view name = arguments[a];
      if (name == "--values") {
        o.values = true;
        continue;
      }
      if (a + 1 == count) return usage();
      const std::string value = arguments[++a];
      if (name == "--users") {
        o.users = std::stoll(value);
      } else if (name == "--items") {
        o.items = std::stoll(value);
      } else if (name == "--mean-interactions") {
        o.mean_interactions = std::stod(value);
      } else if (name == "--neighbors") {
        o.neighbors = std::stoi(value);
      } else if (name == "--depth") {
        o.depth = std::stoi(value);
      } else if (name == "--threads") {
        o.threads = std::stoi(value);
      } else if (name == "--rounds") {
        o.rounds = std::stoi(value);
      } else if (name == "--write") {
        o.write = value;
      } else {
        return usage();
      }
    }
    if (o.rounds < 1) return usage();
    return run(o);
  } catch (const std::exception& error) {
    std::cerr << "recokit-neighbors-benchmark: " << error.what() << '\n';
    return 1;
  }
}
