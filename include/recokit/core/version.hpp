// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The version of recokit; the only place that states it (CMake reads it from here).
#pragma once

#define RECOKIT_VERSION_MAJOR 0
#define RECOKIT_VERSION_MINOR 1
#define RECOKIT_VERSION_PATCH 0

/// The version as one comparable integer: 0.1.0 is 100, 1.2.3 is 10203.
#define RECOKIT_VERSION \
  (RECOKIT_VERSION_MAJOR * 10000 + RECOKIT_VERSION_MINOR * 100 + RECOKIT_VERSION_PATCH)

#define RECOKIT_DETAIL_STRING_(x) #x
#define RECOKIT_DETAIL_STRING(x) RECOKIT_DETAIL_STRING_(x)

/// The version as text, "0.1.0".
#define RECOKIT_VERSION_STRING                 \
  RECOKIT_DETAIL_STRING(RECOKIT_VERSION_MAJOR) \
  "." RECOKIT_DETAIL_STRING(RECOKIT_VERSION_MINOR) "." RECOKIT_DETAIL_STRING(RECOKIT_VERSION_PATCH)
