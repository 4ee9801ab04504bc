// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Catches one exception type and hands its text to the test.
#pragma once

#include <stdexcept>
#include <string>

namespace recokit_test {

/// The text of the Exception that `call` throws. Anything else, or nothing, fails the test.
template <class Exception, class Call>
std::string error_text(const Call& call) {
  try {
    call();
  } catch (const Exception& caught) {
    return caught.what();
  }
  throw std::logic_error("expected an exception, none was thrown");
}

}  // namespace recokit_test
