// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Times the inner loops of row solves with every set of instructions that this machine has, on one
// thread, in float and double. `matrix_product` is the rate to compare with. Each checks its answer
// before it is timed.
//   recokit-row-benchmark [Google Benchmark's options, such as --benchmark_filter=outer]
// Rates that are to be compared should come from one run:
//   --benchmark_enable_random_interleaving=true --benchmark_repetitions=5
#include <recokit/core/build_info.hpp>
#include <recokit/core/huge_pages.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/row_kernels.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace rk = recokit;

namespace {

using size = std::ptrdiff_t;
using counter = benchmark::Counter;
template <class Scalar>
using buffer = rk::kernels::packed_buffer<Scalar>;

constexpr size gathered = 128;  // rows of a rank update and of a system of dot products

void set_rate(benchmark::State& state, double flops) {
  state.counters["GFLOP/s"] = counter(1e-9 * flops, counter::kIsIterationInvariantRate);
}

/// gathered × d numbers, rows `leading` apart, and with them a positive definite system.
template <class Scalar>
struct inputs {
  explicit inputs(size columns)
      : d(columns), leading(columns + 16), rows(gathered * leading), system(d * leading) {
    rk::random_stream random(1, rk::random_purpose::user);
    for (size at = 0; at < gathered * leading; ++at) {
      rows.get()[at] = static_cast<Scalar>(random.normal() / 16);
    }
    for (size i = 0; i < d; ++i) {
      for (size j = 0; j < leading; ++j) at(i, j) = i == j ? Scalar{4} : Scalar{0};
    }
  }

  Scalar& at(size i, size j) { return system.get()[i * leading + j]; }
  double row(size e, size f) const { return static_cast<double>(rows.get()[e * leading + f]); }
  void add_rows(const rk::kernels::row_kernels<Scalar>& kernels) {
    kernels.outer(gathered, d, rows.get(), leading, system.get(), leading, {});
  }
  /// Whether x solves the system for a right side of ones.
  bool solved_by(const Scalar* x, size m) {
    for (size i = 0; i < m; ++i) {
      double rest = -1;
      for (size j = 0; j < m; ++j) {
        rest += static_cast<double>(at(std::min(i, j), std::max(i, j))) * static_cast<double>(x[j]);
      }
      if (!near(rest, 0)) return false;
    }
    return true;
  }
  static bool near(double a, double b) {
    return std::abs(a - b) < (std::is_same_v<Scalar, float> ? 1e-4 : 1e-12);
  }

  size d;
  size leading;
  buffer<Scalar> rows;
  buffer<Scalar> system;
};

template <class Scalar>
void outer(benchmark::State& state, const rk::kernels::row_kernels<Scalar>& kernels) {
  inputs<Scalar> in(state.range(0));
  in.add_rows(kernels);
  for (size i = 0; i < in.d; ++i) {
    for (size j = i; j < in.d; ++j) {
      double sum = i == j ? 4 : 0;
      for (size e = 0; e < gathered; ++e) sum += in.row(e, i) * in.row(e, j);
      if (!in.near(sum, static_cast<double>(in.at(i, j)))) {
        return state.SkipWithError("wrong answer");
      }
    }
  }
  for (auto _ : state) {
    in.add_rows(kernels);
    benchmark::ClobberMemory();
  }
  set_rate(state, static_cast<double>(gathered * in.d * (in.d + 1)));
}

template <class Scalar>
void dots(benchmark::State& state, const rk::kernels::row_kernels<Scalar>& kernels) {
  inputs<Scalar> in(state.range(0));
  buffer<Scalar> products(gathered * gathered);
  const auto multiply = [&] {
    kernels.dots(gathered, in.d, in.rows.get(), in.leading, products.get(), gathered, {});
  };
  multiply();
  for (size i = 0; i < gathered; ++i) {
    for (size j = i; j < gathered; ++j) {
      double sum = 0;
      for (size f = 0; f < in.d; ++f) sum += in.row(i, f) * in.row(j, f);
      if (!in.near(sum, static_cast<double>(products.get()[i * gathered + j]))) {
        return state.SkipWithError("wrong answer");
      }
    }
  }
  for (auto _ : state) {
    multiply();
    benchmark::ClobberMemory();
  }
  set_rate(state, static_cast<double>(gathered * (gathered + 1) * in.d));
}

/// Chunks of rows that lie anywhere in a matrix are gathered and added, as an exact solve does, the
/// rows of the next chunk fetched beside it or not. What is over the time of `outer` waits for
/// memory.
template <class Scalar>
void gather_and_outer(benchmark::State& state, const rk::kernels::row_kernels<Scalar>& kernels) {
  constexpr size d = 128;
  constexpr std::size_t chunks = 512;
  const size matrix_rows = state.range(0);
  const bool fetches = state.range(1) != 0;
  inputs<Scalar> in(d);
  buffer<Scalar> matrix(matrix_rows * d);
  rk::detail::prefer_huge_pages(matrix.get(),
                                static_cast<std::size_t>(matrix_rows * d) * sizeof(Scalar));
  for (size at = 0; at < matrix_rows * d; ++at) {
    matrix.get()[at] = static_cast<Scalar>(at % 97 - 48) / 1024;
  }
  rk::random_stream random(2, rk::random_purpose::user);
  std::vector<rk::index_t> ids(gathered * (chunks + 1));
  for (auto& id : ids) {
    id = static_cast<rk::index_t>(random.below(static_cast<std::uint64_t>(matrix_rows)));
  }
  const std::vector<Scalar> ones(gathered, Scalar{1});
  std::vector<const Scalar*> rows(gathered);
  const auto add_chunk = [&](std::size_t chunk) {
    const rk::index_t* const here = ids.data() + chunk * gathered;
    for (std::size_t e = 0; e < gathered; ++e) rows[e] = matrix.get() + here[e] * d;
    kernels.gather(gathered, 0, d, d, rows.data(), ones.data(), nullptr, in.rows.get(), in.leading);
    rk::kernels::rows_to_come<Scalar> next;
    if (fetches) next = {here + gathered, gathered, matrix.get(), d};
    kernels.outer(gathered, d, in.rows.get(), in.leading, in.system.get(), in.leading, next);
  };
  add_chunk(0);
  double sum = 4;
  for (std::size_t e = 0; e < gathered; ++e) {
    const auto value = static_cast<double>(matrix.get()[ids[e] * d + 5]);
    sum += value * value;
  }
  if (!in.near(sum, static_cast<double>(in.at(5, 5)))) return state.SkipWithError("wrong answer");
  std::size_t chunk = 0;
  for (auto _ : state) {
    add_chunk(chunk);
    benchmark::ClobberMemory();
    chunk = (chunk + 1) % chunks;
  }
  set_rate(state, static_cast<double>(gathered * d * (d + 1)));
}

/// One pass over the rows of a system, as conjugate gradients take it.
template <class Scalar>
void residual(benchmark::State& state, const rk::kernels::row_kernels<Scalar>& kernels) {
  inputs<Scalar> in(state.range(0));
  buffer<Scalar> x(in.d);
  buffer<Scalar> out(in.d);
  std::fill_n(x.get(), in.d, Scalar{1} / 8);
  const auto add = [&] {
    kernels.residual(gathered, in.d, in.rows.get(), in.leading, nullptr, x.get(), out.get(), {});
  };
  std::fill_n(out.get(), in.d, Scalar{0});
  add();
  std::vector<double> products(gathered);
  for (size e = 0; e < gathered; ++e) {
    for (size f = 0; f < in.d; ++f) products[static_cast<std::size_t>(e)] += in.row(e, f) / 8;
  }
  for (size f = 0; f < in.d; ++f) {
    double sum = 0;
    for (size e = 0; e < gathered; ++e) sum -= products[static_cast<std::size_t>(e)] * in.row(e, f);
    if (!in.near(sum, static_cast<double>(out.get()[f]))) {
      return state.SkipWithError("wrong answer");
    }
  }
  for (auto _ : state) {
    std::fill_n(out.get(), in.d, Scalar{0});
    add();
    benchmark::ClobberMemory();
  }
  set_rate(state, static_cast<double>(4 * gathered * in.d));
}

/// With a copy of the system, which the factor overwrites.
template <class Scalar>
void solve_one(benchmark::State& state, const rk::kernels::row_kernels<Scalar>& kernels) {
  inputs<Scalar> in(state.range(0));
  in.add_rows(kernels);
  buffer<Scalar> work(in.d * in.leading);
  buffer<Scalar> x(in.d);
  const auto solve = [&] {
    std::copy_n(in.system.get(), in.d * in.leading, work.get());
    std::fill_n(x.get(), in.d, Scalar{1});
    return kernels.solve_one(in.d, work.get(), in.leading, x.get());
  };
  if (!solve() || !in.solved_by(x.get(), in.d)) return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(solve());
  const auto d = static_cast<double>(in.d);
  set_rate(state, d * d * d / 3 + 2 * d * d);
}

template <class Scalar>
void solve_many(benchmark::State& state, const rk::kernels::row_kernels<Scalar>& kernels) {
  inputs<Scalar> in(state.range(0));
  in.add_rows(kernels);
  const size lanes = kernels.lanes;
  buffer<Scalar> x(in.d * lanes);
  buffer<Scalar> space((2 * in.d * (in.d + 4) + 3 * in.d + 16) * lanes);
  const std::vector<const Scalar*> systems(static_cast<std::size_t>(lanes), in.system.get());
  std::vector<Scalar*> right;
  for (size s = 0; s < lanes; ++s) right.push_back(x.get() + s * in.d);
  const auto solve = [&] {
    std::fill_n(x.get(), in.d * lanes, Scalar{1});
    return kernels.solve_many(in.d, systems.data(), in.leading, right.data(), space.get());
  };
  if (solve() != -1 || !in.solved_by(right.back(), in.d)) {
    return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) benchmark::DoNotOptimize(solve());
  const auto d = static_cast<double>(in.d);
  set_rate(state, static_cast<double>(lanes) * (d * d * d / 3 + 2 * d * d));
}

template <class Scalar>
void matrix_product(benchmark::State& state) {
  constexpr size n = 512;
  const inputs<Scalar> in(n);
  buffer<Scalar> product(gathered * gathered);
  const auto a = rk::kernels::row_major<Scalar>(in.rows.get(), in.leading);
  const auto multiply = [&] {
    std::fill_n(product.get(), gathered * gathered, Scalar{0});
    rk::kernels::gemm(rk::cpu{.threads = 1}, gathered, gathered, n, a, a.transposed(), Scalar{1},
                      product.get(), gathered);
  };
  multiply();
  double sum = 0;
  for (size f = 0; f < n; ++f) sum += in.row(1, f) * in.row(2, f);
  if (!in.near(sum, static_cast<double>(product.get()[gathered + 2]))) {
    return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) {
    multiply();
    benchmark::ClobberMemory();
  }
  set_rate(state, 2.0 * gathered * gathered * n);
}

template <class Scalar>
void add_gather_and_outer(const rk::kernels::row_kernels<Scalar>& kernels,
                          const std::string& type) {
  const std::string name = "gather_and_outer/" + std::string(kernels.name) + "/" + type;
  benchmark::RegisterBenchmark(
      name.c_str(),
      [kernels](benchmark::State& state) { gather_and_outer<Scalar>(state, kernels); })
      ->ArgNames({"matrix_rows", "fetches"})
      ->ArgsProduct({{2000, 26744, 138493}, {0, 1}});
}

template <class Scalar>
void register_all(const std::string& type) {
  const auto add = [&](const char* what, const auto& kernels, auto run, const auto& sizes) {
    const std::string name = std::string(what) + "/" + std::string(kernels.name) + "/" + type;
    auto* const made = benchmark::RegisterBenchmark(
        name.c_str(), [run, kernels](benchmark::State& state) { run(state, kernels); });
    made->ArgNames({"d"});
    for (const int d : sizes) made->Arg(d);
  };
  const std::vector<int> widths{32, 64, 128, 256};
  benchmark::RegisterBenchmark(("matrix_product/" + type).c_str(), matrix_product<Scalar>);
  for (const auto& kernels : rk::kernels::all_row_kernels<Scalar>()) {
    add("outer", kernels, outer<Scalar>, widths);
    add_gather_and_outer(kernels, type);
    add("dots", kernels, dots<Scalar>, widths);
    add("residual", kernels, residual<Scalar>, widths);
    add("solve_one", kernels, solve_one<Scalar>, widths);
    add("solve_many", kernels, solve_many<Scalar>, std::vector<int>{16, 32, 64});
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto info = rk::build_info();
  benchmark::AddCustomContext("recokit", info.version + ", " + info.build + ", cpu backend");
  benchmark::AddCustomContext("compiler", info.compiler);
  register_all<float>("float");
  register_all<double>("double");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
