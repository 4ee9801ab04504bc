// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include <recokit/core/parallel.hpp>

#include <ctime>
#include <fstream>
#include <utility>

namespace recokit_bench {
namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return {};
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
#if defined(_WIN32)
  gmtime_s(&parts, &now);
#else
  gmtime_r(&now, &parts);
#endif
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

environment describe_environment(const recokit::cpu& policy, std::vector<std::string> command) {
  environment where;
  where.build = recokit::build_info();
  where.processor = processor_name();
  where.threads = recokit::thread_count(policy);
  where.started = utc_now();
  where.command = std::move(command);
  return where;
}

std::string build_line(const recokit::build_information& build) {
  return build.version + " (" + build.build + ", " + build.compiler + ", " + build.executor +
         ", Eigen " + build.eigen + ", " + build.simd + ", zlib " + (build.zlib ? "yes" : "no") +
         ", libsvm " + (build.libsvm ? "yes" : "no") + ")";
}

std::string shell_line(const std::vector<std::string>& words) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@+%";
  std::string line;
  for (const auto& word : words) {
    if (!line.empty()) line += ' ';
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) {
      if (c == '\'') {
        line += "'\\''";
      } else {
        line += c;
      }
    }
    line += '\'';
  }
  return line;
}

}  // namespace recokit_bench
