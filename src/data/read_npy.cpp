// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/mapped_file.hpp"
#include "../core/text_scan.hpp"
#include "npy_array.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/data/read.hpp>

#include <limits>
#include <string>

namespace recokit::inline RECOKIT_ABI {

row_major_matrix<double> read_npy(const std::filesystem::path& file) {
  const detail::mapped_file mapped(file);
  const detail::npy_array array(mapped.bytes(), file.string());
  const auto fail = [&](const std::string& message) {
    throw parse_error(file.string(), 0, 0, message);
  };
  const auto& shape = array.shape();
  if (shape.empty() || shape.size() > 2) {
    fail("the array has " + std::to_string(shape.size()) + " dimensions, expected 1 or 2");
  }
  if (!array.is_real()) fail("the dtype " + detail::in_quotes(array.dtype()) + " is not supported");
  const std::uint64_t rows = shape[0];
  const std::uint64_t cols = shape.size() == 2 ? shape[1] : 1;
  // An array without elements may have any size on its other side.
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Eigen::Index>::max());
  if (rows > most || cols > most) fail("a dimension of the array does not fit 63 bits");
  check::fits_memory(file.string(), array.size() * sizeof(double));
  row_major_matrix<double> out(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(cols));
  array.visit([&](const auto& element) {
    for (std::size_t i = 0; i < array.size(); ++i) {
      const std::size_t place = array.fortran_order() ? i % rows * cols + i / rows : i;
      out.data()[place] = static_cast<double>(element(i));
    }
  });
  return out;
}

}  // namespace recokit::inline RECOKIT_ABI
