// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/resampling/smote.hpp>

#if RECOKIT_FAIL
using rows = recokit::csr_view<float>;
#else
using rows = recokit::dense_view<float>;
#endif

int main() {
  return static_cast<int>(recokit::smote::resample(recokit::cuda{}, rows(), {}).labels.size());
}
