// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How the samples of a pairwise model are spread over threads, and its negatives drawn.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::pairwise {

/// The order of stochastic gradient steps.
enum class schedule {
  /// Users and items are cut into bands at random, anew every epoch; what runs at the same time
  /// shares no band. The same bits for any number of threads.
  deterministic,
  /// Threads change item rows at the same time, without locks and without a promise: other bits
  /// every time, and memory that several threads write (Niu and others, NIPS'11). Here for
  /// comparison with libraries that know nothing else.
  hogwild,
};

/// Names of the values of schedule, in order.
constexpr std::array<std::string_view, 2> enum_names(schedule) {
  return {"deterministic", "hogwild"};
}

/// Where the items come from that a user is taken not to want. Never from the user's own.
enum class negatives {
  uniform,     ///< all items alike
  popularity,  ///< by the number of their users, to the power of popularity_exponent
  /// Items that score high in a factor that matters to the user: by rank, drawn from a geometric
  /// distribution (Rendle and Freudenthaler, WSDM'14).
  adaptive,
};

/// Names of the values of negatives, in order.
constexpr std::array<std::string_view, 3> enum_names(negatives) {
  return {"uniform", "popularity", "adaptive"};
}

}  // namespace recokit::inline RECOKIT_ABI::pairwise
