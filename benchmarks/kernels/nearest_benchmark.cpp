// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times the nearest rows of a matrix to all of them, beside a matrix product of that size.
///
/// Before it times, it checks the neighbours of some rows against all differences in double.
/// --write FOLDER hands peers the rows and the neighbours; prints one JSON object.
/// peers/nearest_speed.py runs it beside scikit-learn.
#include "../timed_runs.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/nearest_rows.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
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
namespace kernels = recokit::kernels;

struct options {
  std::int64_t rows = 20'000;
  std::int64_t cols = 32;
  std::int64_t queries = 0;
  std::int64_t rank = 0;
  double density = 1;
  int k = 5;
  int rounds = 3;
  int threads = 0;
  std::string precision = "float";
  std::string write;
};

int usage() {
  std::cerr << "usage: recokit-nearest-benchmark [OPTION...]\n"
               "  --rows N --cols N   of the matrix, 20000 x 32 normal numbers\n"
               "  --rank N            of the matrix; without: full\n"
               "  --density X         sparse rows of so many entries; without: dense\n"
               "  --queries N         the first N rows; without: all\n"
               "  --precision float|double --k N --threads N --rounds N --write FOLDER\n";
  return 2;
}

template <class Scalar>
recokit::csr_matrix<Scalar> thinned(const recokit::row_major_matrix<Scalar>& x, double density) {
  std::vector<recokit::offset_t> offsets{0};
  std::vector<index_t> indices;
  std::vector<Scalar> values;
  recokit::random_stream random(3, recokit::random_purpose::user);
  for (Eigen::Index r = 0; r < x.rows(); ++r) {
    for (Eigen::Index c = 0; c < x.cols(); ++c) {
      if (random.uniform() >= density) continue;
      indices.push_back(static_cast<index_t>(c));
      values.push_back(x(r, c));
    }
    offsets.push_back(static_cast<recokit::offset_t>(indices.size()));
  }
  return {x.rows(), x.cols(), offsets, indices, values};
}

// Some queries against all differences. @throws std::runtime_error
template <class Rows>
void check(const kernels::neighbor_table& table, const Rows& x, const std::vector<index_t>& among,
           const std::vector<index_t>& queries) {
  const std::size_t step = std::max<std::size_t>(1, queries.size() / 20);
  for (std::size_t q = 0; q < queries.size(); q += step) {
    std::vector<double> squared(among.size());
    kernels::detail::squared_distances(x, queries[q], x, among, squared.data());
    std::vector<std::pair<double, index_t>> expected;
    for (std::size_t n = 0; n < among.size(); ++n) {
      if (among[n] != queries[q]) expected.emplace_back(squared[n], among[n]);
    }
    const auto row = static_cast<Eigen::Index>(q);
    std::partial_sort(expected.begin(), expected.begin() + table.rows.cols(), expected.end());
    for (Eigen::Index n = 0; n < table.rows.cols(); ++n) {
      const auto& [distance, neighbor] = expected[static_cast<std::size_t>(n)];
      if (table.rows(row, n) != neighbor || table.distances(row, n) != std::sqrt(distance)) {
        throw std::runtime_error("wrong neighbour of row " + std::to_string(queries[q]));
      }
    }
  }
}

/// Multiply-adds a second of recokit's own product of the same precision, at a size that suits it.
template <class Scalar>
double product_rate(const recokit::cpu& policy, int rounds) {
  constexpr std::ptrdiff_t n = 2048;
  const auto a = benchmark::normal_rows<Scalar>(n, n, 1);
  recokit::row_major_matrix<Scalar> c = recokit::row_major_matrix<Scalar>::Zero(n, n);
  const auto block = kernels::row_major(a.data(), n);
  std::vector<double> seconds;
  for (int round = 0; round <= rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    kernels::gemm(policy, n, n, n, block, block.transposed(), Scalar{1}, c.data(), n);
    if (round > 0) seconds.push_back(recokit::detail::seconds_since(begin));
  }
  return static_cast<double>(n) * n * n / benchmark::median(seconds);
}

template <class Rows>
int time_search(const options& o, const Rows& x) {
  const recokit::cpu policy{.threads = o.threads};
  std::vector<index_t> among(static_cast<std::size_t>(o.rows));
  std::iota(among.begin(), among.end(), index_t{0});
  const std::vector<index_t> queries(among.begin(),
                                     o.queries > 0 ? among.begin() + o.queries : among.end());
  auto table = kernels::nearest_rows(policy, x, among, queries, o.k);
  check(table, x, among, queries);
  std::vector<double> seconds, processor, rates;
  for (int round = 0; round < o.rounds; ++round) {
    // Turns, so that both see the same machine; candidates are found in float for doubles too.
    rates.push_back(product_rate<float>(policy, 1));
    const double used = benchmark::cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    table = kernels::nearest_rows(policy, x, among, queries, o.k);
    seconds.push_back(recokit::detail::seconds_since(begin));
    processor.push_back(benchmark::cpu_seconds() - used);
  }
  if (!o.write.empty()) {
    benchmark::write_raw(std::filesystem::path(o.write) / "neighbors.raw", table.rows.data(),
                         static_cast<std::size_t>(table.rows.size()));
  }
  const double pairs = static_cast<double>(queries.size()) * static_cast<double>(among.size());
  const double products = pairs * static_cast<double>(o.cols) / (o.queries > 0 ? 1 : 2);
  const double median = benchmark::median(seconds);
  std::cout << "{\"rows\": " << o.rows << ", \"cols\": " << o.cols << ", \"rank\": " << o.rank
            << ", \"density\": " << o.density << ", \"queries\": " << queries.size()
            << ", \"k\": " << o.k << ", \"precision\": \"" << o.precision
            << "\", \"seconds\": " << median
            << ", \"processor_seconds\": " << benchmark::median(processor)
            << ", \"products_per_second\": " << products / median
            << ", \"sgemm_products_per_second\": " << benchmark::median(rates)
            << ", \"fraction_of_sgemm\": " << products / median / benchmark::median(rates)
            << ", \"rounds\": " << o.rounds
            << ", \"backend\": \"cpu\", \"threads\": " << recokit::thread_count(policy)
            << ", \"build\": \"" << benchmark::build_line() << "\"}\n";
  return 0;
}

template <class Scalar>
int run(const options& o) {
  auto x = benchmark::normal_rows<Scalar>(o.rows, o.rank > 0 ? o.rank : o.cols, 1);
  if (o.rank > 0) x = (x * benchmark::normal_rows<Scalar>(o.rank, o.cols, 2)).eval();
  if (o.density < 1) {
    const auto sparse = thinned(x, o.density);
    if (!o.write.empty()) throw std::runtime_error("--write takes dense rows alone");
    return time_search(o, sparse.view());
  }
  if (!o.write.empty()) {
    benchmark::write_raw(std::filesystem::path(o.write) / "rows.raw", x.data(),
                         static_cast<std::size_t>(x.size()));
  }
  return time_search(o, recokit::dense_view<Scalar>(x));
}

}  // namespace

int main(int count, char** arguments) {
  options o;
  try {
    for (int a = 1; a < count; a += 2) {
      const std::string_view name = arguments[a];
      if (a + 1 == count) return usage();
      const std::string value = arguments[a + 1];
      if (name == "--rows") {
        o.rows = std::stoll(value);
      } else if (name == "--cols") {
        o.cols = std::stoll(value);
      } else if (name == "--rank") {
        o.rank = std::stoll(value);
      } else if (name == "--density") {
        o.density = std::stod(value);
      } else if (name == "--queries") {
        o.queries = std::stoll(value);
      } else if (name == "--precision") {
        o.precision = value;
      } else if (name == "--k") {
        o.k = std::stoi(value);
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
    if (o.rounds < 1 || o.rows < 2 || o.cols < 1 || o.queries > o.rows) return usage();
    if (o.precision == "float") return run<float>(o);
    if (o.precision == "double") return run<double>(o);
    return usage();
  } catch (const std::exception& error) {
    std::cerr << "recokit-nearest-benchmark: " << error.what() << '\n';
    return 1;
  }
}
