// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include "text.hpp"

#include <cstdio>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace recokit_bench {

std::string epoch_text(const recokit::epoch_info& info) {
  std::string text = "epoch " + std::to_string(info.epoch) + "/" + std::to_string(info.epochs) +
                     ", " + seconds_text(info.seconds) + " s";
  if (info.epoch > 0 && info.epoch < info.epochs) {
    text +=
        ", " + seconds_text(info.seconds / info.epoch * (info.epochs - info.epoch)) + " s to go";
  }
  return text;
}

progress_line::progress_line(bool quiet) : enabled_(false) {
#if defined(__unix__) || defined(__APPLE__)
  enabled_ = !quiet && isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (enabled_ && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) {
    width_ = size.ws_col - 1u;
  }
#else
  static_cast<void>(quiet);
#endif
}

progress_line::~progress_line() { clear(); }

void progress_line::step(std::string text) {
  step_ = std::move(text);
  if (enabled_) write(step_);
}

void progress_line::detail(std::string_view text) {
  if (!enabled_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - written_ < std::chrono::milliseconds(100)) return;
  write(step_ + "  " + std::string(text));
}

void progress_line::clear() {
  if (enabled_) std::fputs("\r\x1b[K", stderr);
}

void progress_line::write(std::string_view text) {
  written_ = std::chrono::steady_clock::now();
  const std::string line = "\r\x1b[K" + shortened(text, width_);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace recokit_bench
