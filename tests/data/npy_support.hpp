// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief .npy and .npz files put together by hand, valid or not.
#pragma once

#include <core/atomic_file.hpp>
#include <data/zip_writer.hpp>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace recokit_test {

/// The bytes of numbers, in memory order or reversed one by one.
template <class T>
std::string raw(const std::vector<T>& values, bool swapped = false) {
  std::string out;
  for (const T value : values) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    for (std::size_t i = 0; i < sizeof(T); ++i) out += bytes[swapped ? sizeof(T) - 1 - i : i];
  }
  return out;
}

/// An .npy file. @param shape as Python writes it: "(2, 3)"
inline std::string npy(const std::string& dtype, const std::string& shape, const std::string& data,
                       bool fortran = false, int version = 1) {
  const std::string header = "{'descr': '" + dtype +
                             "', 'fortran_order': " + (fortran ? "True" : "False") +
                             ", 'shape': " + shape + ", }\n";
  std::string out = "\x93NUMPY";
  out += static_cast<char>(version);
  out += '\0';
  const auto length = static_cast<std::uint32_t>(header.size());
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    out += static_cast<char>(length >> (8 * i) & 255);
  return out + header + data;
}

/// The members of a small CSR matrix, 2 × 3 with the entries (0,0)=1, (0,2)=2, (1,1)=3.
struct csr_members {
  std::string indices = npy("<i4", "(3,)", raw<std::int32_t>({0, 2, 1}));
  std::string indptr = npy("<i4", "(3,)", raw<std::int32_t>({0, 2, 3}));
  std::string format = npy("|S3", "()", "csr");
  std::string shape = npy("<i8", "(2,)", raw<std::int64_t>({2, 3}));
  std::string data = npy("<f8", "(3,)", raw<double>({1, 2, 3}));

  std::vector<std::pair<std::string, std::string>> list() const {
    return {{"indices.npy", indices},
            {"indptr.npy", indptr},
            {"format.npy", format},
            {"shape.npy", shape},
            {"data.npy", data}};
  }
};

inline void write_zip(const std::filesystem::path& file,
                      const std::vector<std::pair<std::string, std::string>>& members,
                      std::uint64_t zip64_from = 0xFFFFFFFF) {
  recokit::detail::atomic_file out(file);
  recokit::detail::zip_writer zip(out, zip64_from);
  for (const auto& [name, content] : members) zip.add(name, {content});
  zip.finish();
  out.commit(false);
}

}  // namespace recokit_test
