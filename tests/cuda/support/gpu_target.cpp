// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/target.hpp"

#include <recokit/core/device.hpp>

namespace recokit_test {

std::string target_missing() {
  try {
    recokit::require_device(recokit::cuda{});
  } catch (const recokit::backend_error& caught) {
    return caught.what();
  }
  return {};
}

}  // namespace recokit_test
