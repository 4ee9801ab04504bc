// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What `recokit-bench list` prints: everything that has a name, with its fields.
#pragma once

#include <string>

namespace recokit_bench {

std::string catalogue_text();

}  // namespace recokit_bench
