// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Catch2 2.13 and 3 under the same names.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
namespace recokit_test {
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
}
#else
#include <catch2/catch.hpp>
namespace recokit_test {
using Catch::Detail::Approx;
inline auto ContainsSubstring(const std::string& text) { return Catch::Matchers::Contains(text); }
}  // namespace recokit_test
#endif
