// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An epoch of pairwise models, and which of their observers look at the model.
#pragma once

#include <recokit/core/observer.hpp>
#include <recokit/core/start.hpp>

namespace recokit::inline RECOKIT_ABI::detail {

/// False for observers of the library that never look at the model they are handed.
template <class Observer>
inline constexpr bool sees_model = true;
template <class Observer>
inline constexpr bool sees_model<const Observer> = sees_model<Observer>;
template <class Callback>
inline constexpr bool sees_model<progress<Callback>> = false;
template <class Model>
inline constexpr bool sees_model<warm_start<Model>> = false;
template <class Model>
inline constexpr bool sees_model<resume<Model>> = false;
template <>
inline constexpr bool sees_model<cancel_on> = false;

/// Takes the steps of an epoch. @returns whether the model needs the trainer's rows now: copying
/// them takes a good part of an epoch, so only after the last and for who looks at them.
template <class Trainer, class... Observers>
bool pair_epoch(Trainer& trainer, int epoch, int last, const Observers&... observers) {
  trainer.epoch(epoch, [&] { return cancelled(observers...); });
  return epoch == last || (sees_model<Observers> || ...);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
