// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Marks functions that device code calls too. Such headers are free of Eigen.
#pragma once

#if defined(__CUDACC__)
#define RECOKIT_HOST_DEVICE __host__ __device__
#else
#define RECOKIT_HOST_DEVICE
#endif
