// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/negative_sampler.hpp>
#include <recokit/evaluation/sampled.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

template <class Enum>
std::string name_of(Enum value) {
  return std::string(enum_names(value)[static_cast<std::size_t>(value)]);
}

// What a user brings to the evaluation.
struct user_cases {
  std::vector<index_t> positives;
  std::vector<index_t> excluded;  // what is never drawn, ascending
};

class sampled_evaluation {
 public:
  sampled_evaluation(const cpu& policy, const score_items& score, index_t items,
                     const holdout& split, const std::vector<ranking_metric>& metrics,
                     const sampled_params& params, const evaluation_options& options)
      : policy_(policy),
        score_(score),
        train_(split.train.view()),
        test_(split.test.view()),
        params_(params),
        options_(options),
        evaluator_(metrics, items, case_options(options.ranking)),
        sampler_(params.distribution == sampling_distribution::uniform
                     ? negative_sampler::uniform(items)
                     : negative_sampler::popularity(split.train.view(), params.alpha)),
        items_(static_cast<std::size_t>(items)) {}

  evaluation_report run() {
    const auto begin = std::chrono::steady_clock::now();
    make_tables();
    report_builder report(evaluator_, test_.rows(), options_.keep_users);
    const std::size_t width = evaluator_.metrics().size();
    scratch_pool<scratch> pool([this] {
      scratch space;
      space.score_of.resize(items_);
      return space;
    });
    constexpr std::int64_t tile = 4096;
    std::vector<double> values(tile * width);
    std::vector<double> weights(tile * width);
    std::vector<char> counted(tile);
    for (std::int64_t first = 0; first < test_.rows(); first += tile) {
      const std::int64_t users = std::min<std::int64_t>(tile, test_.rows() - first);
      parallel_for(policy_, users, 32, [&](std::int64_t from, std::int64_t to) {
        const auto space = pool.borrow();
        for (auto u = static_cast<std::size_t>(from); std::cmp_less(u, to); ++u) {
          counted[u] = evaluate_user(static_cast<index_t>(first) + static_cast<index_t>(u), *space,
                                     std::span(values).subspan(u * width, width),
                                     std::span(weights).subspan(u * width, width));
        }
      });
      for (std::size_t u = 0; std::cmp_less(u, users); ++u) {
        if (counted[u] != 0) {
          report.add(static_cast<index_t>(first) + static_cast<index_t>(u),
                     std::span(values).subspan(u * width, width),
                     std::span(weights).subspan(u * width, width));
        } else {
          report.skip();
        }
      }
    }
    return report.finish(begin);
  }

  std::string warning() const {
    const std::string drawn = std::to_string(params_.negatives) + " negatives (" +
                              (params_.distribution == sampling_distribution::uniform
                                   ? std::string("uniform")
                                   : "by popularity to the power " + number_text(params_.alpha)) +
                              (params_.replacement ? ", with" : ", without") + " replacement)";
    const bool none = params_.correction == sampled_correction::none;
    std::string text = "sampled metrics (1 positive + " + drawn + ", ";
    if (none) {
      text += "not corrected";
    } else {
      text += "corrected by " + name_of(params_.correction);
      if (params_.correction == sampled_correction::bias_variance) {
        text += " with gamma " + number_text(params_.gamma);
      }
      text += " for " + number_text(std::round(mean_candidates_)) + " candidates a user";
    }
    text += none ? "): not comparable with full ranking and may order models otherwise"
                 : "): an estimate, not comparable with full ranking";
    return text + "; Krichene and Rendle, KDD 2020";
  }

  std::string short_users() const {
    if (short_users_ == 0) return {};
    return std::to_string(short_users_) + " of the users had at most " +
           std::to_string(params_.replacement ? 0 : params_.negatives) +
           " items to draw from and were ranked against all of them";
  }

 private:
  struct scratch {
    user_cases user;
    negative_sampler::scratch draws;
    std::vector<index_t> drawn;     // positives × negatives
    std::vector<index_t> asked;     // positives and drawn, ascending, each once
    std::vector<float> scores;      // of asked
    std::vector<float> score_of;    // by item
    std::vector<double> value;      // of a case
    std::vector<double> tie_value;  // of a place in a tie
  };

  // Positives are picked by grade before; a case is one relevant item, and its ties are resolved
  // here, where `average` has a closed form for every measure.
  static ranking_options case_options(ranking_options options) {
    options.relevance_level = -std::numeric_limits<double>::infinity();
    options.ties = tie_policy::as_listed;
    return options;
  }

  void find_cases(index_t user, user_cases& found) const {
    const auto row = test_.row(user);
    found.positives.clear();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (static_cast<double>(row.value(i)) >= options_.ranking.relevance_level) {
        found.positives.push_back(row.indices[i]);
      }
    }
    found.excluded.assign(row.indices.begin(), row.indices.end());
    if (!options_.exclude_seen) return;
    const auto seen = train_.row(user).indices;
    found.excluded.clear();
    std::set_union(row.indices.begin(), row.indices.end(), seen.begin(), seen.end(),
                   std::back_inserter(found.excluded));
  }

  bool ranked_against_all(std::int64_t available) const {
    return available == 0 || (!params_.replacement && available <= params_.negatives);
  }

  // Tables by n: users of nearly the same n share one, made for their mean.
  void make_tables() {
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(test_.rows()), 0);
    parallel_for(policy_, test_.rows(), 256, [&](std::int64_t from, std::int64_t to) {
      user_cases user;
      for (std::int64_t u = from; u < to; ++u) {
        find_cases(static_cast<index_t>(u), user);
        if (user.positives.empty()) continue;
        sizes[static_cast<std::size_t>(u)] = 1 + sampler_.available(user.excluded);
      }
    });
    std::erase(sizes, 0);
    short_users_ = std::count_if(sizes.begin(), sizes.end(),
                                 [&](std::int64_t n) { return ranked_against_all(n - 1); });
    std::erase_if(sizes, [&](std::int64_t n) { return ranked_against_all(n - 1); });
    std::sort(sizes.begin(), sizes.end());
    double all = 0;
    std::vector<std::int64_t> table_candidates;
    for (std::size_t begin = 0; begin < sizes.size();) {
      std::size_t end = begin;
      double sum = 0;
      const bool one_for_all = params_.correction == sampled_correction::none;
      while (end < sizes.size() && (one_for_all || sizes[end] * 20 < sizes[begin] * 21)) {
        sum += static_cast<double>(sizes[end++]);
      }
      all += sum;
      largest_.push_back(sizes[end - 1]);
      table_candidates.push_back(std::llround(sum / static_cast<double>(end - begin)));
      begin = end;
    }
    if (!sizes.empty()) mean_candidates_ = all / static_cast<double>(sizes.size());
    tables_.resize(table_candidates.size());
    parallel_for(
        policy_, static_cast<std::int64_t>(tables_.size()), 1, [&](std::int64_t t, std::int64_t) {
          const auto at = static_cast<std::size_t>(t);
          tables_[at] = sampled_metric_values(
              evaluator_.metrics(), {table_candidates[at], params_.negatives, params_.replacement},
              params_.correction, params_.gamma, params_.prior);
        });
  }

  // How many of the drawn items rank before the positive for sure, and how many are tied with it.
  struct sampled_rank {
    std::size_t above = 0;
    std::size_t tied = 0;
  };
  sampled_rank rank_of(index_t positive, std::span<const index_t> drawn,
                       const std::vector<float>& score_of) const {
    const float own = score_of[static_cast<std::size_t>(positive)];
    sampled_rank rank;
    for (const index_t item : drawn) {
      const float other = score_of[static_cast<std::size_t>(item)];
      if (other > own || (own != own && other == other)) {
        ++rank.above;
        continue;
      }
      if (other < own || (other != other && own == own)) continue;
      switch (options_.ranking.ties) {
        case tie_policy::as_listed:
        case tie_policy::index_ascending:
          rank.above += item < positive ? 1 : 0;
          break;
        case tie_policy::index_descending:
          rank.above += item > positive ? 1 : 0;
          break;
        case tie_policy::optimistic:
          break;
        case tie_policy::pessimistic:
          ++rank.above;
          break;
        case tie_policy::average:
          ++rank.tied;
          break;
      }
    }
    return rank;
  }

  void score_user(index_t user, scratch& space) const {
    space.asked.assign(space.drawn.begin(), space.drawn.end());
    space.asked.insert(space.asked.end(), space.user.positives.begin(), space.user.positives.end());
    std::sort(space.asked.begin(), space.asked.end());
    space.asked.erase(std::unique(space.asked.begin(), space.asked.end()), space.asked.end());
    space.scores.resize(space.asked.size());
    score_(user, space.asked, space.scores);
    for (std::size_t i = 0; i < space.asked.size(); ++i) {
      if (space.scores[i] != space.scores[i] && options_.ranking.nan_scores == nan_policy::error) {
        throw value_error("score", "nan",
                          "must be a number, or set nan_scores to nan_policy::last");
      }
      space.score_of[static_cast<std::size_t>(space.asked[i])] = space.scores[i];
    }
  }

  bool evaluate_user(index_t user, scratch& space, std::span<double> values,
                     std::span<double> weights) const {
    find_cases(user, space.user);
    const auto& positives = space.user.positives;
    if (positives.empty()) return evaluator_.evaluate({}, 0, {}, values, weights);

    const std::int64_t available = sampler_.available(space.user.excluded);
    const bool all = ranked_against_all(available);
    const auto count = static_cast<std::size_t>(all ? available : params_.negatives);
    space.drawn.resize(positives.size() * count);
    for (std::size_t p = 0; p < positives.size(); ++p) {
      const auto key =
          static_cast<std::uint64_t>(user) << 32 | static_cast<std::uint64_t>(positives[p]);
      random_stream random(params_.seed, random_purpose::sampled_negatives, key);
      sampler_.draw(random, space.user.excluded, params_.replacement,
                    std::span(space.drawn).subspan(p * count, count), space.draws);
    }
    score_user(user, space);

    const auto table = static_cast<std::size_t>(
        std::lower_bound(largest_.begin(), largest_.end(), available + 1) - largest_.begin());
    const auto value_at = [&](std::size_t above, std::span<double> out) {
      const auto rank = static_cast<std::int64_t>(above) + 1;
      if (all) {
        const judged_rank hit{.rank = rank, .grade = 1.0};
        const double grade = 1;
        evaluator_.evaluate(std::span(&hit, 1), available + 1, std::span(&grade, 1), out, {},
                            available + 1);
        return;
      }
      for (std::size_t m = 0; m < out.size(); ++m) {
        out[m] = tables_[table](rank - 1, static_cast<Eigen::Index>(m));
      }
    };
    std::fill(values.begin(), values.end(), 0.0);
    space.value.resize(values.size());
    space.tie_value.resize(values.size());
    for (std::size_t p = 0; p < positives.size(); ++p) {
      const auto rank =
          rank_of(positives[p], std::span(space.drawn).subspan(p * count, count), space.score_of);
      value_at(rank.above, space.value);
      for (std::size_t t = 1; t <= rank.tied; ++t) {
        value_at(rank.above + t, space.tie_value);
        for (std::size_t m = 0; m < values.size(); ++m) space.value[m] += space.tie_value[m];
      }
      for (std::size_t m = 0; m < values.size(); ++m) {
        values[m] += space.value[m] / static_cast<double>(rank.tied + 1);
      }
    }
    const auto cases = static_cast<double>(positives.size());
    for (std::size_t m = 0; m < values.size(); ++m) {
      values[m] /= cases;
      weights[m] = evaluator_.metrics()[m].average == user_average::micro ? cases : 1;
    }
    return true;
  }

  const cpu& policy_;
  const score_items& score_;
  csr_view<> train_;
  csr_view<> test_;
  const sampled_params& params_;
  const evaluation_options& options_;
  ranking_evaluator evaluator_;
  negative_sampler sampler_;
  std::size_t items_;
  std::vector<std::int64_t> largest_;  // n that a table serves
  std::vector<row_major_matrix<double>> tables_;
  double mean_candidates_ = 0;
  std::int64_t short_users_ = 0;
};

void check_arguments(index_t items, const holdout& split,
                     const std::vector<ranking_metric>& metrics, const sampled_params& params,
                     const evaluation_options& options) {
  if (metrics.empty()) throw value_error("metrics", "{}", "must name at least one");
  check_single_relevant(metrics);
  check_params("params", params);
  check::equal("split.test.cols()", split.test.cols(), "model.items()", items,
               detail::split_together);
  check::equal("split.train.rows()", split.train.rows(), "split.test.rows()", split.test.rows());
  check::equal("split.train.cols()", split.train.cols(), "split.test.cols()", split.test.cols());
  if (split.fold_in) {
    throw value_error("split.fold_in", "present",
                      "sampled evaluation scores users by index, and those of this split are "
                      "unknown to training; call evaluate");
  }
  if (params.distribution == sampling_distribution::popularity &&
      params.correction != sampled_correction::none) {
    throw value_error("params.correction", name_of(params.correction),
                      "holds for uniform draws; set it to none, or distribution to uniform");
  }
  if (options.on_lists || options.min_depth != 0) {
    throw value_error("options.on_lists, options.min_depth", "set",
                      "sampled evaluation makes no lists; call evaluate");
  }
}

}  // namespace

evaluation_report evaluate_sampled_scores(const cpu& policy, const score_items& score,
                                          index_t items, const holdout& split,
                                          const std::vector<ranking_metric>& metrics,
                                          const sampled_params& params,
                                          const evaluation_options& options) {
  check_arguments(items, split, metrics, params, options);
  sampled_evaluation evaluation(policy, score, items, split, metrics, params, options);
  evaluation_report report = evaluation.run();
  report.protocol = split.protocol;
  if (!report.protocol.empty()) report.protocol += "; ";
  report.protocol += "1 positive + " + std::to_string(params.negatives) +
                     " sampled negatives, seed " + std::to_string(params.seed);
  report.warnings.push_back(evaluation.warning());
  if (auto text = evaluation.short_users(); !text.empty()) {
    report.warnings.push_back(std::move(text));
  }
  return report;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
