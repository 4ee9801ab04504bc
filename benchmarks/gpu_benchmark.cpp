// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times what a GPU does: epochs of ials and sampled models, lists for all users, nearest
/// rows and similar items; each with the share of the floor that the card allows.
///
/// Before it times, it checks rows of an epoch against their normal equations in double, and lists,
/// neighbours, similarities and rows of sampled models against the CPU's; a wrong answer is an
/// error and no time. Options are Google Benchmark's own: --benchmark_format=json,
/// --benchmark_filter=…. RECOKIT_BENCH_GOWALLA names a file of that set, without it its case is
/// left out. The other cases take the file that RECOKIT_BENCH_DATA names, or a synthetic set.
#include "ials_check.hpp"
#include "timed_runs.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/data/weighting.hpp>
#include <recokit/factorization/biased_mf.hpp>
#include <recokit/factorization/bpr.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/factorization/logistic.hpp>
#include <recokit/factorization/warp.hpp>
#include <recokit/kernels/als_memory.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/kernels/similarity_device.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using recokit::index_t;
namespace timed = recokit_benchmark;

struct data_set {
  std::string source = "synthetic";
  std::int64_t users = 138'493;
  std::int64_t items = 26'744;
  double mean_interactions = 144.5;
};

const recokit::csr_matrix<>& interactions() {
  static const recokit::csr_matrix<> made = [] {
    data_set set;
    if (const char* const file = std::getenv("RECOKIT_BENCH_DATA")) set.source = file;
    return timed::without_values(timed::interactions(set));
  }();
  return made;
}

/// The rates of the card that docs/gpu-results.md states floors for.
constexpr double fp32_rate = 60e12;
constexpr double memory_rate = 4.3e12;

/// Floor of an exact epoch: symmetric products and Cholesky factors at the fp32 rate, or one gather
/// of a row an entry, whichever is longer.
double epoch_floor(const recokit::csr_view<>& x, double d) {
  const double rows = static_cast<double>(x.rows()) + static_cast<double>(x.cols());
  const auto entries = static_cast<double>(x.nonzeros());
  return std::max((2 * entries * d * d + rows * (d * d * d / 3 + 3 * d * d)) / fp32_rate,
                  8 * entries * d / memory_rate);
}
double lists_floor(const recokit::csr_view<>& x, double d) {
  return 2 * static_cast<double>(x.rows()) * static_cast<double>(x.cols()) * d / fp32_rate;
}

recokit::ials::params params_of(int factors, recokit::ials::solver_kind solver) {
  return {.factors = factors,
          .epochs = 4,
          .unobserved_weight = 0.02,
          .solver = solver,
          .keep_history = false};
}

/// Bytes of the device for all of a fit in fp32 but seven eighths of the interactions, which then
/// come in batches.
std::uint64_t bytes_in_batches(const recokit::csr_view<>& x, int factors) {
  const auto rows = static_cast<std::uint64_t>(x.rows()) + static_cast<std::uint64_t>(x.cols());
  const auto entries = static_cast<std::uint64_t>(x.nonzeros());
  return rows * (4 * static_cast<std::uint64_t>(factors) + recokit::kernels::als_bytes_a_row) +
         2 * entries * (x.has_values() ? 8 : 4) / 8;
}

/// One iteration is an epoch; the first is not counted.
void time_epochs(benchmark::State& state, const recokit::csr_matrix<>& x, int factors,
                 recokit::ials::solver_kind solver, bool in_batches = false) {
  const auto params = params_of(factors, solver);
  recokit::cuda_context context(
      recokit::cuda{}, {.max_data_bytes = in_batches ? bytes_in_batches(x.view(), factors) : 0});
  const recokit::cuda policy{.context = &context};
  if (solver == recokit::ials::solver_kind::exact) {
    timed::check_epoch(policy, x.view(), params, 20);
  }
  std::vector<double> seconds;
  for (auto _ : state) {
    std::vector<double> ends;
    recokit::ials::fit(
        policy, x.view(), params,
        recokit::progress{[&](const recokit::epoch_info& info) { ends.push_back(info.seconds); }});
    // The last epoch brings the factors home.
    std::vector<double> each;
    for (std::size_t n = 1; n + 1 < ends.size(); ++n) each.push_back(ends[n] - ends[n - 1]);
    seconds.push_back(timed::median(each));
    state.SetIterationTime(seconds.back());
  }
  const double floor = epoch_floor(x.view(), factors);
  state.counters["floor_ms"] = 1e3 * floor;
  state.counters["of_floor"] = floor / timed::median(seconds);
}

/// What an epoch of a sampled model moves and computes at the least.
struct sampled_work {
  double samples;
  double bytes;
  double operations;
};

/// Epochs of a sampled model; drawing the samples is part of the time. One epoch of `checked` is
/// first compared with the CPU's.
template <class Fit, class Params>
void time_samples(benchmark::State& state, const Fit& fit, const recokit::csr_matrix<>& x,
                  const recokit::csr_matrix<>& checked, Params params, const sampled_work& work) {
  params.epochs = 1;
  const auto expected = fit(recokit::cpu{}, checked.view(), params);
  const auto found = fit(recokit::cuda{}, checked.view(), params);
  const float off = (found.item_rows() - expected.item_rows()).cwiseAbs().maxCoeff();
  if (!(off <= 1e-3f * expected.item_rows().cwiseAbs().maxCoeff())) {
    throw std::runtime_error("the rows of a sampled model are not those of the CPU");
  }
  params.epochs = 4;
  std::vector<double> seconds;
  for (auto _ : state) {
    std::vector<double> ends;
    fit(recokit::cuda{}, x.view(), params,
        recokit::progress{[&](const recokit::epoch_info& info) { ends.push_back(info.seconds); }});
    std::vector<double> each;
    for (std::size_t n = 1; n + 1 < ends.size(); ++n) each.push_back(ends[n] - ends[n - 1]);
    seconds.push_back(timed::median(each));
    state.SetIterationTime(seconds.back());
  }
  const double floor = std::max(work.bytes / memory_rate, work.operations / fp32_rate);
  const double time = timed::median(seconds);
  state.counters["samples_per_second"] = work.samples / time;
  state.counters["bytes_per_second"] = work.bytes / time;
  state.counters["operations_per_second"] = work.operations / time;
  state.counters["floor_ms"] = 1e3 * floor;
  state.counters["of_floor"] = floor / time;
}

/// Three rows of a sample, read and written once.
void time_bpr(benchmark::State& state, const recokit::csr_matrix<>& x, int factors) {
  const auto samples = static_cast<double>(x.nonzeros());
  time_samples(state, recokit::bpr::fit, x, x,
               recokit::bpr::params{.factors = factors, .keep_history = false},
               {samples, samples * (24.0 * factors + 12), samples * 12 * factors});
}

/// One gather of a row for each interaction and each negative, in both halves.
void time_logistic(benchmark::State& state, const recokit::csr_matrix<>& x, int factors) {
  const recokit::logistic::params params{.factors = factors, .keep_history = false};
  const double samples = 2 * static_cast<double>(x.nonzeros()) * (1 + params.neg_ratio);
  time_samples(state, recokit::logistic::fit, x, x, params,
               {samples, samples * 4 * factors, samples * 4 * factors});
}

/// Three rows of a step and their squares, read and written once: as if no item drawn were passed
/// over. A large set would hold scores within rounding of the margin, where the backends part.
void time_warp(benchmark::State& state, const recokit::csr_matrix<>& x, int factors) {
  static const auto small = timed::without_values(
      timed::interactions(data_set{.users = 2000, .items = 1000, .mean_interactions = 20}));
  const auto samples = static_cast<double>(x.nonzeros());
  time_samples(state, recokit::warp::fit, x, small,
               recokit::warp::params{.factors = factors, .keep_history = false},
               {samples, samples * (48.0 * factors + 8), samples * 31 * factors});
}

/// The same interactions with ratings from 1 to 5.
recokit::csr_matrix<> rated(const recokit::csr_matrix<>& x) {
  const auto view = x.view();
  std::vector<float> ratings;
  for (std::size_t n = 0; n < view.indices().size(); ++n) {
    ratings.push_back(
        1 + static_cast<float>((n * 7 + static_cast<std::size_t>(view.indices()[n])) % 5));
  }
  return {x.rows(),
          x.cols(),
          {view.offsets().begin(), view.offsets().end()},
          {view.indices().begin(), view.indices().end()},
          std::move(ratings)};
}

/// Two rows and their states of a rating, read and written once.
void time_biased_mf(benchmark::State& state, const recokit::csr_matrix<>& x, int factors) {
  static const auto ratings = rated(x);
  const auto samples = static_cast<double>(ratings.nonzeros());
  time_samples(state, recokit::biased_mf::fit, ratings, ratings,
               recokit::biased_mf::params{.factors = factors, .keep_history = false},
               {samples, samples * (16.0 * factors + 76), samples * 18 * factors});
}

/// Lists of 10 for all users, uploads and downloads included.
void time_lists(benchmark::State& state, const recokit::csr_matrix<>& x, int factors,
                recokit::cuda_precision precision) {
  const auto users = timed::normal_rows<float>(x.rows(), factors, 1);
  const auto items = timed::normal_rows<float>(x.cols(), factors, 2);
  const recokit::item_filter all({}, x.cols());
  recokit::cuda_context context;
  const recokit::cuda policy{.precision = precision, .context = &context};
  const std::vector<index_t> some = {0, x.rows() / 2, x.rows() - 1};
  const auto expected =
      recokit::kernels::score_top_k<float>(recokit::cpu{}, users, some, &x.view(), items, all, 10);
  const auto found = recokit::kernels::score_top_k(policy, users, some, &x.view(), items, all, 10);
  for (std::size_t q = 0; q < some.size(); ++q) {
    const double off = std::abs(static_cast<double>(found[q][9].score) -
                                static_cast<double>(expected[q][9].score));
    if (precision == recokit::cuda_precision::fp32 && off > 1e-3) {
      throw std::runtime_error("a list is not that of the CPU");
    }
  }
  const auto which = recokit::detail::all_rows(x.rows());
  std::vector<double> seconds;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    auto lists = recokit::kernels::score_top_k(policy, users, which, &x.view(), items, all, 10);
    benchmark::DoNotOptimize(lists);
    seconds.push_back(recokit::detail::seconds_since(begin));
    state.SetIterationTime(seconds.back());
  }
  const double floor = lists_floor(x.view(), factors);
  state.counters["floor_ms"] = 1e3 * floor;
  state.counters["of_floor"] = floor / timed::median(seconds);
}

/// The k nearest of n normal rows for each of them, uploads and downloads included.
void time_neighbors(benchmark::State& state, std::int64_t n, std::int64_t d, int k) {
  const auto made = timed::normal_rows<float>(n, d, 1);
  const recokit::dense_view<float> rows(made);
  const auto all = recokit::detail::all_rows(static_cast<index_t>(n));
  recokit::cuda_context context;
  const recokit::cuda policy{.context = &context};
  const std::vector<index_t> asked(all.begin(), all.begin() + 64);
  const auto expected = recokit::kernels::nearest_rows(recokit::cpu{}, rows, all, asked, k);
  const auto found = recokit::kernels::nearest_rows(policy, rows, all, asked, k);
  if (found.rows != expected.rows || found.distances != expected.distances) {
    throw std::runtime_error("neighbours are not those of the CPU");
  }
  std::vector<double> seconds;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    auto table = recokit::kernels::nearest_rows(policy, rows, all, all, k);
    benchmark::DoNotOptimize(table);
    seconds.push_back(recokit::detail::seconds_since(begin));
    state.SetIterationTime(seconds.back());
  }
  const auto rows_read = static_cast<double>(n * d);
  const auto pairs = static_cast<double>(n) * static_cast<double>(n);
  // Products, and what cannot stay in a cache: rows as they are and centred, and the lists.
  const double operations = 2 * pairs * static_cast<double>(d);
  const double bytes = 2 * sizeof(float) * rows_read + 12 * static_cast<double>(n * k);
  const double floor = std::max(operations / fp32_rate, bytes / memory_rate);
  state.counters["operations"] = operations;
  state.counters["bytes"] = bytes;
  state.counters["floor_ms"] = 1e3 * floor;
  state.counters["of_floor"] = floor / timed::median(seconds);
}

/// The 100 most similar items of every item by cosine, transposes given; planning on the host,
/// uploads and downloads included.
template <class Sums>
void time_similarity(benchmark::State& state, const recokit::csr_matrix<>& by_user) {
  constexpr std::size_t k = 100;
  const auto by_item = recokit::transpose(recokit::cpu{}, by_user.view());
  std::vector<double> norms;
  for (index_t i = 0; i < by_item.rows(); ++i) {
    const auto row = by_item.row(i);
    double squares = 0;
    for (std::size_t n = 0; n < row.size(); ++n) {
      squares += static_cast<double>(row.value(n)) * static_cast<double>(row.value(n));
    }
    norms.push_back(std::sqrt(squares));
  }
  const recokit::pair_measures::product_measure<Sums> cosine{norms.data(), norms.data(), 1, 0, {}};
  recokit::cuda_context context;
  const auto device = recokit::kernels::make_similarity_device(recokit::cuda{.context = &context});
  const auto find = [&] {
    return device->neighbors(by_item.view(), by_user.view(), cosine, k, 1, [] { return false; });
  };
  const auto expected = recokit::kernels::item_similarity<Sums>(recokit::cpu{}, by_user.view(),
                                                                by_item.view(), k, cosine);
  const auto found = find();
  if (!std::ranges::equal(found.view().indices(), expected.view().indices()) ||
      !std::ranges::equal(found.view().values(), expected.view().values())) {
    throw std::runtime_error("similarities are not those of the CPU");
  }
  std::vector<double> seconds;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    auto neighbors = find();
    benchmark::DoNotOptimize(neighbors);
    seconds.push_back(recokit::detail::seconds_since(begin));
    state.SetIterationTime(seconds.back());
  }
  // Each item reads the rows of its users, and lists are written; values are read once an addition.
  double additions = 0;
  for (index_t u = 0; u < by_user.rows(); ++u) {
    const auto length = static_cast<double>(by_user.row(u).size());
    additions += length * length;
  }
  const double operations = additions * (Sums::needs_values ? 2 : 1);
  const double bytes =
      additions * (Sums::needs_values ? 8 : 4) + 8 * static_cast<double>(k * norms.size());
  const double floor = std::max(operations / fp32_rate, bytes / memory_rate);
  state.counters["operations"] = operations;
  state.counters["bytes"] = bytes;
  state.counters["floor_ms"] = 1e3 * floor;
  state.counters["of_floor"] = floor / timed::median(seconds);
}

/// The same interactions with values that differ.
recokit::csr_matrix<> weighted() {
  return recokit::fitted_weighting(recokit::weighting::tf_idf{}, interactions().view())
      .apply(interactions());
}

void add_cases() {
  using recokit::ials::solver_kind;
  const auto epochs = [](const std::string& name, auto data, int factors, solver_kind solver) {
    benchmark::RegisterBenchmark(
        name.c_str(), [=](benchmark::State& state) { time_epochs(state, data(), factors, solver); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(2);
  };
  for (const int factors : {64, 128, 256}) {
    epochs("ials_epoch/exact/" + std::to_string(factors), interactions, factors,
           solver_kind::exact);
  }
  benchmark::RegisterBenchmark("ials_epoch/exact/128/in_batches",
                               [](benchmark::State& state) {
                                 time_epochs(state, interactions(), 128, solver_kind::exact, true);
                               })
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond)
      ->Iterations(2);
  epochs("ials_epoch/cg/128", interactions, 128, solver_kind::cg);
  epochs("ials_epoch/block/256", interactions, 256, solver_kind::block);
  if (const char* const file = std::getenv("RECOKIT_BENCH_GOWALLA")) {
    const auto gowalla = [file]() -> const recokit::csr_matrix<>& {
      static const auto read = timed::without_values(timed::interactions(data_set{.source = file}));
      return read;
    };
    epochs("ials_epoch/gowalla/block/1024", gowalla, 1024, solver_kind::block);
    epochs("ials_epoch/gowalla/exact/1024", gowalla, 1024, solver_kind::exact);
  }
  const auto sampled = [](const std::string& name, auto time, int factors) {
    benchmark::RegisterBenchmark(
        name.c_str(), [=](benchmark::State& state) { time(state, interactions(), factors); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(2);
  };
  for (const int factors : {64, 128}) {
    sampled("bpr_epoch/" + std::to_string(factors), time_bpr, factors);
    sampled("warp_epoch/" + std::to_string(factors), time_warp, factors);
    sampled("biased_mf_epoch/" + std::to_string(factors), time_biased_mf, factors);
    sampled("logistic_epoch/" + std::to_string(factors), time_logistic, factors);
  }
  for (const auto precision : {recokit::cuda_precision::fp32, recokit::cuda_precision::tf32,
                               recokit::cuda_precision::bf16}) {
    const auto name = enum_names(precision)[static_cast<std::size_t>(precision)];
    benchmark::RegisterBenchmark(
        ("top_10/128/" + std::string(name)).c_str(),
        [=](benchmark::State& state) { time_lists(state, interactions(), 128, precision); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(3);
  }
  benchmark::RegisterBenchmark(
      "nearest_5/100000x32", [](benchmark::State& state) { time_neighbors(state, 100'000, 32, 5); })
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond)
      ->Iterations(3);
  const auto similar = [](const char* name, auto time) {
    benchmark::RegisterBenchmark(name, time)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(3);
  };
  similar("similar_100/counts", [](benchmark::State& state) {
    time_similarity<recokit::pair_measures::pair_count>(state, interactions());
  });
  similar("similar_100/values", [](benchmark::State& state) {
    time_similarity<recokit::pair_measures::pair_dot>(state, weighted());
  });
}

}  // namespace

int main(int count, char** arguments) {
  try {
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    const recokit::cuda_context context;
    benchmark::AddCustomContext("device", context.device().name);
    add_cases();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "recokit_bench_gpu: " << error.what() << '\n';
    return 1;
  }
}
