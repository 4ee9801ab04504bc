// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times the lists of a factor model for all users, beside the rate of the matrix product.
///
/// Before it times, it checks some lists against a dense loop. --write FOLDER hands peers what was
/// ranked and the lists, --read FOLDER takes it back; prints one JSON object.
/// peers/recommend_speed.py runs it beside implicit.
#include "timed_runs.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/core/random.hpp>
#include <recokit/data/read.hpp>
#include <recokit/data/write.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/list_recall.hpp>
#include <recokit/kernels/score_top_k.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using recokit::index_t;
namespace benchmark = recokit_benchmark;
using factors = recokit::row_major_matrix<float>;
namespace kernels = recokit::kernels;

struct options {
  std::string source;
  std::int64_t users = 138'493;
  std::int64_t items = 26'744;
  double mean_interactions = 144.5;
  int factors = 128;
  int epochs = 0;
  int depth = 10;
  float oversampling = 0;
  int rounds = 3;
  int threads = 0;
  std::string write;
  std::string read;
};

int usage() {
  std::cerr
      << "usage: recokit-recommend-benchmark FILE [OPTION...]\n"
         "       recokit-recommend-benchmark synthetic [--users N] [--items N]\n"
         "                                             [--mean-interactions X] [OPTION...]\n"
         "  --factors N       dimensions, 128\n"
         "  --epochs N        of ials; 0, the default, makes random factors\n"
         "  --depth N         length of the lists, 10\n"
         "  --read FOLDER     of an earlier --write, in place of making factors\n"
         "  --oversampling X  lists of the quick pass of eight bits; 0, the default, is exact\n"
         "  --threads N --rounds N --write FOLDER\n";
  return 2;
}

struct problem {
  recokit::csr_matrix<> seen;
  factors users;
  factors items;
};

factors normal(std::int64_t rows, int d, std::uint64_t seed) {
  factors made(rows, d);
  for (Eigen::Index r = 0; r < rows; ++r) {
    recokit::random_stream random(seed, recokit::random_purpose::user,
                                  static_cast<std::uint64_t>(r));
    for (Eigen::Index c = 0; c < d; ++c) made(r, c) = static_cast<float>(random.normal() * 0.1);
  }
  return made;
}

void read_raw(const std::filesystem::path& file, factors& to) {
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(to.data()),
          to.size() * static_cast<std::streamsize>(sizeof(float)));
  if (!in) throw std::runtime_error("cannot read " + file.string());
}
problem make(const options& o) {
  problem made;
  if (!o.read.empty()) {
    const std::filesystem::path folder(o.read);
    made.seen = recokit::read_npz(folder / "seen.npz");
    made.users.resize(made.seen.rows(), o.factors);
    made.items.resize(made.seen.cols(), o.factors);
    read_raw(folder / "users.f32", made.users);
    read_raw(folder / "items.f32", made.items);
    return made;
  }
  made.seen = benchmark::interactions(o);
  if (o.epochs > 0) {
    const auto model = recokit::ials::fit(recokit::cpu{.threads = o.threads}, made.seen,
                                          {.factors = o.factors, .epochs = o.epochs});
    made.users = model.user_rows();
    made.items = model.item_rows();
  } else {
    made.users = normal(made.seen.rows(), o.factors, 1);
    made.items = normal(made.seen.cols(), o.factors, 2);
  }
  return made;
}

// Some lists against dense products: the same items but for scores that are equal up to rounding.
// @throws std::runtime_error
void check(const problem& p, const recokit::ranked_lists& lists, int depth) {
  const index_t step = std::max<index_t>(1, static_cast<index_t>(p.users.rows()) / 50);
  for (index_t u = 0; u < p.users.rows(); u += step) {
    Eigen::VectorXd scores = p.items.cast<double>() * p.users.row(u).cast<double>().transpose();
    const auto seen = p.seen.row(u).indices;
    std::vector<double> sorted;
    for (index_t i = 0; i < p.items.rows(); ++i) {
      if (!std::binary_search(seen.begin(), seen.end(), i)) sorted.push_back(scores[i]);
    }
    std::sort(sorted.begin(), sorted.end(), std::greater<>{});
    const auto list = lists[static_cast<std::size_t>(u)];
    if (list.size() != std::min(sorted.size(), static_cast<std::size_t>(depth))) {
      throw std::runtime_error("a list of another length for user " + std::to_string(u));
    }
    for (std::size_t n = 0; n < list.size(); ++n) {
      const bool known = std::binary_search(seen.begin(), seen.end(), list[n].item);
      const double slack = 1e-5 * (1 + std::abs(sorted[n]));
      if (known || !(std::abs(scores[list[n].item] - sorted[n]) <= slack) ||
          !(std::abs(static_cast<double>(list[n].score) - sorted[n]) <= slack)) {
        throw std::runtime_error("wrong list of user " + std::to_string(u));
      }
    }
  }
}

// Seconds that a thread took: the wall clock, and the processor time of the process over the
// threads, which other work on the machine does not touch.
struct timing {
  std::vector<double> wall;
  std::vector<double> cpu;

  template <class Body>
  void time(int threads, const Body& body) {
    const auto begin = std::chrono::steady_clock::now();
    const double used = benchmark::cpu_seconds();
    body();
    cpu.push_back((benchmark::cpu_seconds() - used) / threads);
    wall.push_back(recokit::detail::seconds_since(begin));
  }
};

int run(const options& o) {
  const problem p = make(o);
  const recokit::cpu policy{.threads = o.threads};
  const int threads = recokit::thread_count(policy);
  const auto which = recokit::detail::all_rows(static_cast<index_t>(p.users.rows()));
  const recokit::item_filter filter({}, static_cast<index_t>(p.items.rows()));
  const auto lists_of = [&](float oversampling) {
    return kernels::score_top_k<float>(policy, p.users, which, &p.seen.view(), p.items, filter,
                                       o.depth, oversampling);
  };
  auto lists = lists_of(0);
  check(p, lists, o.depth);
  const double recall = kernels::list_recall(lists_of(o.oversampling), lists);

  // The product alone: 2048 users by 4096 items of the same depth, scores thrown away.
  const std::ptrdiff_t rows = std::min<std::ptrdiff_t>(2048, p.users.rows());
  const std::ptrdiff_t columns = std::min<std::ptrdiff_t>(4096, p.items.rows());
  const std::ptrdiff_t d = p.items.cols();
  std::vector<float> product(static_cast<std::size_t>(rows * columns), 0.0f);
  const int repeats =
      static_cast<int>(std::max(1.0, 4e9 / static_cast<double>(rows * columns * d)));

  timing ranking, multiplying;
  for (int round = 0; round < o.rounds; ++round) {
    multiplying.time(threads, [&] {
      for (int r = 0; r < repeats; ++r) {
        kernels::gemm<float>(policy, rows, columns, d, kernels::row_major<float>(p.users.data(), d),
                             kernels::row_major<float>(p.items.data(), d).transposed(), 1.0f,
                             product.data(), columns);
      }
    });
    ranking.time(threads, [&] { lists = lists_of(o.oversampling); });
  }
  if (!o.write.empty()) {
    const std::filesystem::path folder(o.write);
    if (o.read.empty()) {
      recokit::write_npz(folder / "seen.npz", p.seen.view());
      benchmark::write_raw(folder / "users.f32", p.users.data(),
                           static_cast<std::size_t>(p.users.size()));
      benchmark::write_raw(folder / "items.f32", p.items.data(),
                           static_cast<std::size_t>(p.items.size()));
    }
    std::vector<std::int32_t> items;
    std::vector<float> scores;
    for (std::size_t u = 0; u < lists.size(); ++u) {
      for (std::size_t n = 0; n < static_cast<std::size_t>(o.depth); ++n) {
        const bool there = n < lists[u].size();
        items.push_back(there ? lists[u][n].item : -1);
        scores.push_back(there ? lists[u][n].score : 0.0f);
      }
    }
    benchmark::write_raw(folder / "lists.i32", items.data(), items.size());
    benchmark::write_raw(folder / "lists.f32", scores.data(), scores.size());
  }
  const double flops = 2e-9 * static_cast<double>(p.users.rows()) *
                       static_cast<double>(p.items.rows()) * static_cast<double>(d);
  const double product_flops = 2e-9 * static_cast<double>(rows * columns * d) * repeats;
  std::cout << "{\"source\": \"" << (o.source == "synthetic" ? "synthetic" : "file")
            << "\", \"users\": " << p.users.rows() << ", \"items\": " << p.items.rows()
            << ", \"interactions\": " << p.seen.nonzeros() << ", \"factors\": " << d
            << ", \"epochs\": " << o.epochs << ", \"depth\": " << o.depth
            << ", \"oversampling\": " << o.oversampling << ", \"recall\": " << recall
            << ", \"seconds\": " << benchmark::median(ranking.wall)
            << ", \"cpu_seconds_a_thread\": " << benchmark::median(ranking.cpu)
            << ", \"users_a_second\": "
            << static_cast<double>(p.users.rows()) / benchmark::median(ranking.wall)
            << ", \"gflops_wall\": " << flops / benchmark::median(ranking.wall)
            << ", \"gflops_a_cpu_second\": " << flops / threads / benchmark::median(ranking.cpu)
            << ", \"gemm_gflops_wall\": " << product_flops / benchmark::median(multiplying.wall)
            << ", \"gemm_gflops_a_cpu_second\": "
            << product_flops / threads / benchmark::median(multiplying.cpu)
            << ", \"gemm_kernel\": \"" << kernels::best_gemm_kernel<float>().name
            << "\", \"rounds\": " << o.rounds << ", \"backend\": \"cpu\", \"threads\": " << threads
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
      if (a + 1 == count) return usage();
      const std::string value = arguments[++a];
      if (name == "--users") {
        o.users = std::stoll(value);
      } else if (name == "--items") {
        o.items = std::stoll(value);
      } else if (name == "--mean-interactions") {
        o.mean_interactions = std::stod(value);
      } else if (name == "--factors") {
        o.factors = std::stoi(value);
      } else if (name == "--epochs") {
        o.epochs = std::stoi(value);
      } else if (name == "--depth") {
        o.depth = std::stoi(value);
      } else if (name == "--oversampling") {
        o.oversampling = std::stof(value);
      } else if (name == "--threads") {
        o.threads = std::stoi(value);
      } else if (name == "--rounds") {
        o.rounds = std::stoi(value);
      } else if (name == "--write") {
        o.write = value;
      } else if (name == "--read") {
        o.read = value;
      } else {
        return usage();
      }
    }
    if (o.rounds < 1 || o.factors < 1 || o.depth < 1) return usage();
    return run(o);
  } catch (const std::exception& error) {
    std::cerr << "recokit-recommend-benchmark: " << error.what() << '\n';
    return 1;
  }
}
