// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Names that the programs in docs/ use without declaring them; see scripts/check-docs.py.
#pragma once

#include <recokit/recokit.hpp>

#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace rk = recokit;

/// Stands for a value from elsewhere; the blocks are compiled and never run.
template <class T>
const T& some();

extern const rk::interactions data, train, test, ratings, more, new_interactions;
extern const rk::holdout split;
extern const rk::csr_matrix<> histories, history, new_histories;
extern const rk::index_t user, item;
extern const std::vector<rk::index_t> users, items;

template <class... T>
void use(const T&... values);
