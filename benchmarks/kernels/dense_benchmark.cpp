// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Times the matrix product, the inverse behind EASE and the eigenvectors behind ials beside Eigen
// and, where the build found it, OpenBLAS. Each checks its answer before it is timed.
//   recokit-dense-benchmark [Google Benchmark's options, such as --benchmark_filter=4096]
// Rates that are to be compared should come from one run:
//   --benchmark_enable_random_interleaving=true --benchmark_repetitions=5
#include <recokit/core/build_info.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/spd_inverse.hpp>
#include <recokit/kernels/symmetric_eigen.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#if defined(RECOKIT_BENCHMARK_OPENBLAS)
#include <cblas.h>
#endif

namespace rk = recokit;

namespace {

using matrix = rk::row_major_matrix<float>;
using counter = benchmark::Counter;

matrix random_numbers(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed) {
  matrix made(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (Eigen::Index i = 0; i < made.size(); ++i) {
    made.data()[i] = static_cast<float>(random.uniform() - 0.5);
  }
  return made;
}

/// `flops` in every iteration.
void set_rate(benchmark::State& state, double flops) {
  state.counters["GFLOP/s"] = counter(1e-9 * flops, counter::kIsIterationInvariantRate);
}

bool is_product(const matrix& c, const matrix& a, const matrix& b) {
  const Eigen::VectorXd probe = random_numbers(c.cols(), 1, 3).cast<double>();
  const Eigen::VectorXd expected = a.cast<double>() * (b.cast<double>() * probe);
  return (c.cast<double>() * probe - expected).norm() <= 1e-5 * expected.norm();
}

/// @param multiply called with a, b and the target, which holds zeros the first time
template <class Multiply>
void time_product(benchmark::State& state, const Multiply& multiply) {
  const Eigen::Index n = state.range(0);
  const matrix a = random_numbers(n, n, 1);
  const matrix b = random_numbers(n, n, 2);
  matrix c = matrix::Zero(n, n);
  multiply(a, b, c);
  if (!is_product(c, a, b)) return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    multiply(a, b, c);
    benchmark::DoNotOptimize(c.data());
  }
  const auto size = static_cast<double>(n);
  set_rate(state, 2 * size * size * size);
}

void gemm(benchmark::State& state, const rk::kernels::gemm_kernel<float>& kernel) {
  const rk::cpu policy{.threads = static_cast<int>(state.range(1))};
  time_product(state, [&](const matrix& a, const matrix& b, matrix& c) {
    const Eigen::Index n = a.rows();
    rk::kernels::gemm(policy, n, n, n, rk::kernels::row_major(a.data(), n),
                      rk::kernels::row_major(b.data(), n), 1.0f, c.data(), n, kernel);
  });
}

void eigen_product(benchmark::State& state) {
  time_product(state, [](const matrix& a, const matrix& b, matrix& c) { c.noalias() = a * b; });
}

#if defined(RECOKIT_BENCHMARK_OPENBLAS)
void openblas_sgemm(benchmark::State& state) {
  openblas_set_num_threads(static_cast<int>(state.range(1)));
  time_product(state, [](const matrix& a, const matrix& b, matrix& c) {
    const auto n = static_cast<blasint>(a.rows());
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n, b.data(), n, 0,
                c.data(), n);
  });
}
#endif

/// XᵀX + n/100 · I for random X.
matrix positive_definite(Eigen::Index n) {
  const matrix x = random_numbers(n, n, 1);
  matrix made = matrix::Zero(n, n);
  const auto block = rk::kernels::row_major(x.data(), n);
  rk::kernels::gemm(rk::cpu{}, n, n, n, block.transposed(), block, 1.0f, made.data(), n);
  made.diagonal().array() += 0.01f * static_cast<float>(n);
  return made;
}

/// The rate counts n³ flops: n³/3 of the factorization and 2n³/3 of the inverse from it.
void spd_inverse(benchmark::State& state) {
  const Eigen::Index n = state.range(0);
  const rk::cpu policy{.threads = static_cast<int>(state.range(1))};
  const matrix original = positive_definite(n);
  matrix work = original;
  const auto invert = [&] {
    rk::kernels::spd_inverse(policy, n, work.data(), n, [] { return false; });
  };
  invert();
  const Eigen::VectorXf probe = random_numbers(n, 1, 3);
  const Eigen::VectorXf there = original.selfadjointView<Eigen::Lower>() * probe;
  const Eigen::VectorXf back = work.selfadjointView<Eigen::Lower>() * there;
  if ((back - probe).norm() > 1e-3f * probe.norm()) return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    state.PauseTiming();
    work = original;
    state.ResumeTiming();
    invert();
  }
  const auto size = static_cast<double>(n);
  set_rate(state, size * size * size);
}

void eigen_llt_inverse(benchmark::State& state) {
  const Eigen::Index n = state.range(0);
  const Eigen::MatrixXf original = positive_definite(n);
  for (auto _ : state) {
    const Eigen::MatrixXf inverse = original.llt().solve(Eigen::MatrixXf::Identity(n, n));
    benchmark::DoNotOptimize(inverse.data());
  }
  const auto size = static_cast<double>(n);
  set_rate(state, size * size * size);
}

/// The rate counts 7.5 n³ flops for Eigen as well: 8/3 of the reduction and its vectors, and 6 n
/// for each of about 0.8 n² rotations.
/// @param solve gives a pair of vectors and values for a matrix
template <class Solve>
void time_eigenvectors(benchmark::State& state, const Solve& solve) {
  const Eigen::Index n = state.range(0);
  const Eigen::MatrixXd original = positive_definite(n).cast<double>();
  const auto [vectors, values] = solve(original);
  const Eigen::VectorXd probe = random_numbers(n, 1, 3).cast<double>();
  const Eigen::VectorXd back =
      vectors * (values.asDiagonal() * (vectors.transpose() * probe)).eval();
  const Eigen::VectorXd expected = original * probe;
  if ((back - expected).norm() > 1e-10 * expected.norm()) {
    return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) {
    const auto found = solve(original);
    benchmark::DoNotOptimize(found.first.data());
  }
  const auto size = static_cast<double>(n);
  set_rate(state, 7.5 * size * size * size);
}

void symmetric_eigen(benchmark::State& state, const rk::kernels::rotation_kernel& kernel) {
  const rk::cpu policy{.threads = static_cast<int>(state.range(1))};
  time_eigenvectors(state, [&](const Eigen::MatrixXd& from) {
    auto found = rk::kernels::symmetric_eigen_of(policy, from, kernel);
    return std::pair{std::move(found.vectors), std::move(found.values)};
  });
}

void eigen_self_adjoint(benchmark::State& state) {
  time_eigenvectors(state, [](const Eigen::MatrixXd& from) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> found(from);
    return std::pair{found.eigenvectors(), found.eigenvalues()};
  });
}

void register_all() {
  const auto sizes = [](benchmark::internal::Benchmark* made, std::int64_t most) {
    made->ArgNames({"n", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
    for (std::int64_t n = 512; n <= most; n *= 2) made->Args({n, 1})->Args({n, 2});
  };
  for (const auto& kernel : rk::kernels::gemm_kernels<float>()) {
    sizes(benchmark::RegisterBenchmark(("gemm/" + std::string(kernel.name)).c_str(),
                                       [kernel](benchmark::State& state) { gemm(state, kernel); }),
          4096);
  }
#if defined(RECOKIT_BENCHMARK_OPENBLAS)
  sizes(benchmark::RegisterBenchmark("openblas_sgemm", openblas_sgemm), 4096);
#endif
  benchmark::RegisterBenchmark("eigen_product", eigen_product)
      ->ArgNames({"n"})
      ->Arg(512)
      ->Arg(1024)
      ->Arg(2048)
      ->Unit(benchmark::kMillisecond);
  sizes(benchmark::RegisterBenchmark("spd_inverse", spd_inverse), 8192);
  benchmark::RegisterBenchmark("eigen_llt_inverse", eigen_llt_inverse)
      ->ArgNames({"n"})
      ->Arg(1024)
      ->Unit(benchmark::kMillisecond);
  for (const auto& kernel : rk::kernels::rotation_kernels()) {
    sizes(benchmark::RegisterBenchmark(
              ("symmetric_eigen/" + std::string(kernel.name)).c_str(),
              [kernel](benchmark::State& state) { symmetric_eigen(state, kernel); }),
          2048);
  }
  benchmark::RegisterBenchmark("eigen_self_adjoint", eigen_self_adjoint)
      ->ArgNames({"n"})
      ->Arg(512)
      ->Arg(1024)
      ->Arg(2048)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  const auto info = rk::build_info();
  benchmark::AddCustomContext("recokit", info.version + ", " + info.build + ", cpu backend");
  benchmark::AddCustomContext("executor", info.executor);
  benchmark::AddCustomContext("eigen", info.eigen + ", " + info.simd);
  benchmark::AddCustomContext("compiler", info.compiler);
#if defined(RECOKIT_BENCHMARK_OPENBLAS)
  benchmark::AddCustomContext("openblas", openblas_get_config());
#endif
  register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
