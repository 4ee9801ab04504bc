// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Ratings under options: the first four bytes choose them, the rest is the file.
#include "ratings.hpp"

#include <array>

namespace {

template <class T, std::size_t Count>
T chosen(const std::array<T, Count>& all, unsigned byte) {
  return all[byte % Count];
}

recokit::column_name column(unsigned byte) {
  using recokit::column_name;
  return chosen(std::array<column_name, 8>{column_name{}, 0, 1, 2, 5, -1, "user", "rating"}, byte);
}

recokit::read_options options_of(const std::uint8_t* bytes) {
  using enum recokit::file_format;
  recokit::read_options options;
  options.format =
      chosen(std::array{detect, movielens, delimited, lightgcn, matrix_market, npz}, bytes[0] & 7u);
  options.delimiter = chosen(std::array{'\0', '\t', ',', ';', '|', ' ', ':', 'x'}, bytes[0] >> 4u);
  using header = recokit::header_rule;
  options.header =
      chosen(std::array{header::detect, header::present, header::absent}, bytes[1] & 3u);
  using duplicates = recokit::duplicate_rule;
  options.duplicates =
      chosen(std::array{duplicates::last, duplicates::sum, duplicates::max, duplicates::error},
             bytes[1] >> 2u);
  using ids = recokit::id_rule;
  const std::array rules{ids::detect, ids::integer, ids::string};
  options.user_ids = chosen(rules, bytes[1] >> 4u & 3u);
  options.item_ids = chosen(rules, bytes[1] >> 6u);
  options.user = column(bytes[2] & 7u);
  options.item = column(bytes[2] >> 4u);
  options.rating = column(bytes[3] & 7u);
  options.timestamp = column(bytes[3] >> 3u & 7u);
  options.ignore_ratings = (bytes[3] & 64u) != 0;
  options.ignore_timestamps = (bytes[3] & 128u) != 0;
  options.policy.threads = 1;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t choices = 4;
  if (size < choices) return 0;
  const auto text = recokit_fuzz::text_of(data + choices, size - choices);
  return recokit_fuzz::read_and_check(recokit_fuzz::ratings_file().holding(text), options_of(data));
}
