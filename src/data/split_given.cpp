// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "split_common.hpp"

namespace recokit::inline RECOKIT_ABI::split {

holdout given(const std::filesystem::path& train, const std::filesystem::path& test,
              const read_options& options) {
  auto [train_part, test_part] = read_train_test(train, test, options);
  return detail::make_holdout(std::move(train_part), std::move(test_part), "given files",
                              "the file has no interactions");
}

}  // namespace recokit::inline RECOKIT_ABI::split
