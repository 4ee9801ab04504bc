// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Numbers and words as text, and errors of the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace recokit_bench {

/// The command line (or the config file) asks for something that does not exist. Exit code 2.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `digits` digits after the point; "n/a" when not finite.
std::string fixed(double value, int digits);
/// The shortest text that reads back to the same bits; "n/a" when not finite.
std::string shortest(double value);
std::string shortest(float value);
/// 1027370 as "1,027,370".
std::string grouped(std::int64_t value);
/// Seconds with about three significant digits, down to microseconds, and no unit.
std::string seconds_text(double seconds);
/// Bytes as MiB with one digit and no unit.
std::string mib_text(double bytes);

std::string joined(const std::vector<std::string>& words, std::string_view separator);
/// The pieces between separators; "a,,b" has an empty one in the middle.
std::vector<std::string> divided(std::string_view text, char separator);
/// Columns on a terminal, one a code point of UTF-8.
std::size_t display_width(std::string_view text) noexcept;
/// At most `width` columns: the middle of a longer text gives way to "…".
std::string shortened(std::string_view text, std::size_t width);
/// Blanks added on the right or on the left until `width` columns are filled.
std::string left_aligned(std::string_view text, std::size_t width);
std::string right_aligned(std::string_view text, std::size_t width);

/// Rows of cells, the first one the heading, in columns two blanks apart: those of `left` begin at
/// the left, the others end at the right.
std::string aligned_table(const std::vector<std::vector<std::string>>& rows,
                          const std::vector<std::size_t>& left);

/// The word of `known` that `word` is most likely a misspelling of.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);
/// `unknown model "ialss"; did you mean "ials"? Known: …`
usage_error unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string>& known);

}  // namespace recokit_bench
