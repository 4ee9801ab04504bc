// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_measures.hpp"
#include "similarity_input.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/model_file.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/neighbors/user_knn.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::user_knn {
namespace {

// Interactions as the measure sees them.
csr_matrix<> seen_by_measure(const cpu& policy, const csr_matrix<>& interactions,
                             const fitted_weighting& weighting,
                             const std::vector<double>& item_means,
                             const similarity_options& options) {
  csr_matrix<> seen = interactions;
  if (options.weighting != similarity_weighting::none) seen = weighting.apply(seen, policy);
  if (!item_means.empty()) {
    seen = detail::less_means(
        seen, [&](double, index_t item) { return item_means[static_cast<std::size_t>(item)]; });
  }
  return detail::without_idle_values(seen, options.measure);
}

std::vector<scored_item<>> first_of(std::vector<scored_item<>> list, int k) {
  std::sort(list.begin(), list.end(), by_rank{});
  if (std::cmp_greater(list.size(), k)) list.resize(static_cast<std::size_t>(k));
  return list;
}

}  // namespace

model fitter::fit(const cpu& policy, const csr_matrix<>& interactions, const params& params,
                  kernels::similarity_device* device, const std::function<bool()>& cancelled) {
  const auto users = static_cast<std::uint64_t>(interactions.rows());
  const auto k = std::min<std::uint64_t>(static_cast<std::uint64_t>(params.neighbors), users);
  check::fits_memory("user_knn: neighbours of " + std::to_string(users) + " users",
                     check::bytes("user_knn: neighbours", users, k, 16));
  const auto options = detail::similarity_of(params);
  model fitted;
  fitted.settings_ = params;
  fitted.history_ = interactions;
  fitted.weighting_ = detail::fit_weighting(policy, interactions.view(), options);
  if (options.measure == similarity_measure::adjusted_cosine) {
    const csr_matrix<> weighed = options.weighting == similarity_weighting::none
                                     ? interactions
                                     : fitted.weighting_.apply(interactions, policy);
    fitted.item_means_ = detail::column_means(weighed.view());
  }
  const csr_matrix<> seen =
      seen_by_measure(policy, interactions, fitted.weighting_, fitted.item_means_, options);
  fitted.by_item_ = transpose(policy, seen.view());
  auto facts = detail::facts_of(policy, seen.view(), options);
  fitted.similarity_ =
      detail::neighbors_of_rows(policy, device, options, facts, seen.view(), fitted.by_item_.view(),
                                static_cast<std::size_t>(k), cancelled);
  if (cancelled()) throw cancelled_error("user_knn::fit");
  fitted.facts_as_neighbor_ = std::move(facts.as_second);
  return fitted;
}

csr_matrix<> model::neighbors_for(const cpu& policy, const csr_view<>& histories) const {
  check::histories(histories.cols(), items());
  const auto options = detail::similarity_of(settings_);
  const csr_matrix<> borrowed(histories, nullptr);
  const csr_matrix<> seen = seen_by_measure(policy, borrowed, weighting_, item_means_, options);
  const auto facts = detail::facts_of(policy, seen.view(), options);
  const detail::vector_facts known{{}, facts_as_neighbor_};
  return detail::with_measure(
      options, facts, known, items(), seen.has_values() || by_item_.has_values(),
      [&](const auto& measure, kernels::pair_symmetry, auto sums) {
        return kernels::similar_rows<decltype(sums)>(policy, seen.view(), by_item_.view(),
                                                     static_cast<std::size_t>(settings_.neighbors),
                                                     measure, settings_.minimum_support);
      });
}

std::vector<scored_item<>> model::supporters(const csr_row<float, index_t>& neighbors,
                                             index_t item) const {
  std::vector<scored_item<>> list;
  float weight = 0;
  for (std::size_t n = 0; n < neighbors.size(); ++n) {
    const auto row = history_.row(neighbors.indices[n]);
    const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), item);
    if (at == row.indices.end() || *at != item) continue;
    const float value = row.value(static_cast<std::size_t>(at - row.indices.begin()));
    list.push_back({neighbors.indices[n], neighbors.value(n) * value});
    weight += std::abs(neighbors.value(n));
  }
  if (settings_.normalize_scores && weight > 0) {
    for (auto& each : list) each.score /= weight;
  }
  return list;
}

std::vector<scored_item<>> model::shared_out(const csr_row<float, index_t>& neighbors,
                                             const csr_row<float, index_t>& own, index_t item,
                                             int k) const {
  check::index_in("item", item, items());
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  std::vector<double> shares(own.size(), 0.0);
  std::vector<std::pair<std::size_t, double>> common;
  for (const auto& [neighbor, added] : supporters(neighbors, item)) {
    const auto other = history_.row(neighbor);
    common.clear();
    double total = 0;
    for (std::size_t i = 0, j = 0; i < own.size() && j < other.size();) {
      if (own.indices[i] == other.indices[j]) {
        const double product =
            std::abs(static_cast<double>(own.value(i)) * static_cast<double>(other.value(j)));
        common.emplace_back(i, product);
        total += product;
        ++i;
        ++j;
      } else if (own.indices[i] < other.indices[j]) {
        ++i;
      } else {
        ++j;
      }
    }
    for (const auto& [i, product] : common) {
      const double part = total > 0 ? product / total : 1.0 / static_cast<double>(common.size());
      shares[i] += static_cast<double>(added) * part;
    }
  }
  std::vector<scored_item<>> list;
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (shares[i] != 0) list.push_back({own.indices[i], static_cast<float>(shares[i])});
  }
  return first_of(std::move(list), k);
}

std::vector<scored_item<>> model::supporting_users(index_t user, index_t item, int k) const {
  check::index_in("user", user, users());
  check::index_in("item", item, items());
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  return first_of(supporters(similarity_.row(user), item), k);
}

std::vector<scored_item<>> model::explain(index_t user, index_t item, int k) const {
  check::index_in("user", user, users());
  return shared_out(similarity_.row(user), history_.row(user), item, k);
}

std::vector<scored_item<>> model::explain_history(const csr_matrix<>& row, index_t item,
                                                  int k) const {
  const csr_matrix<> neighbors = neighbors_for(cpu{.threads = 1}, row.view());
  return shared_out(neighbors.row(0), row.row(0), item, k);
}

void model::write(model_writer& out) const {
  out.params(settings_);
  out.required_history(history_, "user_knn scores with what the neighbours took");
  out.add("similarity", similarity_);
  out.add("idf", weighting_.idf());
  out.add("mean_length", weighting_.mean_length());
  out.add("item_means", item_means_);
  out.add("facts", facts_as_neighbor_);
}

model model::read(model_reader& in) {
  model loaded;
  loaded.settings_ = in.params<params>();
  loaded.history_ = in.history(any_size, any_size);
  loaded.similarity_ = in.valued_csr<>("similarity");
  const index_t users = loaded.history_.rows();
  if (loaded.similarity_.rows() != users || loaded.similarity_.cols() != users) {
    in.fail("similarity", "is not users x users with " + std::to_string(users) + " users");
  }
  const auto options = detail::similarity_of(loaded.settings_);
  auto idf = in.vector<double>("idf", any_size);
  const auto mean_length = in.number<double>("mean_length");
  weighting_scheme scheme = weighting::binary{};
  if (options.weighting == similarity_weighting::tf_idf) scheme = weighting::tf_idf{};
  if (options.weighting == similarity_weighting::bm25) {
    scheme =
        weighting::bm25{static_cast<float>(options.bm25_k1), static_cast<float>(options.bm25_b)};
  }
  if (options.weighting != similarity_weighting::none &&
      std::cmp_not_equal(idf.size(), loaded.history_.cols())) {
    in.fail("idf", "has " + std::to_string(idf.size()) + " entries, expected one an item");
  }
  loaded.weighting_ = fitted_weighting(scheme, std::move(idf), mean_length);
  loaded.item_means_ = in.vector<double>("item_means", any_size);
  if (!loaded.item_means_.empty() &&
      std::cmp_not_equal(loaded.item_means_.size(), loaded.history_.cols())) {
    in.fail("item_means",
            "has " + std::to_string(loaded.item_means_.size()) + " entries, expected one an item");
  }
  loaded.facts_as_neighbor_ = in.vector<double>("facts", users);
  const csr_matrix<> seen =
      seen_by_measure(cpu{}, loaded.history_, loaded.weighting_, loaded.item_means_, options);
  loaded.by_item_ = transpose(cpu{}, seen.view());
  return loaded;
}

}  // namespace recokit::inline RECOKIT_ABI::user_knn
