// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "select_entries.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/column_counts.hpp>
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

// The same entries with the values that weigh(row, out) writes. Offsets and indices stay where they
// are.
template <class Weigh>
csr_matrix<> with_values(const cpu& policy, const csr_matrix<>& matrix, const Weigh& weigh) {
  struct storage {
    std::shared_ptr<const void> pattern;
    std::unique_ptr<float[]> values;
  };
  const auto view = matrix.view();
  auto owner = std::make_shared<storage>();
  owner->pattern = matrix.owner();
  owner->values =
      std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(view.nonzeros()));
  detail::for_each_row(policy, view, [&](std::size_t r, std::size_t begin, std::size_t) {
    const auto row = view.row(static_cast<std::int64_t>(r));
    check_not_negative(r, row);
    weigh(row, owner->values.get() + begin);
  });
  const auto weighted = csr_view<>::trusted(view.rows(), view.cols(), view.offsets().data(),
                                            view.indices().data(), owner->values.get());
  return {weighted, std::move(owner)};
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

void check_scheme(const weighting_scheme& scheme) {
  if (const auto* log = std::get_if<weighting::log>(&scheme)) {
    check::in_range("scheme.alpha", log->alpha, 0.0f, highest_parameter);
    if (!(log->epsilon > 0) || !std::isfinite(log->epsilon)) {
      throw value_error("scheme.epsilon", detail::number_text(log->epsilon),
                        "must be finite and greater than 0");
    }
  } else if (const auto* bm25 = std::get_if<weighting::bm25>(&scheme)) {
    check::in_range("scheme.k1", bm25->k1, 0.0f, highest_parameter);
    check::in_range("scheme.b", bm25->b, 0.0f, 1.0f);
  }
}

struct applier {
  const csr_matrix<>& matrix;
  const cpu& policy;
  const std::vector<double>& idf;
  double mean_length;

  csr_matrix<> operator()(const weighting::binary&) const {
    return {matrix.view().pattern(), matrix.owner()};
  }

  csr_matrix<> operator()(const weighting::log& scheme) const {
    const double alpha = scheme.alpha;
    const double epsilon = scheme.epsilon;
    return with_values(policy, matrix, [=](const row_type& row, float* out) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        out[i] =
            static_cast<float>(1 + alpha * std::log1p(static_cast<double>(row.value(i)) / epsilon));
      }
    });
  }

  csr_matrix<> operator()(const weighting::tf_idf&) const {
    return with_values(policy, matrix, [&](const row_type& row, float* out) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        out[i] = static_cast<float>(std::sqrt(static_cast<double>(row.value(i))) *
                                    idf[static_cast<std::size_t>(row.indices[i])]);
      }
    });
  }

  csr_matrix<> operator()(const weighting::bm25& scheme) const {
    const double k1 = scheme.k1;
    const double b = scheme.b;
    return with_values(policy, matrix, [&](const row_type& row, float* out) {
      const double saturation = k1 * (1 - b + b * length(row) / mean_length);
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

fitted_weighting::fitted_weighting(const weighting_scheme& scheme, const csr_view<>& interactions,
                                   const cpu& policy)
    : scheme_(scheme) {
  check_scheme(scheme);
  const double users = interactions.rows();
  if (std::holds_alternative<weighting::tf_idf>(scheme)) {
    idf_ = inverse_frequencies(policy, interactions,
                               [=](double n) { return std::log(users / n) + 1; });
  } else if (std::holds_alternative<weighting::bm25>(scheme)) {
    idf_ = inverse_frequencies(policy, interactions,
                               [=](double n) { return std::log1p((users - n + 0.5) / (n + 0.5)); });
    const double total = parallel_reduce(
        policy, interactions.rows(), 1024, 0.0,
        [&](std::int64_t begin, std::int64_t end) {
          double sum = 0;
          for (auto r = begin; r < end; ++r) sum += length(interactions.row(r));
          return sum;
        },
        [](double& sum, double part) { sum += part; });
    mean_length_ = total / users;
  }
}

fitted_weighting::fitted_weighting(const weighting_scheme& scheme, std::vector<double> idf,
                                   double mean_length)
    : scheme_(scheme), idf_(std::move(idf)), mean_length_(mean_length) {
  check_scheme(scheme);
}

csr_matrix<> fitted_weighting::apply(const csr_matrix<>& interactions, const cpu& policy) const {
  if (!idf_.empty()) {
    check::equal("interactions.cols()", interactions.cols(), "items of the weighting",
                 static_cast<std::int64_t>(idf_.size()));
  }
  return std::visit(applier{interactions, policy, idf_, mean_length_}, scheme_);
}

interactions reweight(const interactions& data, const weighting_scheme& scheme, const cpu& policy) {
  const fitted_weighting fitted(scheme, data.view(), policy);
  return {fitted.apply(data.matrix(), policy), data.users(), data.items(), data.timestamps(),
          data.timestamp_owner()};
}

}  // namespace recokit::inline RECOKIT_ABI
