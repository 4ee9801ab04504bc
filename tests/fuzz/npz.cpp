// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Sparse matrices in .npz archives. The checksums of stored members are put right first: the fuzzer
// could not guess them, and what is behind them is what it should see.
#include "core/crc32.hpp"
#include "ratings.hpp"

namespace {

constexpr std::string_view entry_mark{"PK\1\2", 4};
constexpr std::size_t entry_size = 46;
constexpr std::size_t local_size = 30;

template <class Number>
Number number_at(const std::string& bytes, std::size_t at) {
  return recokit::detail::load_little<Number>(bytes, at);
}

// By the directory of the archive, as far as it makes sense.
std::string with_checksums(std::string bytes) {
  for (auto at = bytes.find(entry_mark); at != std::string::npos;
       at = bytes.find(entry_mark, at + 1)) {
    if (bytes.size() - at < entry_size) break;
    const std::size_t size = number_at<std::uint32_t>(bytes, at + 20);
    const std::size_t local = number_at<std::uint32_t>(bytes, at + 42);
    if (number_at<std::uint16_t>(bytes, at + 10) != 0 || local > bytes.size() ||
        bytes.size() - local < local_size) {
      continue;
    }
    const auto begin = local + local_size + number_at<std::uint16_t>(bytes, local + 26) +
                       number_at<std::uint16_t>(bytes, local + 28);
    if (begin > bytes.size() || size > bytes.size() - begin) continue;
    const auto crc = recokit::detail::crc32(0, std::string_view(bytes).substr(begin, size));
    for (std::size_t byte = 0; byte < 4; ++byte) {
      bytes[at + 16 + byte] = static_cast<char>(static_cast<unsigned char>(crc >> (8 * byte)));
    }
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto archive = with_checksums(std::string(recokit_fuzz::text_of(data, size)));
  const auto& file = recokit_fuzz::ratings_file().holding(archive);
  recokit_fuzz::attempt([&] { recokit_fuzz::require_sound(recokit::read_npz(file)); });
  return recokit_fuzz::read_and_check(
      file, {.format = recokit::file_format::npz, .policy = {.threads = 1}});
}
