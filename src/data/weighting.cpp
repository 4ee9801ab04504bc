// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "column_counts.hpp"
#include "select_entries.hpp"

#include <recokit/core/check.hpp>
#include <recokit/data/weighting.hpp>

#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

using row_type = csr_row<float, index_t>;

// Far above anything useful, and low enough that every weight is finite.
constexpr float highest_parameter = 1e9f;

void check_not_negative(std::size_t r, const row_type& row) {
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (row.values[i] >= 0) continue;
    throw value_error(
        "value at row " + std::to_string(r) + ", column " + std::to_string(row.indices[i]),
        detail::number_text(row.values[i]), "must not be negative under this weighting");
  }
}

// The same entries and timestamps with the values that weigh(row, out) writes. Offsets, indices
// and timestamps stay where they are.
template <class Weigh>
interactions with_values(const cpu& policy, const interactions& data, const Weigh& weigh) {
  struct storage {
    std::shared_ptr<const void> pattern;
    std::unique_ptr<float[]> values;
  };
  const auto view = data.view();
  auto owner = std::make_shared<storage>();
  owner->pattern = data.matrix().owner();
  owner->values =
      std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(view.nonzeros()));
  detail::for_each_row(policy, view, [&](std::size_t r, std::size_t begin, std::size_t) {
    const auto row = view.row(static_cast<std::int64_t>(r));
    check_not_negative(r, row);
    weigh(row, owner->values.get() + begin);
  });
  const auto weighted = csr_view<>::trusted(view.rows(), view.cols(), view.offsets().data(),
                                            view.indices().data(), owner->values.get());
  return {csr_matrix<>(weighted, std::move(owner)), data.users(), data.items(), data.timestamps(),
          data.timestamp_owner()};
}

// idf(users of the item) of every item that has any.
template <class Idf>
std::vector<double> inverse_frequencies(const cpu& policy, const csr_view<>& view, const Idf& idf) {
  const auto counts = detail::column_counts(policy, view);
  std::vector<double> result(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) result[i] = idf(static_cast<double>(counts[i]));
  }
  return result;
}

double length(const row_type& row) {
  double sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i) sum += static_cast<double>(row.value(i));
  return sum;
}

struct reweighter {
  const interactions& data;
  const cpu& policy;

  interactions operator()(const weighting::binary&) const {
    return {csr_matrix<>(data.view().pattern(), data.matrix().owner()), data.users(), data.items(),
            data.timestamps(), data.timestamp_owner()};
  }

  interactions operator()(const weighting::log& scheme) const {
    check::in_range("scheme.alpha", scheme.alpha, 0.0f, highest_parameter);
    if (!(scheme.epsilon > 0) || !std::isfinite(scheme.epsilon)) {
      throw value_error("scheme.epsilon", detail::number_text(scheme.epsilon),
                        "must be finite and greater than 0");
    }
    const double alpha = scheme.alpha;
    const double epsilon = scheme.epsilon;
    return with_values(policy, data, [=](const row_type& row, float* out) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        out[i] =
            static_cast<float>(1 + alpha * std::log1p(static_cast<double>(row.value(i)) / epsilon));
      }
    });
  }

  interactions operator()(const weighting::tf_idf&) const {
    const double users = data.rows();
    const auto idf =
        inverse_frequencies(policy, data.view(), [=](double n) { return std::log(users / n) + 1; });
    return with_values(policy, data, [&](const row_type& row, float* out) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        out[i] = static_cast<float>(std::sqrt(static_cast<double>(row.value(i))) *
                                    idf[static_cast<std::size_t>(row.indices[i])]);
      }
    });
  }

  interactions operator()(const weighting::bm25& scheme) const {
    check::in_range("scheme.k1", scheme.k1, 0.0f, highest_parameter);
    check::in_range("scheme.b", scheme.b, 0.0f, 1.0f);
    const auto view = data.view();
    const double users = data.rows();
    const auto idf = inverse_frequencies(
        policy, view, [=](double n) { return std::log1p((users - n + 0.5) / (n + 0.5)); });
    const double total = parallel_reduce(
        policy, view.rows(), 1024, 0.0,
        [&](std::int64_t begin, std::int64_t end) {
          double sum = 0;
          for (auto r = begin; r < end; ++r) sum += length(view.row(r));
          return sum;
        },
        [](double& sum, double part) { sum += part; });
    const double mean = total / users;
    const double k1 = scheme.k1;
    const double b = scheme.b;
    return with_values(policy, data, [&](const row_type& row, float* out) {
      const double saturation = k1 * (1 - b + b * length(row) / mean);
      for (std::size_t i = 0; i < row.size(); ++i) {
        const double value = row.value(i);
        // A value of 0 weighs 0 also where k1 = 0 or all lengths are 0 make the fraction 0 / 0.
        out[i] = value == 0 ? 0.0f
                            : static_cast<float>(idf[static_cast<std::size_t>(row.indices[i])] *
                                                 value * (k1 + 1) / (value + saturation));
      }
    });
  }
};

}  // namespace

interactions reweight(const interactions& data, const weighting_scheme& scheme, const cpu& policy) {
  return std::visit(reweighter{data, policy}, scheme);
}

}  // namespace recokit::inline RECOKIT_ABI
