// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What every consumer project runs.
#pragma once

/// Fits a model and compares its answers. 0 when they are right; otherwise says what is wrong.
int check();
