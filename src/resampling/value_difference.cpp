// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/resampling/value_difference.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace recokit::inline RECOKIT_ABI {

dense_categories densified(const row_major_matrix<index_t>& codes) {
  dense_categories dense;
  dense.codes.resize(codes.rows(), codes.cols());
  for (Eigen::Index c = 0; c < codes.cols(); ++c) {
    std::vector<index_t> values(codes.col(c).begin(), codes.col(c).end());
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (Eigen::Index r = 0; r < codes.rows(); ++r) {
      const auto at = std::lower_bound(values.begin(), values.end(), codes(r, c));
      dense.codes(r, c) = static_cast<index_t>(at - values.begin());
    }
    dense.values.push_back(std::move(values));
  }
  return dense;
}

std::vector<row_major_matrix<double>> value_differences(const dense_categories& categories,
                                                        const class_table& classes) {
  std::uint64_t bytes = 0;
  for (const auto& values : categories.values) {
    bytes += check::bytes("distances of categories", values.size(), values.size(), sizeof(double));
  }
  check::fits_memory("distances of categories", bytes);
  const auto positions = classes.positions();
  std::vector<row_major_matrix<double>> tables;
  for (std::size_t c = 0; c < categories.values.size(); ++c) {
    const auto values = static_cast<Eigen::Index>(categories.values[c].size());
    row_major_matrix<double> shares =
        row_major_matrix<double>::Zero(values, static_cast<Eigen::Index>(classes.classes()));
    for (std::size_t r = 0; r < positions.size(); ++r) {
      shares(categories.codes(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)),
             positions[r]) += 1;
    }
    shares.array().colwise() /= shares.rowwise().sum().array().eval();
    row_major_matrix<double> table(values, values);
    for (Eigen::Index a = 0; a < values; ++a) {
      for (Eigen::Index b = 0; b <= a; ++b) {
        const double gap = (shares.row(a) - shares.row(b)).cwiseAbs().sum();
        table(a, b) = table(b, a) = gap * gap;
      }
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace recokit::inline RECOKIT_ABI
