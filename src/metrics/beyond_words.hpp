// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What each measure beyond accuracy is called and which choices it has.
#pragma once

#include <recokit/metrics/beyond_metric.hpp>

#include <array>
#include <span>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

struct beyond_words {
  beyond_measure measure;
  std::string_view name;
  std::array<beyond_variant, 4> variant_list;
  std::size_t variant_count;
  bool aggregate = false;  // with every variant
  bool divisor = false;    // listed or k
  bool undefined = true;   // may be zero
  bool micro = false;

  constexpr std::span<const beyond_variant> variants() const {
    return std::span(variant_list).first(variant_count);
  }
};

const beyond_words& words_of(beyond_measure measure);

/// @throws value_error when a choice does not exist for the measure or a number is out of range
void check_metric(const beyond_metric& metric);

}  // namespace recokit::inline RECOKIT_ABI::detail
