// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief From a size known at run time to the instantiation of a kernel.
#pragma once

#include "kernels/row_system.hpp"
#include "runtime/failure.hpp"

#include <type_traits>

namespace recokit::cuda_kernels {

/// Calls body(std::integral_constant<std::uint32_t, size>). @throws value_error unless `size` is
/// one of system_sizes
template <class Body>
void for_system_size(const char* argument, std::uint32_t size, const Body& body) {
  switch (size) {
    case 32:
      return body(std::integral_constant<std::uint32_t, 32>{});
    case 64:
      return body(std::integral_constant<std::uint32_t, 64>{});
    case 96:
      return body(std::integral_constant<std::uint32_t, 96>{});
    case 128:
      return body(std::integral_constant<std::uint32_t, 128>{});
    case 192:
      return body(std::integral_constant<std::uint32_t, 192>{});
    case 256:
      return body(std::integral_constant<std::uint32_t, 256>{});
    default:
      fail_value(argument, size, "must be 32, 64, 96, 128, 192 or 256");
  }
}

}  // namespace recokit::cuda_kernels
