// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Two matrices of interactions as one.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/data/read.hpp>

namespace recokit::inline RECOKIT_ABI {

/// The interactions of both, as many rows and columns as the larger has. Where both have a value,
/// `rule` decides: `last` takes that of `additions`. Pattern-only when both are; else entries
/// without values count as 1. O(nonzeros of both), parallel.
/// @throws value_error under duplicate_rule::error, naming the first user and item in both
csr_matrix<> merge(const csr_view<>& interactions, const csr_view<>& additions,
                   duplicate_rule rule = duplicate_rule::last, const cpu& policy = {});

}  // namespace recokit::inline RECOKIT_ABI
