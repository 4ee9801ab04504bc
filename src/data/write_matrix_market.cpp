// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/atomic_file.hpp"

#include <recokit/data/write.hpp>

namespace recokit::inline RECOKIT_ABI {

void write_matrix_market(const std::filesystem::path& file, const csr_view<>& matrix) {
  detail::atomic_file out(file);
  out.write("%%MatrixMarket matrix coordinate ");
  out.write(matrix.has_values() ? "real general\n" : "pattern general\n");
  out.write_number(matrix.rows());
  out.write(' ');
  out.write_number(matrix.cols());
  out.write(' ');
  out.write_number(matrix.nonzeros());
  out.write('\n');
  for (index_t r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r);
    for (std::size_t i = 0; i < row.size(); ++i) {
      out.write_number(std::int64_t{r} + 1);
      out.write(' ');
      out.write_number(std::int64_t{row.indices[i]} + 1);
      if (matrix.has_values()) {
        out.write(' ');
        out.write_number(row.values[i]);
      }
      out.write('\n');
    }
  }
  out.commit();
}

}  // namespace recokit::inline RECOKIT_ABI
