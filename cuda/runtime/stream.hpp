// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The CUDA handle types, named without a CUDA header.
#pragma once

struct CUstream_st;
struct CUevent_st;
struct cublasContext;

namespace recokit::cuda_kernels {

/// cudaStream_t. The emulator ignores it.
using stream_t = ::CUstream_st*;
/// cudaEvent_t.
using event_t = ::CUevent_st*;
/// cublasHandle_t.
using blas_t = ::cublasContext*;

}  // namespace recokit::cuda_kernels
