// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief TREC evaluation: qrels and run files, judged lists, trec_eval's measures.
#pragma once

#include <recokit/metrics/trec_files.hpp>
#include <recokit/metrics/trec_judged.hpp>
#include <recokit/metrics/trec_measures.hpp>
