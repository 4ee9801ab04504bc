// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ways to divide interactions into a part to train on and a part to evaluate on.
#pragma once

#include <recokit/data/interactions.hpp>
#include <recokit/data/read.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A train and a test part of the same shape under the same id maps.
struct holdout {
  interactions train;
  interactions test;
  /// Strong generalisation only: what is known of the test users, who do not occur in train.
  std::optional<interactions> fold_in{};
  /// How the parts were made, for the report: "leave-last-out, k 1".
  std::string protocol;
};

/// Every split copies entries with their values and timestamps and shares the id maps; all parts
/// have the shape of the data. Time O(nonzeros), parallel; memory the parts and about one byte an
/// entry. Random draws are keyed by position: one seed, one result, for any number of threads. To
/// split a train part once more, take another seed.
///
/// All throw value_error for params out of range (stated at the field) and when train or test would
/// be empty.
namespace split {

struct random_params {
  double test_fraction = 0.2;  ///< share of all interactions, in (0, 1)
  std::uint64_t seed = 42;
};
/// Each interaction goes to test with probability test_fraction, by a draw keyed by its position.
holdout random(const interactions& data, const random_params& params = {});

struct leave_k_params {
  int k = 1;                ///< interactions of each user that go to test, at least 1
  int min_train = 1;        ///< users who would keep fewer in train give nothing to test; >= 0
  std::uint64_t seed = 42;  ///< leave_k_out only
};
/// k random interactions of each user go to test.
holdout leave_k_out(const interactions& data, const leave_k_params& params = {});
/// The k latest interactions of each user go to test; equal times by item index, higher is later.
/// @throws value_error without timestamps
holdout leave_last_out(const interactions& data, const leave_k_params& params = {});

struct timeline_params {
  double test_fraction = 0.2;          ///< share of interactions after the cut, in (0, 1)
  std::optional<std::int64_t> time{};  ///< the cut; test_fraction is then unused
};
/// One moment for all users: interactions before the cut train, those at or after it test.
/// test_fraction puts the cut at the earliest of the latest round(test_fraction · nonzeros)
/// interactions. Others at that same time go to test with it, so test may be larger than asked.
/// @throws value_error without timestamps
holdout global_timeline(const interactions& data, const timeline_params& params = {});

struct k_fold_params {
  int folds = 5;  ///< in [2, 256], at most the number of interactions
  std::uint64_t seed = 42;
};
/// Interactions are dealt at random into `folds` parts that differ by at most one in size; part f
/// is the test of holdout f. Every fold is a copy: to hold one at a time, see fold.
std::vector<holdout> k_fold(const interactions& data, const k_fold_params& params = {});
/// Holdout number f of k_fold(data, params); the others are not built.
/// @throws value_error when f is not in [0, folds)
holdout fold(const interactions& data, int f, const k_fold_params& params = {});

struct user_fold_params {
  double test_users = 0.1;        ///< share of the users that are held out of train, in (0, 1)
  double fold_in_fraction = 0.8;  ///< share of their interactions that a model is shown, in (0, 1)
  int min_interactions = 2;       ///< users with fewer are never held out; at least 2
  std::uint64_t seed = 42;
};
/// Strong generalisation (Marlin 2004; Liang et al. 2018): test users are unknown to train; the
/// model is shown fold_in and asked for the rest. All parts keep the full shape.
/// Held out are round(test_users · n), at least 1, of the n users with min_interactions or more;
/// each of them has at least one interaction in fold_in and one in test.
holdout user_fold(const interactions& data, const user_fold_params& params = {});

/// A split that somebody published as two files. @throws as read_train_test
holdout given(const std::filesystem::path& train, const std::filesystem::path& test,
              const read_options& options = {});

}  // namespace split
}  // namespace recokit::inline RECOKIT_ABI
