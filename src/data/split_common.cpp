// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "split_common.hpp"

#include "../core/number_text.hpp"

namespace recokit::inline RECOKIT_ABI::detail {

void check_fraction(std::string_view argument, double value) {
  if (value > 0 && value < 1) return;
  throw value_error(std::string(argument), number_text(value),
                    "must be between 0 and 1, both excluded");
}

void check_splittable(const interactions& data) {
  if (data.nonzeros() >= 2) return;
  throw value_error("data.nonzeros()", std::to_string(data.nonzeros()),
                    "must be at least 2, so that train and test can have one each");
}

void check_timestamps(const interactions& data, std::string_view split) {
  if (data.has_timestamps()) return;
  throw value_error("data.timestamps()", "none",
                    std::string(split) +
                        " needs the time of every interaction: name its column in "
                        "read_options::timestamp and leave read_options::ignore_timestamps off");
}

holdout make_holdout(interactions train, interactions test, std::string protocol,
                     const std::string& advice) {
  const auto check_part = [&](const char* argument, const interactions& part) {
    if (part.nonzeros() > 0) return;
    throw value_error(argument, "0", "must not be empty (" + protocol + "): " + advice);
  };
  check_part("train.nonzeros()", train);
  check_part("test.nonzeros()", test);
  return {std::move(train), std::move(test), std::nullopt, std::move(protocol)};
}

holdout divide(const interactions& data, const entry_parts& part, std::string protocol,
               const std::string& advice) {
  const auto go = [&](std::uint8_t where) {
    return select_entries(data, [&](std::size_t, std::size_t e) { return part[e] == where; });
  };
  return make_holdout(go(to_train), go(to_test), std::move(protocol), advice);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
