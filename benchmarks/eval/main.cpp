// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <cstdio>
#include <exception>
#include <new>

int main(int argc, char** argv) {
  using namespace recokit_eval;
  try {
    const outcome result = run_program({argv + (argc > 0 ? 1 : 0), argv + argc});
    std::fwrite(result.errors.data(), 1, result.errors.size(), stderr);
    const bool written = std::fwrite(result.output.data(), 1, result.output.size(), stdout) ==
                             result.output.size() &&
                         std::fflush(stdout) == 0;
    if (written) return result.code;
    std::fputs("recokit-eval: cannot write to standard output\n", stderr);
    return no_output;
  } catch (const std::bad_alloc&) {
    std::fputs("recokit-eval: out of memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recokit-eval: %s\n", error.what());
  }
  return bad_input;
}
