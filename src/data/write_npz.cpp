// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "npy_header.hpp"
#include "zip_writer.hpp"

#include <recokit/data/write.hpp>

#include <array>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

template <class T>
std::string_view bytes_of(std::span<const T> values) noexcept {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

template <class T>
void add_array(detail::zip_writer& zip, const std::string& member, std::span<const T> values) {
  const auto header =
      detail::npy_header(detail::npy_dtype<T>(), {static_cast<std::int64_t>(values.size())});
  zip.add(member, {header, bytes_of(values)});
}

}  // namespace

void write_npz(const std::filesystem::path& file, const csr_view<>& matrix) {
  detail::atomic_file out(file);
  detail::zip_writer zip(out);
  add_array(zip, "indices.npy", matrix.indices());
  // A matrix without rows has no offsets in memory and one in the file.
  static constexpr std::array<offset_t, 1> zero{0};
  add_array(zip, "indptr.npy",
            matrix.offsets().empty() ? std::span<const offset_t>(zero) : matrix.offsets());
  zip.add("format.npy", {detail::npy_header("|S3", {}), "csr"});
  const std::array<std::int64_t, 2> shape{matrix.rows(), matrix.cols()};
  add_array(zip, "shape.npy", std::span<const std::int64_t>(shape));
  if (matrix.has_values()) {
    add_array(zip, "data.npy", matrix.values());
  } else {
    const std::vector<float> ones(static_cast<std::size_t>(matrix.nonzeros()), 1.0f);
    add_array(zip, "data.npy", std::span<const float>(ones));
  }
  zip.finish();
  out.commit();
}

}  // namespace recokit::inline RECOKIT_ABI
