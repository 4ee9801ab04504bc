// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/atomic_file.hpp"
#include "npy_header.hpp"

#include <recokit/data/write.hpp>

namespace recokit::inline RECOKIT_ABI {
namespace {

template <class Matrix>
void write(const std::filesystem::path& file, const Matrix& matrix) {
  using scalar = typename Matrix::Scalar;
  detail::atomic_file out(file);
  out.write(detail::npy_header(detail::npy_dtype<scalar>(), {matrix.rows(), matrix.cols()}));
  // Row by row: a Ref may skip elements between rows.
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    const auto* const begin = matrix.data() + r * matrix.outerStride();
    out.write({reinterpret_cast<const char*>(begin),
               static_cast<std::size_t>(matrix.cols()) * sizeof(scalar)});
  }
  out.commit();
}

}  // namespace

void write_npy(const std::filesystem::path& file,
               const Eigen::Ref<const row_major_matrix<float>>& matrix) {
  write(file, matrix);
}

void write_npy(const std::filesystem::path& file,
               const Eigen::Ref<const row_major_matrix<double>>& matrix) {
  write(file, matrix);
}

}  // namespace recokit::inline RECOKIT_ABI
