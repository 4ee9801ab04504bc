// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/block_rows.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

RECOKIT_DETAIL_BLOCK_ROWS(, float, std::int32_t)
RECOKIT_DETAIL_BLOCK_ROWS(, float, std::int64_t)
RECOKIT_DETAIL_BLOCK_ROWS(, double, std::int32_t)
RECOKIT_DETAIL_BLOCK_ROWS(, double, std::int64_t)

}  // namespace recokit::inline RECOKIT_ABI::kernels
