// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the programs that time a model share: their data, clocks and raw files.
#pragma once

#include <recokit/core/build_info.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/data/read.hpp>
#include <recokit/data/synthetic.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace recokit_benchmark {

/// What o.source says: "synthetic" for o.users × o.items with o.mean_interactions a user, else a
/// file.
template <class Options>
recokit::csr_matrix<> interactions(const Options& o) {
  if (o.source == "synthetic") {
    recokit::synthetic::params params;
    params.users = o.users;
    params.items = o.items;
    params.mean_interactions = o.mean_interactions;
    return recokit::synthetic::generate(params).matrix();
  }
  if (o.source.ends_with(".npz")) return recokit::read_npz(o.source);
  return recokit::read_ratings(o.source).matrix();
}

/// The same interactions, each of which counts as 1.
inline recokit::csr_matrix<> without_values(const recokit::csr_matrix<>& matrix) {
  return {matrix.view().pattern(), matrix.owner()};
}

/// rows × cols standard normal numbers, the same for any number of threads.
template <class Scalar>
recokit::row_major_matrix<Scalar> normal_rows(std::int64_t rows, std::int64_t cols,
                                              std::uint64_t seed) {
  recokit::row_major_matrix<Scalar> made(rows, cols);
  recokit::parallel_for(recokit::cpu{}, rows, 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      recokit::random_stream random(seed, recokit::random_purpose::user,
                                    static_cast<std::uint64_t>(r));
      for (std::int64_t c = 0; c < cols; ++c) made(r, c) = static_cast<Scalar>(random.normal());
    }
  });
  return made;
}

/// Seconds of all processors that this process has used.
inline double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// 0 without any.
inline double median(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return seconds.empty() ? 0 : seconds[seconds.size() / 2];
}

/// The library as it was built, in one line.
inline std::string build_line() {
  const auto build = recokit::build_info();
  std::string line;
  for (const auto& word : {build.build, build.compiler, build.executor, build.simd}) {
    if (!line.empty()) line += ", ";
    line += word;
  }
  return line;
}

/// Writes values as they are in memory. @throws std::runtime_error
template <class Value>
void write_raw(const std::filesystem::path& file, const Value* data, std::size_t count) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(data),
            static_cast<std::streamsize>(count * sizeof(Value)));
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

/// What write_raw wrote. @throws std::runtime_error unless the file holds whole values
template <class Value>
std::vector<Value> read_raw(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  const auto bytes = static_cast<std::size_t>(std::filesystem::file_size(file));
  if (bytes % sizeof(Value) != 0) {
    throw std::runtime_error(file.string() + " does not hold whole values");
  }
  std::vector<Value> values(bytes / sizeof(Value));
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(bytes));
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return values;
}

}  // namespace recokit_benchmark
