// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The call `fit([policy,] source [, params [, observers...]])`, the same for every
/// algorithm.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/device.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/core/params.hpp>

#include <chrono>
#include <concepts>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

/// The function object behind `fit` of an algorithm. `Algorithm` has params_type, model_type, a
/// static constexpr bool has_cuda, and
///   static model_type run(const cpu&, const Source&, const params_type&, Observers&...)
/// which gets params that passed check_params; with has_cuda it takes a cuda as well, of a device
/// that is there.
template <class Algorithm>
struct fit_function {
  using params_type = typename Algorithm::params_type;
  using model_type = typename Algorithm::model_type;

  /// @param policy    where to run
  /// @param source    users × items interactions; see csr_source
  /// @param observers see core/observer.hpp
  template <backend Policy, class Source, class... Observers>
  model_type operator()(const Policy& policy, const Source& source, const params_type& params = {},
                        Observers&&... observers) const {
    detail::require_backend<Policy, Algorithm::has_cuda>();
    check_params("params", params);
    if constexpr (std::same_as<Policy, cuda> && Algorithm::has_cuda) {
      detail::require_device(policy);
    }
    if constexpr (std::same_as<Policy, cpu> || Algorithm::has_cuda) {
      return Algorithm::run(policy, source, params, observers...);
    } else {
      return {};
    }
  }

  template <class Source, class... Observers>
    requires(!backend<Source>)
  model_type operator()(const Source& source, const params_type& params = {},
                        Observers&&... observers) const {
    return (*this)(default_backend{}, source, params, observers...);
  }
};

/// What an algorithm that knows no epochs derives from: `Algorithm::make` fits, observers hear of
/// the model once.
///   static Model make(const cpu&, const Source&, const Params&, const Cancelled& cancelled)
/// is a template over Source, and asks cancelled() in long work, from any thread; when it says so,
/// make throws cancelled_error. An Algorithm that says has_cuda = true makes of a cuda as well.
template <class Algorithm, class Params, class Model>
struct one_step_algorithm {
  using params_type = Params;
  using model_type = Model;
  static constexpr bool has_cuda = false;

  template <backend Policy, class Source, class... Observers>
  static Model run(const Policy& policy, const Source& source, const Params& params,
                   Observers&... observers) {
    const auto begin = std::chrono::steady_clock::now();
    const Model fitted =
        Algorithm::make(policy, source, params, [&] { return detail::cancelled(observers...); });
    detail::notify({1, 1, detail::seconds_since(begin)}, fitted, observers...);
    return fitted;
  }
};

}  // namespace recokit::inline RECOKIT_ABI
