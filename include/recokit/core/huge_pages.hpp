// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A hint to the system for large arrays.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace recokit::inline RECOKIT_ABI::detail {

/// Asks for huge pages under an array about to be filled: fewer page faults, which cost a reader
/// more than the copying, and fewer misses of address translation for whoever reads here and there.
/// Changes nothing where the system has none or the array is small.
inline void prefer_huge_pages(void* array, std::size_t bytes) noexcept {
#if defined(MADV_HUGEPAGE)
  constexpr std::size_t least = std::size_t{4} << 20;
  if (bytes < least) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(array);
  const std::size_t skip = (page - address % page) % page;
  ::madvise(static_cast<std::byte*>(array) + skip, (bytes - skip) / page * page, MADV_HUGEPAGE);
#else
  static_cast<void>(array);
  static_cast<void>(bytes);
#endif
}

}  // namespace recokit::inline RECOKIT_ABI::detail
