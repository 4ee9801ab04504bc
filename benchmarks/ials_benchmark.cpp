// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times epochs of ials, in CPU seconds and beside the machine's own matrix rate, and its
/// memory.
///
/// Before it times, it checks rows of a first epoch against their normal equations in double.
/// --write FILE hands peers the interactions; prints one JSON object. peers/ials_speed.py runs it
/// beside implicit and irspack.
#include "bench/memory.hpp"
#include "ials_check.hpp"
#include "timed_runs.hpp"

#include <recokit/data/write.hpp>
#include <recokit/factorization/ials.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using recokit::index_t;
namespace benchmark = recokit_benchmark;

struct options {
  std::string source;
  std::int64_t users = 138'493;
  std::int64_t items = 26'744;
  double mean_interactions = 144.5;
  recokit::ials::params params{.factors = 128, .epochs = 3, .unobserved_weight = 0.02};
  int threads = 1;
  std::string write;
};

int usage() {
  std::cerr << "usage: recokit-ials-benchmark FILE [OPTION...]\n"
               "       recokit-ials-benchmark synthetic [--users N] [--items N]\n"
               "                                        [--mean-interactions X] [OPTION...]\n"
               "  --factors N --epochs N --threads N    128, 3 timed, 1\n"
               "  --solver exact|cg|block|coordinate    exact\n"
               "  --cg-steps N --block-size N           3, 64\n"
               "  --write FILE                          the interactions, as .npz\n";
  return 2;
}

/// The matrix rate of one thread, in GFLOP/s of CPU time: the best of several products that stay in
/// the second-level cache.
double ceiling() {
  constexpr std::ptrdiff_t n = 384;
  const std::vector<float> a(n * n, 0.5f), b(n * n, 0.25f);
  std::vector<float> c(n * n);
  double best = 0;
  for (int round = 0; round < 20; ++round) {
    const double begin = benchmark::cpu_seconds();
    for (int k = 0; k < 10; ++k) {
      recokit::kernels::gemm(recokit::cpu{.threads = 1}, n, n, n,
                             recokit::kernels::row_major(a.data(), n),
                             recokit::kernels::row_major(b.data(), n), 1.0f, c.data(), n);
    }
    best = std::max(best, 20.0 * n * n * n / (benchmark::cpu_seconds() - begin) / 1e9);
  }
  return best;
}

/// Multiply-adds of an epoch whose rows all take the d × d system, as most libraries have them.
double primal_operations(const recokit::csr_view<>& x, double d) {
  const double rows = static_cast<double>(x.rows()) + static_cast<double>(x.cols());
  return static_cast<double>(x.nonzeros()) * d * (d + 1) + rows * (d * d * d / 6 + d * d) +
         rows * d * (d + 1) / 2;
}

int run(const options& o) {
  const auto x = benchmark::without_values(benchmark::interactions(o));
  if (!o.write.empty()) recokit::write_npz(o.write, x.view());
  benchmark::check_epoch(recokit::cpu{.threads = o.threads}, x.view(), o.params, 50);
  auto params = o.params;
  ++params.epochs;  // the first is not timed
  params.keep_history = false;
  std::vector<double> cpu, wall;
  double cpu_before = 0;
  double wall_before = 0;
  // Of the fit alone: factors, the other orientation and scratch.
  const bool has_peak =
      recokit_bench::reset_peak_memory() == recokit_bench::peak_scope::since_reset;
  const auto held = recokit_bench::resident_memory().value_or(0);
  const auto model = recokit::ials::fit(recokit::cpu{.threads = o.threads}, x.view(), params,
                                        recokit::progress{[&](const recokit::epoch_info& info) {
                                          const double now = benchmark::cpu_seconds();
                                          if (info.epoch > 1) {
                                            cpu.push_back(now - cpu_before);
                                            wall.push_back(info.seconds - wall_before);
                                          }
                                          cpu_before = now;
                                          wall_before = info.seconds;
                                        }});
  const auto peak = has_peak ? recokit_bench::peak_memory().value_or(held) - held : 0;
  const double loss = model.loss(recokit::cpu{.threads = o.threads}, x.view());
  const double rate = ceiling();
  std::cout << "{\"source\": \"" << (o.source == "synthetic" ? "synthetic" : "file")
            << "\", \"users\": " << x.rows() << ", \"items\": " << x.cols()
            << ", \"interactions\": " << x.nonzeros() << ", \"factors\": " << params.factors
            << ", \"solver\": \""
            << enum_names(params.solver)[static_cast<std::size_t>(params.solver)]
            << "\", \"cpu_seconds\": " << benchmark::median(cpu)
            << ", \"seconds\": " << benchmark::median(wall) << ", \"epochs\": " << o.params.epochs
            << ", \"peak_bytes\": " << peak << ", \"loss\": " << loss
            << ", \"ceiling_gflops\": " << rate << ", \"primal_gflop\": "
            << 2 * primal_operations(x.view(), static_cast<double>(params.factors)) / 1e9
            << ", \"kernels\": \"" << recokit::kernels::best_row_kernels<float>().name
            << "\", \"backend\": \"cpu\", \"threads\": "
            << recokit::thread_count(recokit::cpu{.threads = o.threads}) << ", \"build\": \""
            << benchmark::build_line() << "\"}\n";
  return 0;
}

recokit::ials::solver_kind solver_named(const std::string& name) {
  const auto names = enum_names(recokit::ials::solver_kind{});
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) throw std::runtime_error("no solver is called " + name);
  return static_cast<recokit::ials::solver_kind>(at - names.begin());
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
        o.params.factors = std::stoi(value);
      } else if (name == "--epochs") {
        o.params.epochs = std::stoi(value);
      } else if (name == "--threads") {
        o.threads = std::stoi(value);
      } else if (name == "--solver") {
        o.params.solver = solver_named(value);
      } else if (name == "--cg-steps") {
        o.params.cg_steps = std::stoi(value);
      } else if (name == "--block-size") {
        o.params.block_size = std::stoi(value);
      } else if (name == "--write") {
        o.write = value;
      } else {
        return usage();
      }
    }
    if (o.params.epochs < 1) return usage();
    return run(o);
  } catch (const std::exception& error) {
    std::cerr << "recokit-ials-benchmark: " << error.what() << '\n';
    return 1;
  }
}
