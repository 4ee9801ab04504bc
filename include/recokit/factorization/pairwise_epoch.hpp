// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An epoch of pairwise models.
#pragma once

#include <recokit/core/observer.hpp>

namespace recokit::inline RECOKIT_ABI::detail {

/// Takes the steps of an epoch. @returns whether the model needs the trainer's rows now: copying
/// them takes a good part of an epoch, so only after the last and for who looks at them.
template <class Trainer, class... Observers>
bool pair_epoch(Trainer& trainer, int epoch, int last, const Observers&... observers) {
  trainer.epoch(epoch, [&] { return cancelled(observers...); });
  return model_needed<Observers...>(epoch, last);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
