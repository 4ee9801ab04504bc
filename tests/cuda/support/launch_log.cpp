// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Names the kernels that a run of the tests launched, one a line, in the file that
// RECOKIT_LAUNCH_LOG names; scripts/check-kernels.py asks for it.
#include "simt.hpp"

#include <cstdlib>
#include <fstream>

namespace {

const struct launch_log {
  // Makes the set first, so that it is still there at the end.
  launch_log() { recokit::simt::emulator::launched(); }
  ~launch_log() {
    const char* const file = std::getenv("RECOKIT_LAUNCH_LOG");
    if (file == nullptr) return;
    std::ofstream out(file);
    for (const std::string& name : recokit::simt::emulator::launched()) out << name << '\n';
  }
} log;

}  // namespace
