// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times every CUDA kernel alone, beside what it has to move and compute and what the card
/// was seen to do at the best.
///
/// A case builds its inputs, launches once, compares the answer with a naive loop of the CPU on a
/// sample, and is then timed by events of the device; a wrong answer is an error and no time.
/// Options are Google Benchmark's own. Linked with the emulator of cuda/simt it runs in tiny shapes
/// and shows that the answers are right, not how fast they come.
#include "gpu_kernels/kernel_case.hpp"
#include "runtime/handles.hpp"
#include "runtime/transfer.hpp"
#include "timed_runs.hpp"

#include <recokit/core/cuda_context.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace timed = recokit_benchmark;
namespace ck = recokit::cuda_kernels;

constexpr int iterations = 20;

/// The kernels that the name of a case begins with; none where it stands beside them to compare.
std::vector<std::string> kernels_of(const std::string& name) {
  std::vector<std::string> kernels;
  if (name.starts_with("cublas_")) return kernels;
  std::istringstream words(name.substr(0, name.find('/')));
  for (std::string word; std::getline(words, word, '-');) kernels.push_back(word);
  return kernels;
}

void time_case(benchmark::State& state, const timed::named_case& named, ck::stream_t stream) {
  const timed::kernel_case made = named.make(stream);
  const auto restart = [&] {
    if (made.restart) made.restart();
    ck::wait_for(stream);
  };
  restart();
  timed::launch_each(kernels_of(named.name), made.launch);
  ck::wait_for(stream);
  made.check();
  std::vector<double> seconds;
  for (auto _ : state) {
    restart();
    seconds.push_back(timed::seconds_of(stream, made.launch));
    state.SetIterationTime(seconds.back());
  }
  state.counters["bytes"] = made.work.bytes;
  state.counters["operations"] = made.work.operations;
  if (const auto& most = timed::ceilings(stream)) {
    const double time = timed::median(seconds);
    state.counters["of_bandwidth"] = made.work.bytes / time / most->bytes;
    state.counters["of_fp32"] = made.work.operations / time / most->operations;
    state.counters["card_bytes_per_second"] = most->bytes;
    state.counters["card_operations_per_second"] = most->operations;
  }
}

timed::case_list all_cases() {
  timed::case_list cases;
  for (const auto add :
       {timed::add_gram_cases, timed::add_fill_cases, timed::add_storage_cases,
        timed::add_exact_row_cases, timed::add_iterative_row_cases, timed::add_top_k_cases,
        timed::add_list_cases, timed::add_neighbor_cases, timed::add_similarity_cases,
        timed::add_pair_cases, timed::add_rating_cases, timed::add_warp_loss_cases,
        timed::add_logistic_cases}) {
    add(cases);
  }
  return cases;
}

int run(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  const recokit::cuda_context context;
  const ck::own_stream stream;
  benchmark::AddCustomContext("device", context.device().name);
  std::size_t wrong = 0;
  for (const timed::named_case& named : all_cases()) {
    benchmark::RegisterBenchmark(named.name.c_str(),
                                 [named, &stream, &wrong](benchmark::State& state) {
                                   try {
                                     time_case(state, named, stream.get());
                                   } catch (const std::exception& error) {
                                     ++wrong;
                                     state.SkipWithError(error.what());
                                   }
                                 })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(timed::tiny() ? 1 : iterations);
  }
  benchmark::RunSpecifiedBenchmarks();
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::cerr << "recokit_bench_gpu_kernels: " << error.what() << '\n';
    return 1;
  }
}
