// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the programs that time a model share: their data, clocks and raw files.
#pragma once

#include <recokit/core/build_info.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/data/read.hpp>
#include <recokit/data/synthetic.hpp>

#include <algorithm>
#include <cstddef>
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

}  // namespace recokit_benchmark
