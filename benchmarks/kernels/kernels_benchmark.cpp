// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Times the CPU kernels on synthetic interactions. Each checks its answer before it is timed and
// reports the arithmetic it does a second; `fma_peak` measures what one core can do, to compare
// with.
//   recokit-kernel-benchmark [Google Benchmark's options, such as --benchmark_filter=gram]
#include <recokit/core/build_info.hpp>
#include <recokit/core/random.hpp>
#include <recokit/data/synthetic.hpp>
#include <recokit/kernels/exact_rows.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/score_top_k.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace rk = recokit;

namespace {

using rk::row_major_matrix;
using counter = benchmark::Counter;

const rk::interactions& data() {
  static const rk::interactions made =
      rk::synthetic::generate({.users = 6000, .items = 3700, .mean_interactions = 80});
  return made;
}

const rk::csr_matrix<>& transposed() {
  static const rk::csr_matrix<> made = rk::transpose(rk::cpu{}, data().view());
  return made;
}

row_major_matrix<float> factors(Eigen::Index rows, Eigen::Index d) {
  row_major_matrix<float> made(rows, d);
  rk::random_stream random(1, rk::random_purpose::user);
  for (Eigen::Index r = 0; r < rows; ++r) {
    for (Eigen::Index c = 0; c < d; ++c) made(r, c) = static_cast<float>(random.normal() * 0.1);
  }
  return made;
}

void set_rate(benchmark::State& state, double multiply_adds) {
  state.counters["GFLOP/s"] = counter(2e-9 * multiply_adds, counter::kIsIterationInvariantRate);
}

// Independent multiply-adds in registers: the ceiling of one thread in this build. Twelve chains
// hide the latency and leave room for the two constants among 16 vector registers.
void multiply_add_ceiling(benchmark::State& state) {
  constexpr int width = 12 * Eigen::internal::packet_traits<float>::size;
  using packet = Eigen::Array<float, width, 1>;
  packet sums = packet::Constant(1.0f);
  const packet factor = packet::Constant(0.999f);
  const packet term = packet::Constant(0.001f);
  for (auto _ : state) {
    for (int i = 0; i < 1000; ++i) sums = sums * factor + term;
    benchmark::DoNotOptimize(sums.data());
    benchmark::ClobberMemory();
  }
  set_rate(state, width * 1000.0);
}

void gram(benchmark::State& state) {
  const auto y = factors(26'000, state.range(0));
  const rk::cpu policy{.threads = static_cast<int>(state.range(1))};
  const Eigen::MatrixXd expected = y.cast<double>().transpose() * y.cast<double>();
  const auto found = rk::kernels::gram(policy, y, 1.0f);
  if (!found.cast<double>().isApprox(expected, 1e-4)) return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(rk::kernels::gram(policy, y, 1.0f).data());
  set_rate(state, static_cast<double>(y.rows()) * static_cast<double>(y.cols() * y.cols()));
}

void ials_half_step(benchmark::State& state) {
  const Eigen::Index d = state.range(0);
  const rk::cpu policy{.threads = static_cast<int>(state.range(1))};
  const auto view = data().view();
  const auto fixed = factors(view.cols(), d);
  const auto base = rk::kernels::gram(policy, fixed, 0.1f);
  const rk::kernels::row_ridge<float> ridge{0.01f, 1.0f, 1.0f};
  row_major_matrix<float> solved(view.rows(), d);
  const auto solve = [&] {
    rk::kernels::exact_rows(
        policy, rk::kernels::row_problem<float, rk::csr_view<>>{view, fixed, base, ridge}, solved,
        [] { return false; });
  };
  solve();
  for (rk::index_t r = 0; r < view.rows(); r += 997) {
    // The residual of the normal equations of a row, in double.
    const Eigen::VectorXd x = solved.row(r).transpose().cast<double>();
    Eigen::VectorXd left = base.cast<double>() * x + ridge(view.row(r).size()) * x;
    Eigen::VectorXd right = Eigen::VectorXd::Zero(d);
    const auto row = view.row(r);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Eigen::VectorXd h = fixed.row(row.indices[i]).transpose().cast<double>();
      left += row.value(i) * h.dot(x) * h;
      right += row.value(i) * h;
    }
    if (!left.isApprox(right, 1e-3)) return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) solve();
  const auto width = static_cast<double>(d);
  set_rate(state, static_cast<double>(view.nonzeros()) * width * (width + 1) / 2 +
                      view.rows() * (width * width * width / 6 + width * width));
  state.counters["rows/s"] = counter(view.rows(), counter::kIsIterationInvariantRate);
}

void item_similarity(benchmark::State& state) {
  const rk::cpu policy{.threads = static_cast<int>(state.range(0))};
  const auto users = data().view();
  const auto items = transposed().view();
  const auto run = [&] {
    return rk::kernels::item_similarity<rk::kernels::pair_dot>(
        policy, users, items, 100,
        [](std::int64_t, std::int64_t, const rk::kernels::pair_dot& sums) { return sums.xy; });
  };
  const auto found = run();
  double products = 0;
  for (rk::index_t u = 0; u < users.rows(); ++u) {
    const auto n = static_cast<double>(users.row(u).size());
    products += n * n;
  }
  // Two rows against merged lists.
  for (const rk::index_t i : {0, 1000}) {
    const auto row = found.row(i);
    for (std::size_t n = 0; n < row.size(); n += 13) {
      double dot = 0;
      const auto a = items.row(i);
      const auto b = items.row(row.indices[n]);
      for (std::size_t x = 0, y = 0; x < a.size() && y < b.size();) {
        if (a.indices[x] == b.indices[y])
          dot += a.value(x++) * b.value(y++);
        else if (a.indices[x] < b.indices[y])
          ++x;
        else
          ++y;
      }
      if (std::abs(dot - row.values[n]) > 1e-3 * dot) return state.SkipWithError("wrong answer");
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(run().nonzeros());
  set_rate(state, products);
}

void score_top_k(benchmark::State& state) {
  const Eigen::Index d = state.range(0);
  const int k = static_cast<int>(state.range(1));
  const rk::cpu policy{.threads = static_cast<int>(state.range(2))};
  const auto view = data().view();
  const auto users = factors(view.rows(), d);
  const auto items = factors(view.cols(), d);
  std::vector<rk::index_t> which(2048);
  for (std::size_t u = 0; u < which.size(); ++u) which[u] = static_cast<rk::index_t>(u);
  const rk::item_filter filter({}, view.cols());
  const auto run = [&] {
    return rk::kernels::score_top_k(policy, users, which, &view, items, filter, k);
  };
  const auto lists = run();
  for (std::size_t u = 0; u < which.size(); u += 511) {
    float best = -1e30f;
    const auto seen = view.row(which[u]).indices;
    for (rk::index_t i = 0; i < view.cols(); ++i) {
      if (std::binary_search(seen.begin(), seen.end(), i)) continue;
      best = std::max(best, users.row(which[u]).dot(items.row(i)));
    }
    if (std::abs(lists[u][0].score - best) > 1e-4f) return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) benchmark::DoNotOptimize(run().size());
  set_rate(state, static_cast<double>(which.size()) * static_cast<double>(view.cols() * d));
  state.counters["users/s"] =
      counter(static_cast<double>(which.size()), counter::kIsIterationInvariantRate);
}

void transpose(benchmark::State& state) {
  const rk::cpu policy{.threads = static_cast<int>(state.range(0))};
  const auto view = data().view();
  if (rk::transpose(policy, transposed().view()).view().indices()[0] != view.indices()[0]) {
    return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) benchmark::DoNotOptimize(rk::transpose(policy, view).nonzeros());
  state.counters["entries/s"] =
      counter(static_cast<double>(view.nonzeros()), counter::kIsIterationInvariantRate);
}

BENCHMARK(multiply_add_ceiling);
BENCHMARK(gram)->ArgNames({"d", "threads"})->ArgsProduct({{64, 128}, {1, 2}})->UseRealTime();
BENCHMARK(ials_half_step)
    ->ArgNames({"d", "threads"})
    ->ArgsProduct({{32, 64, 128}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(item_similarity)
    ->ArgNames({"threads"})
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(score_top_k)
    ->ArgNames({"d", "k", "threads"})
    ->ArgsProduct({{64, 128}, {10, 100}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(transpose)->ArgNames({"threads"})->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  const auto info = rk::build_info();
  benchmark::AddCustomContext("recokit", info.version + ", " + info.build + ", cpu backend");
  benchmark::AddCustomContext("executor", info.executor);
  benchmark::AddCustomContext("eigen", info.eigen + ", " + info.simd);
  benchmark::AddCustomContext("compiler", info.compiler);
  benchmark::AddCustomContext("data", "synthetic " + std::to_string(data().rows()) + " users x " +
                                          std::to_string(data().cols()) + " items, " +
                                          std::to_string(data().nonzeros()) + " interactions");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
