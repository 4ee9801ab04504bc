// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One function a family of models, each in a file of its own so that they compile apart.
#pragma once

#include "../models.hpp"

#include <vector>

namespace recokit_bench {

void add_baseline_models(std::vector<model_entry>& entries);
void add_neighbors_models(std::vector<model_entry>& entries);
void add_linear_models(std::vector<model_entry>& entries);
void add_factorization_models(std::vector<model_entry>& entries);
void add_rating_models(std::vector<model_entry>& entries);

}  // namespace recokit_bench
