// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/smote_nc.hpp>

#include <algorithm>

namespace recokit::inline RECOKIT_ABI::smote_nc::detail_smote_nc {

void check_columns(std::int64_t numeric, std::int64_t categories) {
  if (numeric == 0) {
    throw value_error("numeric.cols()", "0", "needs numbers and categories: take smote_n");
  }
  if (categories == 0) {
    throw value_error("categories.cols()", "0", "needs numbers and categories: take smote");
  }
}

double median(Eigen::VectorXd values) {
  const auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace recokit::inline RECOKIT_ABI::smote_nc::detail_smote_nc
