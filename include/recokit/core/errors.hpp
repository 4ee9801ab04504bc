// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Every exception that recokit throws; each carries the facts it states in its text.
#pragma once

#include <recokit/core/config.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

/// Base of all exceptions thrown by recokit. The text names the argument, the values and the fix.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Two sizes that must agree, or an index that must lie in a size, do not.
class dimension_error : public error {
 public:
  /// @param argument what was wrong, as the caller wrote it: "test.cols()"
  /// @param actual   its value
  /// @param expected what it was compared with: "train.cols()"
  /// @param wanted   the value of that
  /// @param fix      what to do about it; may be empty
  dimension_error(std::string argument, std::int64_t actual, std::string expected,
                  std::int64_t wanted, const std::string& fix = {})
      : error(argument + " is " + std::to_string(actual) + " but " + expected + " is " +
              std::to_string(wanted) + (fix.empty() ? "" : ": " + fix)),
        argument_(std::move(argument)),
        expected_(std::move(expected)),
        actual_value_(actual),
        expected_value_(wanted) {}

  const std::string& argument() const noexcept { return argument_; }
  const std::string& expected() const noexcept { return expected_; }
  std::int64_t actual_value() const noexcept { return actual_value_; }
  std::int64_t expected_value() const noexcept { return expected_value_; }

 private:
  std::string argument_;
  std::string expected_;
  std::int64_t actual_value_;
  std::int64_t expected_value_;
};

/// An argument has a value outside what is allowed.
class value_error : public error {
 public:
  /// @param argument    name, as the caller wrote it: "params.factors"
  /// @param value       the value found, as text
  /// @param requirement what is allowed: "must be in [1, 65536]"
  value_error(std::string argument, std::string value, std::string requirement)
      : error(argument + " = " + value + ": " + requirement),
        argument_(std::move(argument)),
        value_(std::move(value)),
        requirement_(std::move(requirement)) {}

  const std::string& argument() const noexcept { return argument_; }
  const std::string& value() const noexcept { return value_; }
  const std::string& requirement() const noexcept { return requirement_; }

 private:
  std::string argument_;
  std::string value_;
  std::string requirement_;
};

/// The text of a file is not what its format demands. Lines and columns count from 1; the column is
/// the byte in the line; 0 means "not known" (binary formats).
class parse_error : public error {
 public:
  parse_error(std::string file, std::int64_t line, std::int64_t column, const std::string& message)
      : error(file + (line > 0 ? ":" + std::to_string(line) : "") +
              (line > 0 && column > 0 ? ":" + std::to_string(column) : "") + ": " + message),
        file_(std::move(file)),
        line_(line),
        column_(column) {}

  const std::string& file() const noexcept { return file_; }
  std::int64_t line() const noexcept { return line_; }
  std::int64_t column() const noexcept { return column_; }

 private:
  std::string file_;
  std::int64_t line_;
  std::int64_t column_;
};

/// The operating system refused a file operation.
class io_error : public error {
 public:
  io_error(std::string path, const std::string& message)
      : error(path + ": " + message), path_(std::move(path)) {}
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// A result would not fit in memory; thrown before anything is allocated.
class memory_error : public error {
 public:
  memory_error(const std::string& what, std::uint64_t needed, std::uint64_t available)
      : error(what + " needs " + std::to_string(needed) + " bytes but " +
              std::to_string(available) + " are available"),
        needed_(needed),
        available_(available) {}
  std::uint64_t needed() const noexcept { return needed_; }
  std::uint64_t available() const noexcept { return available_; }

 private:
  std::uint64_t needed_;
  std::uint64_t available_;
};

/// A backend was asked for and cannot run here: no device, no driver, a failed launch.
class backend_error : public error {
 public:
  using error::error;
};

/// The feature exists but this build of recokit left it out.
class not_built_error : public error {
 public:
  not_built_error(const std::string& feature, std::string option)
      : error(feature + " is not part of this build of recokit: configure with " + option),
        option_(std::move(option)) {}
  const std::string& option() const noexcept { return option_; }

 private:
  std::string option_;
};

/// A fit was cancelled through a stop token.
class cancelled_error : public error {
 public:
  explicit cancelled_error(std::string_view what) : error(std::string(what) + " was cancelled") {}
};

}  // namespace recokit::inline RECOKIT_ABI
