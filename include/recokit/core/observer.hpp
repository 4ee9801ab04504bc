// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Observers of a fit: progress, early stopping, cancellation and checkpoints.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

/// Where a fit stands after an epoch.
struct epoch_info {
  int epoch = 0;       ///< epochs done, from 1
  int epochs = 0;      ///< epochs asked for
  double seconds = 0;  ///< since the fit began
};

/// What an observer wants of the fit. Of several observers the strongest wish wins, but `keep` and
/// `stop` of different observers both hold.
enum class fit_action {
  proceed,
  keep,  ///< remember the model as it is now; fit returns the last one so kept
  stop,  ///< end after this epoch
};

/// An observer is called after every epoch, on the thread that called fit, with the state of the
/// fit and the model so far. The model is only valid during the call; copy it to keep it.
template <class Observer, class Model>
concept fit_observer = requires(Observer& observer, const epoch_info& info, const Model& model) {
  { observer.on_epoch(info, model) } -> std::same_as<fit_action>;
};

/// Calls `callback(const epoch_info&)` after every epoch.
template <class Callback>
struct progress {
  Callback callback;

  template <class Model>
  fit_action on_epoch(const epoch_info& info, const Model&) {
    callback(info);
    return fit_action::proceed;
  }
};
template <class Callback>
progress(Callback) -> progress<Callback>;

/// Stops when `score(model)` (higher is better) has not risen by more than min_gain for `patience`
/// measurements in a row; fit then returns the best model seen. Measures every `every` epochs.
/// Both counts must be at least 1, else fit throws value_error.
template <class Score>
struct early_stopping {
  Score score;
  int patience = 3;
  double min_gain = 0;
  int every = 1;

  double best = -std::numeric_limits<double>::infinity();  ///< best score so far
  int best_epoch = 0;                                      ///< its epoch
  int misses = 0;                                          ///< measurements since

  template <class Model>
  fit_action on_epoch(const epoch_info& info, const Model& model) {
    check::in_range("early_stopping.every", every, 1, std::numeric_limits<int>::max());
    check::in_range("early_stopping.patience", patience, 1, std::numeric_limits<int>::max());
    if (info.epoch % every != 0 && info.epoch != info.epochs) return fit_action::proceed;
    const double now = score(model);
    if (best_epoch == 0 || now > best + min_gain) {
      best = now;
      best_epoch = info.epoch;
      misses = 0;
      return fit_action::keep;
    }
    return ++misses >= patience ? fit_action::stop : fit_action::proceed;
  }
};
template <class Score>
early_stopping(Score, int = 3, double = 0, int = 1) -> early_stopping<Score>;

/// Ends the fit with cancelled_error soon after the token asks for it: within a fraction of an
/// epoch, not at its end.
struct cancel_on {
  std::stop_token token;

  bool stop_requested() const noexcept { return token.stop_requested(); }
  template <class Model>
  fit_action on_epoch(const epoch_info&, const Model&) const noexcept {
    return fit_action::proceed;
  }
};

/// Calls `save(model, info)` every `every` epochs (at least 1, else fit throws value_error) and
/// after the last.
template <class Save>
struct checkpoint {
  Save save;
  int every = 1;

  template <class Model>
  fit_action on_epoch(const epoch_info& info, const Model& model) {
    check::in_range("checkpoint.every", every, 1, std::numeric_limits<int>::max());
    if (info.epoch % every == 0 || info.epoch == info.epochs) save(model, info);
    return fit_action::proceed;
  }
};
template <class Save>
checkpoint(Save, int = 1) -> checkpoint<Save>;

namespace detail {

/// False for observers of the library that never look at the model they are handed: a fit whose
/// model takes work to complete may then leave it as it is.
template <class Observer>
inline constexpr bool sees_model = true;
template <class Observer>
inline constexpr bool sees_model<const Observer> = sees_model<Observer>;
template <class Callback>
inline constexpr bool sees_model<progress<Callback>> = false;
template <>
inline constexpr bool sees_model<cancel_on> = false;

/// Whether a model that takes work to complete is needed after an epoch: after the last, and for
/// who looks at it.
template <class... Observers>
constexpr bool model_needed(int epoch, int last) noexcept {
  return epoch == last || (sees_model<Observers> || ...);
}

/// True when any observer has a stop_requested() that says so.
template <class... Observers>
bool cancelled(const Observers&... observers) {
  [[maybe_unused]] const auto ask = [](const auto& observer) {
    if constexpr (requires {
                    { observer.stop_requested() } -> std::convertible_to<bool>;
                  }) {
      return static_cast<bool>(observer.stop_requested());
    } else {
      return false;
    }
  };
  return (false || ... || ask(observers));
}

/// The wishes of all observers after an epoch.
struct epoch_verdict {
  bool keep = false;
  bool stop = false;
};

template <class Model, class... Observers>
epoch_verdict notify(const epoch_info& info, const Model& model, Observers&... observers) {
  static_assert((fit_observer<Observers, Model> && ...),
                "recokit: an observer needs a member fit_action on_epoch(const epoch_info&, const "
                "Model&); see recokit/core/observer.hpp");
  epoch_verdict verdict;
  [[maybe_unused]] const auto merge = [&](fit_action action) {
    verdict.keep |= action == fit_action::keep;
    verdict.stop |= action == fit_action::stop;
  };
  (merge(observers.on_epoch(info, model)), ...);
  return verdict;
}

/// Seconds since `begin`.
inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
