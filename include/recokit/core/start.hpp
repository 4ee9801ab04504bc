// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Where a fit begins: at random, at the factors of another model, or where a fit stopped.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/core/param_text.hpp>
#include <recokit/core/params.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

/// Passed among the observers of a fit: begins with what `model` has learned in place of random
/// numbers. Epochs count from 1; other params may differ from the model's. `model` must live as
/// long as the call.
/// fit throws dimension_error when the model has other users, items or factors.
template <class Model>
struct warm_start {
  const Model& model;

  fit_action on_epoch(const epoch_info&, const Model&) const noexcept {
    return fit_action::proceed;
  }
};
template <class Model>
warm_start(const Model&) -> warm_start<Model>;

/// Passed among the observers of a fit: goes on where the fit of `model` stopped, up to
/// params.epochs. With the same data and params it returns the same bits as a fit that was never
/// interrupted. `model` comes from a checkpoint, or from a fit with fewer epochs; it must live as
/// long as the call.
/// fit throws dimension_error when the model has other users, items or factors, value_error when
/// params other than the epochs differ from the model's.
template <class Model>
struct resume {
  const Model& model;

  fit_action on_epoch(const epoch_info&, const Model&) const noexcept {
    return fit_action::proceed;
  }
};
template <class Model>
resume(const Model&) -> resume<Model>;

namespace detail {

template <class Model>
inline constexpr bool sees_model<warm_start<Model>> = false;
template <class Model>
inline constexpr bool sees_model<resume<Model>> = false;

/// The first model that an observer gives to begin with.
template <class Model>
struct fit_start {
  const Model* model = nullptr;  ///< null: begin at random
  bool resumes = false;

  /// Epochs that the fit need not do.
  int epochs_done() const noexcept { return resumes ? model->epochs_done() : 0; }
};

template <class Model, class... Observers>
fit_start<Model> start_of(const Observers&... observers) {
  fit_start<Model> start;
  [[maybe_unused]] const auto look = [&](const auto& observer) {
    using type = std::remove_cvref_t<decltype(observer)>;
    if constexpr (std::is_same_v<type, warm_start<Model>>) start = {&observer.model, false};
    if constexpr (std::is_same_v<type, resume<Model>>) start = {&observer.model, true};
  };
  (look(observers), ...);
  return start;
}

/// @throws value_error naming the first field in which two params differ, "epochs" left out
template <params_struct Params>
void check_same_params(const Params& now, const Params& before) {
  std::apply(
      [&](const auto&... each) {
        const auto check_one = [&](const auto& f) {
          if (f.name == std::string_view("epochs") || now.*(f.member) == before.*(f.member)) return;
          throw value_error("params." + std::string(f.name), param_text(now.*(f.member)),
                            "must be " + param_text(before.*(f.member)) +
                                ", as in the fit that is resumed; use warm_start to change it");
        };
        (check_one(each), ...);
      },
      Params::fields());
}

/// The epochs of a fit: step(model, epoch) makes the next one, for epoch = done + 1 … epochs, then
/// observers are asked. Returns the model that they kept, else the last.
/// @throws cancelled_error naming `what` when an observer asks for it between epochs
template <class Model, class Step, class... Observers>
Model run_epochs(std::string_view what, Model model, int done, int epochs, const Step& step,
                 Observers&... observers) {
  const auto begin = std::chrono::steady_clock::now();
  std::optional<Model> kept;
  for (int epoch = done + 1; epoch <= epochs; ++epoch) {
    if (cancelled(observers...)) throw cancelled_error(std::string(what));
    step(model, epoch);
    const auto verdict =
        notify({epoch, epochs, seconds_since(begin)}, std::as_const(model), observers...);
    if (verdict.keep) kept = model;
    if (verdict.stop) break;
  }
  return kept ? *std::move(kept) : std::move(model);
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
