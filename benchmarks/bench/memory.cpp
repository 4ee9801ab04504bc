// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace recokit_bench {
namespace {

// A line of /proc/self/status, such as "VmHWM:     1234 kB", in bytes.
std::optional<std::int64_t> status_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(key + ":")) continue;
    std::istringstream words(line.substr(key.size() + 1));
    std::int64_t kilobytes = 0;
    if (words >> kilobytes && kilobytes > 0) return kilobytes * 1024;
  }
  return {};
}

}  // namespace

peak_scope reset_peak_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  const auto before = peak_memory();
  if (!before) return peak_scope::unknown;
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5" << std::flush;
  // A kernel may take the write and do nothing: a true reset leaves a peak near what is held now.
  if (!clear) return peak_scope::process;
  const auto after = peak_memory();
  const auto now = resident_memory();
  if (after && now && (*after < *before || *after <= *now + (std::int64_t{1} << 20))) {
    return peak_scope::since_reset;
  }
  return peak_scope::process;
}

std::optional<std::int64_t> peak_memory() { return status_bytes("VmHWM"); }
std::optional<std::int64_t> resident_memory() { return status_bytes("VmRSS"); }

}  // namespace recokit_bench
