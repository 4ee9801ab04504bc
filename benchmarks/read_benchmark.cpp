// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Reads one file and prints rows per second of the last read, sums to check and peak
/// memory.
#include <recokit/core/build_info.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/data/read.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

namespace {

// The most memory that the process ever held, in bytes; 0 where the system does not tell.
std::int64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

int usage() {
  std::cerr << "usage: recokit-read-benchmark FILE [--threads N] [--reads N]\n";
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  std::string file;
  recokit::read_options options;
  int reads = 1;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--threads" && i + 1 < count) {
      options.policy.threads = std::atoi(arguments[++i]);
    } else if (argument == "--reads" && i + 1 < count) {
      reads = std::max(1, std::atoi(arguments[++i]));
    } else if (file.empty() && !argument.starts_with("--")) {
      file = argument;
    } else {
      return usage();
    }
  }
  if (file.empty()) return usage();
  try {
    recokit::interactions data;
    std::chrono::duration<double> taken{};
    for (int read = 0; read < reads; ++read) {
      data = {};
      const auto start = std::chrono::steady_clock::now();
      data = recokit::read_ratings(file, options);
      taken = std::chrono::steady_clock::now() - start;
    }
    const auto view = data.view();
    const std::size_t bytes = view.offsets().size_bytes() + view.indices().size_bytes() +
                              view.values().size_bytes() + data.timestamps().size_bytes();
    const auto rows = data.nonzeros();
    // What another reader of the file must find too; ratings in halves add up without rounding.
    double ratings = 0;
    for (const float rating : view.values()) ratings += rating;
    std::int64_t times = 0;
    for (const std::int64_t time : data.timestamps()) times += time;
    const auto build = recokit::build_info();
    std::cout << "{\"rows\": " << rows << ", \"users\": " << data.rows()
              << ", \"items\": " << data.cols() << ", \"seconds\": " << taken.count()
              << ", \"rows_per_second\": "
              << static_cast<std::int64_t>(static_cast<double>(rows) / taken.count())
              << ", \"peak_bytes\": " << peak_memory() << ", \"result_bytes\": " << bytes
              << std::fixed << ", \"rating_sum\": " << ratings << ", \"timestamp_sum\": " << times
              << ", \"threads\": " << recokit::thread_count(options.policy) << ", \"build\": \""
              << build.build << ", " << build.compiler << ", " << build.executor << "\"}\n";
  } catch (const std::exception& error) {
    std::cerr << "recokit-read-benchmark: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
