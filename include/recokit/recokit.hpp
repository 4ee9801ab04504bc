// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Everything that recokit offers, for users; no header inside includes this one.
#pragma once

#include <recokit/baseline/popularity.hpp>
#include <recokit/core/backend.hpp>
#include <recokit/core/build_info.hpp>
#include <recokit/core/check.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/core/device.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/philox.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/scored_item.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/core/version.hpp>
#include <recokit/data/filter.hpp>
#include <recokit/data/id_map.hpp>
#include <recokit/data/interactions.hpp>
#include <recokit/data/read.hpp>
#include <recokit/data/split.hpp>
#include <recokit/data/synthetic.hpp>
#include <recokit/data/weighting.hpp>
#include <recokit/data/write.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/metrics/ranking.hpp>
#include <recokit/neighbors/item_knn.hpp>
