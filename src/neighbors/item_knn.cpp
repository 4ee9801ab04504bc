// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_measures.hpp"
#include "similarity_input.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/model_file.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/neighbors/item_knn.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::item_knn {
namespace {

// Interactions as the measure sees them, from both sides.
struct prepared {
  csr_matrix<> by_user;
  csr_matrix<> by_item;
  detail::vector_facts facts;
};

prepared prepare(const cpu& policy, const csr_matrix<>& interactions,
                 const similarity_options& options) {
  csr_matrix<> seen = interactions;
  if (options.weighting != similarity_weighting::none) {
    seen = detail::fit_weighting(policy, seen.view(), options).apply(seen, policy);
  }
  if (options.measure == similarity_measure::adjusted_cosine) {
    seen = detail::less_means(seen, [](double mean, index_t) { return mean; });
  }
  seen = detail::without_idle_values(seen, options.measure);
  csr_matrix<> by_item = transpose(policy, seen.view());
  auto facts = detail::facts_of(policy, by_item.view(), options);
  return {std::move(seen), std::move(by_item), std::move(facts)};
}

template <class With>
auto with_measure(const similarity_options& options, const prepared& data, const With& with) {
  return detail::with_measure(options, data.facts, data.facts, data.by_user.rows(),
                              data.by_user.has_values(), with);
}

csr_matrix<> weights_of(const params& params, const csr_matrix<>& similarity) {
  csr_matrix<> weights = similarity;
  if (params.normalize_neighbors) {
    std::vector<float> values;
    values.reserve(static_cast<std::size_t>(similarity.nonzeros()));
    for (std::int64_t i = 0; i < similarity.rows(); ++i) {
      const auto row = similarity.row(i);
      double sum = 0;
      for (const float s : row.values) sum += std::abs(static_cast<double>(s));
      for (const float s : row.values) {
        values.push_back(sum > 0 ? static_cast<float>(static_cast<double>(s) / sum) : 0.0f);
      }
    }
    weights = detail::with_new_values(similarity, std::move(values));
  }
  return params.side == neighbors_of::candidate ? transpose(cpu{}, weights.view()) : weights;
}

// Items whose similarities to others may change with these additions, ascending.
std::vector<index_t> changed_items(const csr_view<>& merged, const csr_view<>& additions,
                                   similarity_measure measure) {
  std::vector<char> changed(static_cast<std::size_t>(merged.cols()), 0);
  for (std::int64_t u = 0; u < additions.rows(); ++u) {
    const auto row = additions.row(u);
    if (row.size() == 0) continue;
    // A new value moves the mean of the user, and so all that the user gave.
    const auto touched =
        measure == similarity_measure::adjusted_cosine ? merged.row(u).indices : row.indices;
    for (const index_t i : touched) changed[static_cast<std::size_t>(i)] = 1;
  }
  std::vector<index_t> items;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    if (changed[i] != 0) items.push_back(static_cast<index_t>(i));
  }
  return items;
}

csr_matrix<> matrix_of(const std::vector<std::vector<scored_item<>>>& rows, std::int64_t cols) {
  std::vector<offset_t> offsets{0};
  std::vector<index_t> indices;
  std::vector<float> values;
  for (const auto& row : rows) {
    for (const auto& entry : row) {
      indices.push_back(entry.item);
      values.push_back(entry.score);
    }
    offsets.push_back(static_cast<offset_t>(indices.size()));
  }
  return {static_cast<std::int64_t>(rows.size()), cols, std::move(offsets), std::move(indices),
          std::move(values)};
}

std::vector<scored_item<>> entries_of(const csr_row<float, index_t>& row) {
  std::vector<scored_item<>> entries;
  entries.reserve(row.size());
  for (std::size_t n = 0; n < row.size(); ++n) entries.push_back({row.indices[n], row.values[n]});
  return entries;
}

// The k best in order of index.
std::vector<scored_item<>> best(std::vector<scored_item<>> entries, std::size_t k) {
  std::sort(entries.begin(), entries.end(), by_rank{});
  if (entries.size() > k) entries.resize(k);
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.item < b.item; });
  return entries;
}

// Neighbours after an update: rows of changed items from all their pairs, other rows from what they
// held and their new similarities to changed items, or anew where that does not tell.
class updater {
 public:
  updater(const cpu& policy, const csr_matrix<>& old_similarity, const params& params,
          const prepared& data, std::span<const index_t> changed)
      : policy_(policy),
        old_(old_similarity),
        k_(static_cast<std::size_t>(params.neighbors)),
        minimum_common_(params.minimum_support),
        data_(data),
        changed_(changed),
        is_changed_(static_cast<std::size_t>(data.by_item.rows()), 0),
        rows_(is_changed_.size()),
        fresh_(is_changed_.size()) {
    for (const index_t i : changed) is_changed_[static_cast<std::size_t>(i)] = 1;
  }

  template <class Sums, class Measure>
  csr_matrix<> run(const Measure& measure) {
    visit_changed<Sums>(measure);
    std::vector<index_t> unknown;
    for (std::size_t j = 0; j < rows_.size(); ++j) {
      if (is_changed_[j] == 0 && !merge_row(j)) unknown.push_back(static_cast<index_t>(j));
    }
    const auto again = kernels::similar_rows<Sums>(
        policy_, gather_rows(data_.by_item.view(), unknown).view(), data_.by_user.view(), k_,
        [&](std::int64_t q, std::int64_t j, const Sums& sums) {
          return measure(unknown[static_cast<std::size_t>(q)], j, sums);
        },
        minimum_common_, unknown);
    for (std::size_t q = 0; q < unknown.size(); ++q) {
      rows_[static_cast<std::size_t>(unknown[q])] =
          entries_of(again.row(static_cast<std::int64_t>(q)));
    }
    return matrix_of(rows_, data_.by_item.rows());
  }

 private:
  csr_row<float, index_t> old_row(std::size_t j) const {
    return std::cmp_less(j, old_.rows()) ? old_.row(static_cast<std::int64_t>(j))
                                         : csr_row<float, index_t>{};
  }
  static bool holds(const csr_row<float, index_t>& row, index_t item) {
    return std::binary_search(row.indices.begin(), row.indices.end(), item);
  }
  // What no item outside of a full row comes before.
  static scored_item<> last_of(const csr_row<float, index_t>& row) {
    scored_item<> last{row.indices[0], row.values[0]};
    for (std::size_t n = 1; n < row.size(); ++n) {
      const scored_item<> entry{row.indices[n], row.values[n]};
      if (ranks_before(last, entry)) last = entry;
    }
    return last;
  }

  template <class Sums, class Measure>
  void visit_changed(const Measure& measure) {
    // Collected a changed item, because several may meet the same other item at a time.
    std::vector<std::vector<scored_item<>>> met(changed_.size());
    kernels::for_each_similar_row<Sums>(
        policy_, gather_rows(data_.by_item.view(), changed_).view(), data_.by_user.view(),
        [&](std::int64_t q, std::span<const index_t> others, std::span<const Sums> sums) {
          const index_t c = changed_[static_cast<std::size_t>(q)];
          std::vector<scored_item<>> own;
          for (std::size_t n = 0; n < others.size(); ++n) {
            const index_t j = others[n];
            if (j == c || sums[n].common < minimum_common_) continue;
            own.push_back({j, static_cast<float>(measure(c, j, sums[n]))});
            const auto at = static_cast<std::size_t>(j);
            if (is_changed_[at] != 0) continue;
            const auto score = static_cast<float>(measure(j, c, sums[n].swapped()));
            const auto row = old_row(at);
            if (row.size() < k_ || holds(row, c) || ranks_before({c, score}, last_of(row))) {
              met[static_cast<std::size_t>(q)].push_back({j, score});
            }
          }
          rows_[static_cast<std::size_t>(c)] = best(std::move(own), k_);
        });
    for (std::size_t q = 0; q < met.size(); ++q) {
      for (const auto& [j, score] : met[q]) {
        fresh_[static_cast<std::size_t>(j)].push_back({changed_[q], score});
      }
    }
  }

  // False when items outside of what is known could be among the k best now.
  bool merge_row(std::size_t j) {
    const auto row = old_row(j);
    auto entries = entries_of(row);
    if (fresh_[j].empty()) {
      rows_[j] = std::move(entries);
      return true;
    }
    if (row.size() == k_) {
      const auto last = last_of(row);
      for (const auto& entry : fresh_[j]) {
        if (holds(row, entry.item) && ranks_before(last, entry)) return false;
      }
    }
    std::erase_if(entries, [&](const auto& entry) {
      return is_changed_[static_cast<std::size_t>(entry.item)] != 0;
    });
    entries.insert(entries.end(), fresh_[j].begin(), fresh_[j].end());
    rows_[j] = best(std::move(entries), k_);
    return true;
  }

  const cpu& policy_;
  const csr_matrix<>& old_;
  std::size_t k_;
  std::int64_t minimum_common_;
  const prepared& data_;
  std::span<const index_t> changed_;
  std::vector<char> is_changed_;
  std::vector<std::vector<scored_item<>>> rows_;
  std::vector<std::vector<scored_item<>>> fresh_;
};

}  // namespace

model::model(const params& settings, csr_matrix<> similarity, index_t users, csr_matrix<> history)
    : item_weights_model<model>(
          weights_of(settings, similarity), users, history,
          settings.normalize_scores ? kernels::term_fold::mean_of_query : kernels::term_fold::sum),
      settings_(settings),
      similarity_(std::move(similarity)) {
  check::equal("similarity.cols()", similarity_.cols(), "similarity.rows()", similarity_.rows());
  if (history.rows() == 0) return;
  check::equal("history.rows()", history.rows(), "users", users);
  check::equal("history.cols()", history.cols(), "similarity.rows()", similarity_.rows());
}

model model::updated(const cpu& policy, const csr_matrix<>& additions, duplicate_rule rule) const {
  if (history().rows() == 0 && users() > 0) {
    throw value_error("params.keep_history", "false",
                      "an update needs the interactions known so far");
  }
  const csr_matrix<> merged = merge(history().view(), additions.view(), rule, policy);
  const auto options = detail::similarity_of(settings_);
  const bool is_local = options.weighting == similarity_weighting::none &&
                        options.measure != similarity_measure::lift;
  const auto changed = changed_items(merged.view(), additions.view(), options.measure);
  if (!is_local || changed.size() > static_cast<std::size_t>(merged.cols()) / 4) {
    return detail_item_knn::fit_model(policy, merged, settings_, nullptr, [] { return false; });
  }
  const auto data = prepare(policy, merged, options);
  updater update(policy, similarity_, settings_, data, changed);
  csr_matrix<> similarity =
      with_measure(options, data, [&](const auto& measure, kernels::pair_symmetry, auto sums) {
        return update.template run<decltype(sums)>(measure);
      });
  return model(settings_, std::move(similarity), merged.rows(), merged);
}

void model::write(model_writer& out) const {
  out.params(settings_);
  out.add("users", users());
  out.add("similarity", similarity_);
  out.history(history());
}

model model::read(model_reader& in) {
  const auto settings = in.params<params>();
  const auto users = in.number<index_t>("users");
  if (users < 0) in.fail("users", "is " + std::to_string(users) + ", expected at least 0");
  auto similarity = in.valued_csr<>("similarity");
  const index_t items = similarity.rows();
  if (similarity.cols() != items) {
    in.fail("similarity", "is " + std::to_string(items) + " x " +
                              std::to_string(similarity.cols()) +
                              ", expected as many columns as rows");
  }
  auto history = in.history(users, items);
  return model(settings, std::move(similarity), users, std::move(history));
}

model detail_item_knn::fit_model(const cpu& policy, const csr_matrix<>& interactions,
                                 const params& params, kernels::similarity_device* device,
                                 const std::function<bool()>& cancelled) {
  const auto items = static_cast<std::uint64_t>(interactions.cols());
  const auto k = std::min<std::uint64_t>(static_cast<std::uint64_t>(params.neighbors), items);
  check::fits_memory("item_knn: neighbours of " + std::to_string(items) + " items",
                     check::bytes("item_knn: neighbours", items, k, 16));
  const auto options = detail::similarity_of(params);
  const auto data = prepare(policy, interactions, options);
  csr_matrix<> similarity =
      detail::neighbors_of_rows(policy, device, options, data.facts, data.by_item.view(),
                                data.by_user.view(), static_cast<std::size_t>(k), cancelled);
  if (cancelled()) throw cancelled_error("item_knn::fit");
  return model(params, std::move(similarity), interactions.rows(),
               params.keep_history ? interactions : csr_matrix<>{});
}

}  // namespace recokit::inline RECOKIT_ABI::item_knn
