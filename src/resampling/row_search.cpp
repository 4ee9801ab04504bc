// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/row_search.hpp>

#include <algorithm>
#include <string>

namespace recokit::inline RECOKIT_ABI::detail {

void check_neighbors(std::string_view argument, int k, std::int64_t available,
                     std::string_view of_what) {
  if (k >= 1 && k <= available) return;
  throw value_error(std::string(argument), std::to_string(k),
                    "must be in [1, " + std::to_string(std::max<std::int64_t>(available, 0)) +
                        "]: " + std::string(of_what));
}

}  // namespace recokit::inline RECOKIT_ABI::detail
