// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Whether the library that is linked brings kernels for the vector instructions of x86-64.
#pragma once

#if defined(RECOKIT_COMPILED) && defined(__x86_64__) && defined(__GNUC__)
#define RECOKIT_DETAIL_X86_KERNELS
#endif
