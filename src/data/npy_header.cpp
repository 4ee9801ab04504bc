// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "npy_header.hpp"

#include "../core/little_endian.hpp"

namespace recokit::inline RECOKIT_ABI::detail {

std::string npy_header(std::string_view dtype, std::initializer_list<std::int64_t> shape) {
  std::string text = "{'descr': '" + std::string(dtype) + "', 'fortran_order': False, 'shape': (";
  for (const auto n : shape) text += std::to_string(n) + ",";
  if (shape.size() > 1) text.pop_back();  // only a tuple of one needs the comma
  text += "), }";
  // The elements start at a multiple of 64 bytes.
  constexpr std::size_t fixed = 10;
  text.append(63 - (fixed + text.size()) % 64, ' ');
  text += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  append_little(out, static_cast<std::uint16_t>(text.size()));
  return out + text;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
