// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "beyond_words.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

using enum beyond_variant;
using detail::beyond_words;
using detail::number_text;
using detail::words_of;

constexpr std::array measures{
    beyond_words{.measure = beyond_measure::coverage,
                 .name = "coverage",
                 .variant_list = {share, seen, count},
                 .variant_count = 3,
                 .aggregate = true,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::user_coverage,
                 .name = "user_coverage",
                 .variant_list = {any, full},
                 .variant_count = 2,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::diversity,
                 .name = "diversity",
                 .variant_list = {mean},
                 .variant_count = 1},
    beyond_words{.measure = beyond_measure::category_diversity,
                 .name = "category_diversity",
                 .variant_list = {places, categories},
                 .variant_count = 2},
    beyond_words{.measure = beyond_measure::novelty,
                 .name = "novelty",
                 .variant_list = {users, surprisal, interactions},
                 .variant_count = 3,
                 .divisor = true,
                 .micro = true},
    beyond_words{.measure = beyond_measure::serendipity,
                 .name = "serendipity",
                 .variant_list = {rank, distance},
                 .variant_count = 2,
                 .divisor = true},
    beyond_words{.measure = beyond_measure::unexpectedness,
                 .name = "unexpectedness",
                 .variant_list = {set, distance, nearest},
                 .variant_count = 3,
                 .divisor = true},
    beyond_words{.measure = beyond_measure::gini,
                 .name = "gini",
                 .variant_list = {items, normalised},
                 .variant_count = 2,
                 .aggregate = true,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::entropy,
                 .name = "entropy",
                 .variant_list = {bits, nats, nats_a_item, normalised},
                 .variant_count = 4,
                 .aggregate = true,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::average_popularity,
                 .name = "average_popularity",
                 .variant_list = {count, users, interactions},
                 .variant_count = 3,
                 .divisor = true,
                 .micro = true},
    beyond_words{.measure = beyond_measure::popularity_lift,
                 .name = "popularity_lift",
                 .variant_list = {group, per_user},
                 .variant_count = 2,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::group_share,
                 .name = "group_share",
                 .variant_list = {list, profile, change, exposure},
                 .variant_count = 4,
                 .divisor = true},
    beyond_words{.measure = beyond_measure::personalisation,
                 .name = "personalisation",
                 .variant_list = {overlap, cosine},
                 .variant_count = 2,
                 .aggregate = true,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::calibration_error,
                 .name = "calibration_error",
                 .variant_list = {kl, js, hellinger, absolute},
                 .variant_count = 4},
    beyond_words{.measure = beyond_measure::empty_places,
                 .name = "empty_places",
                 .variant_list = {share_of_k},
                 .variant_count = 1,
                 .undefined = false},
    beyond_words{.measure = beyond_measure::duplicates,
                 .name = "duplicates",
                 .variant_list = {share_of_k},
                 .variant_count = 1,
                 .undefined = false},
};

std::string_view variant_name(beyond_variant variant) {
  constexpr std::array<std::string_view, 33> names{
      "share",      "seen",  "count",      "any",          "full",      "mean",        "places",
      "categories", "users", "surprisal",  "interactions", "rank",      "distance",    "set",
      "nearest",    "items", "normalised", "bits",         "nats",      "nats_a_item", "group",
      "per_user",   "list",  "profile",    "change",       "exposure",  "overlap",     "cosine",
      "kl",         "js",    "hellinger",  "absolute",     "share_of_k"};
  static_assert(static_cast<std::size_t>(share_of_k) + 1 == names.size());
  return names[static_cast<std::size_t>(variant)];
}

bool has_variant(const beyond_words& words, beyond_variant variant) {
  const auto all = words.variants();
  return std::find(all.begin(), all.end(), variant) != all.end();
}

undefined_value usual_undefined(beyond_measure measure) {
  return measure == beyond_measure::diversity ? undefined_value::zero : undefined_value::left_out;
}

beyond_metric usual(beyond_measure measure, int k) {
  return {.measure = measure,
          .k = k,
          .variant = words_of(measure).variant_list[0],
          .undefined = usual_undefined(measure)};
}

beyond_metric of(beyond_measure measure, int k, beyond_variant variant) {
  auto metric = usual(measure, k);
  metric.variant = variant;
  detail::check_metric(metric);
  return metric;
}

std::string definition(const beyond_metric& metric) {
  const std::string k = std::to_string(metric.k);
  const std::string first = "in the first " + k;
  const std::string below = metric.divisor == metric_divisor::k ? k : "length of the list";
  const std::string group_text = "items of group " + std::to_string(metric.group);
  switch (metric.measure) {
    case beyond_measure::coverage:
      return "distinct items " + first + " of all lists" +
             (metric.variant == count  ? ""
              : metric.variant == seen ? " / items that occur in training"
                                       : " / items of the catalogue");
    case beyond_measure::user_coverage:
      return std::string("share of the lists that have ") +
             (metric.variant == any ? "an item" : k + " items");
    case beyond_measure::diversity:
      return "mean distance of the pairs of items " + first;
    case beyond_measure::category_diversity:
      return "distinct categories " + first + " / " +
             (metric.variant == places ? k : "all categories");
    case beyond_measure::novelty: {
      const std::string of_item = metric.variant == users ? "log2(users / users of the item)"
                                  : metric.variant == surprisal
                                      ? "log2(users / users of the item) / log2(users)"
                                      : "log2(interactions / interactions of the item)";
      return "sum of " + of_item + " " + first + " / " + below +
             (metric.unseen == unseen_item::one ? "; an unseen item has one user"
                                                : "; 0 for an unseen item");
    }
    case beyond_measure::serendipity:
      return (metric.variant == rank ? "sum of relevant * max(P_user - P_any, 0) "
                                     : "sum of relevant * mean distance to the history ") +
             first + " / " + below;
    case beyond_measure::unexpectedness:
      return (metric.variant == set        ? "items that were not expected "
              : metric.variant == distance ? "sum of the mean distance to the history "
                                           : "sum of the least distance to the history ") +
             first + " / " + below;
    case beyond_measure::gini:
      return "sum of (2i - n - 1) x_i / (" +
             std::string(metric.variant == items ? "n" : "(n - 1)") + " * sum of x), x: exposure " +
             first + " of the n items of the catalogue, rising";
    case beyond_measure::entropy:
      return "entropy of the exposure " + first +
             (metric.variant == bits          ? ", base 2"
              : metric.variant == nats        ? ", base e"
              : metric.variant == nats_a_item ? ", base e, / distinct items recommended"
                                              : " / that of equal exposure of the catalogue");
    case beyond_measure::average_popularity:
      return "sum of " +
             std::string(metric.variant == count   ? "interactions of the item in training "
                         : metric.variant == users ? "users of the item / users in training "
                                                   : "share of the interactions in training ") +
             first + " / " + below;
    case beyond_measure::popularity_lift:
      return "(popularity " + first + " - in the history) / in the history, " +
             (metric.variant == group ? "of the means over users" : "mean over users");
    case beyond_measure::group_share:
      switch (metric.variant) {
        case profile:
          return group_text + " in the history / its length";
        case change:
          return group_text + " " + first + " / " + below + " - their share of the history";
        case exposure:
          return group_text + " / all items " + first + " of all lists";
        default:
          return group_text + " " + first + " / " + below;
      }
    case beyond_measure::personalisation:
      return "1 - mean over pairs of users of the items that both have " + first + " / " +
             (metric.variant == overlap ? k : "sqrt of the product of their lengths");
    case beyond_measure::calibration_error: {
      const std::string of_both = " of the categories p of the history and q " + first;
      switch (metric.variant) {
        case js:
          return "Jensen-Shannon divergence, base 2," + of_both;
        case hellinger:
          return "Hellinger distance" + of_both;
        case absolute:
          return "sum of |p - q| / 2" + of_both;
        default:
          return "KL(p || (1 - a) q + a p), base e, a = " + number_text(metric.alpha) + "," +
                 of_both;
      }
    }
    case beyond_measure::empty_places:
      return "empty places " + first + " / " + k;
    case beyond_measure::duplicates:
      return "places " + first + " that repeat an item / " + k;
  }
  return {};
}

}  // namespace

namespace detail {

const beyond_words& words_of(beyond_measure measure) {
  return *std::find_if(measures.begin(), measures.end(),
                       [&](const auto& words) { return words.measure == measure; });
}

void check_metric(const beyond_metric& metric) {
  const auto& words = words_of(metric.measure);
  const auto fail = [&](const std::string& value, const std::string& requirement) {
    throw value_error(std::string(words.name), value, requirement);
  };
  if (metric.k < 1) fail("k = " + std::to_string(metric.k), "k must be at least 1");
  if (!has_variant(words, metric.variant)) {
    std::string known;
    for (const auto variant : words.variants()) {
      known += (known.empty() ? "" : ", ") + std::string(variant_name(variant));
    }
    fail(std::string(variant_name(metric.variant)), "is no variant of it; there are " + known);
  }
  const bool divides = words.divisor && metric.variant != profile && metric.variant != exposure;
  if (metric.divisor != metric_divisor::listed &&
      !(divides && metric.divisor == metric_divisor::k)) {
    fail("divisor", divides ? "must be listed or k" : "it has no choice of divisor");
  }
  if (metric.undefined != usual_undefined(metric.measure) &&
      (!words.undefined || metric.variant == exposure)) {
    fail("zero", "it has no choice for undefined values");
  }
  if (metric.unseen != unseen_item::one && metric.measure != beyond_measure::novelty) {
    fail("unseen=0", "only novelty has a choice for unseen items");
  }
  if (metric.average != user_average::macro && !words.micro) {
    fail("micro", "only novelty and average_popularity can weigh by recommendations");
  }
  if (metric.group < 0) fail("group=" + std::to_string(metric.group), "must not be negative");
  if (metric.group != 0 && metric.measure != beyond_measure::group_share) {
    fail("group=" + std::to_string(metric.group), "only group_share looks at a group");
  }
  if (!(metric.alpha > 0 && metric.alpha < 1)) {
    fail("alpha=" + number_text(metric.alpha), "must be in (0, 1)");
  }
  if (metric.alpha != beyond_metric{}.alpha && metric.variant != kl) {
    fail("alpha=" + number_text(metric.alpha), "only calibration_error(kl) has an alpha");
  }
}

}  // namespace detail

std::string beyond_metric::name() const {
  const auto& words = words_of(measure);
  std::string choices;
  const auto add = [&](const std::string& choice) {
    choices += (choices.empty() ? "" : ",") + choice;
  };
  if (measure == beyond_measure::group_share) add("group=" + std::to_string(group));
  if (variant != words.variant_list[0]) add(std::string(variant_name(variant)));
  if (divisor == metric_divisor::k) add("k");
  if (undefined != usual_undefined(measure)) {
    add(undefined == undefined_value::zero ? "zero" : "left_out");
  }
  if (unseen == unseen_item::zero) add("unseen=0");
  if (average == user_average::micro) add("micro");
  if (alpha != beyond_metric{}.alpha) add("alpha=" + number_text(alpha));
  return std::string(words.name) + (choices.empty() ? "" : "(" + choices + ")") + "@" +
         std::to_string(k);
}

std::string beyond_metric::convention() const {
  std::string text = definition(*this);
  if (average == user_average::micro) text += "; users weigh what it divides by";
  if (words_of(measure).undefined && variant != exposure) {
    text += undefined == undefined_value::zero ? "; undefined is 0" : "; undefined is left out";
  }
  return text;
}

bool beyond_metric::aggregate() const noexcept {
  return words_of(measure).aggregate || variant == exposure;
}

beyond_metric coverage(int k, beyond_variant variant) {
  return of(beyond_measure::coverage, k, variant);
}
beyond_metric user_coverage(int k, beyond_variant variant) {
  return of(beyond_measure::user_coverage, k, variant);
}
beyond_metric diversity(int k, undefined_value undefined) {
  auto metric = of(beyond_measure::diversity, k, mean);
  metric.undefined = undefined;
  return metric;
}
beyond_metric category_diversity(int k, beyond_variant variant) {
  return of(beyond_measure::category_diversity, k, variant);
}
beyond_metric novelty(int k, beyond_variant variant) {
  return of(beyond_measure::novelty, k, variant);
}
beyond_metric serendipity(int k, beyond_variant variant) {
  return of(beyond_measure::serendipity, k, variant);
}
beyond_metric unexpectedness(int k, beyond_variant variant) {
  return of(beyond_measure::unexpectedness, k, variant);
}
beyond_metric gini(int k, beyond_variant variant) { return of(beyond_measure::gini, k, variant); }
beyond_metric entropy(int k, beyond_variant variant) {
  return of(beyond_measure::entropy, k, variant);
}
beyond_metric average_popularity(int k, beyond_variant variant) {
  return of(beyond_measure::average_popularity, k, variant);
}
beyond_metric popularity_lift(int k, beyond_variant variant) {
  return of(beyond_measure::popularity_lift, k, variant);
}
beyond_metric group_share(int group, int k, beyond_variant variant) {
  auto metric = of(beyond_measure::group_share, k, variant);
  metric.group = group;
  detail::check_metric(metric);
  return metric;
}
beyond_metric personalisation(int k, beyond_variant variant) {
  return of(beyond_measure::personalisation, k, variant);
}
beyond_metric calibration_error(int k, beyond_variant variant) {
  return of(beyond_measure::calibration_error, k, variant);
}
beyond_metric empty_places(int k) { return of(beyond_measure::empty_places, k, share_of_k); }
beyond_metric duplicates(int k) { return of(beyond_measure::duplicates, k, share_of_k); }

beyond_metric parse_beyond_metric(std::string_view text) {
  const auto fail = [&](const std::string& requirement) {
    throw value_error("metric", "\"" + std::string(text) + "\"", requirement);
  };
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) fail("must be measure@k, such as novelty@10");
  std::string_view name = text.substr(0, at);
  std::string_view choices;
  if (const auto open = name.find('('); open != std::string_view::npos && name.ends_with(')')) {
    choices = name.substr(open + 1, name.size() - open - 2);
    name = name.substr(0, open);
    if (choices.empty()) fail("the parentheses are empty");
  }
  const auto found = std::find_if(measures.begin(), measures.end(),
                                  [&](const auto& words) { return words.name == name; });
  if (found == measures.end()) {
    std::string known;
    for (const auto& words : measures)
      known += (known.empty() ? "" : ", ") + std::string(words.name);
    fail("unknown measure; known are " + known);
  }
  const auto read = [&](std::string_view digits, auto& value) {
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return status == std::errc{} && end == digits.data() + digits.size();
  };
  auto metric = usual(found->measure, 0);
  if (!read(text.substr(at + 1), metric.k) || metric.k < 1) {
    fail("k must be a whole number, at least 1");
  }
  while (!choices.empty()) {
    const auto comma = std::min(choices.find(','), choices.size());
    const std::string_view choice = choices.substr(0, comma);
    choices.remove_prefix(std::min(comma + 1, choices.size()));
    const auto variants = found->variants();
    const auto variant = std::find_if(variants.begin(), variants.end(), [&](beyond_variant each) {
      return variant_name(each) == choice;
    });
    if (variant != variants.end()) {
      metric.variant = *variant;
    } else if (choice == "k") {
      metric.divisor = metric_divisor::k;
    } else if (choice == "listed") {
      metric.divisor = metric_divisor::listed;
    } else if (choice == "zero") {
      metric.undefined = undefined_value::zero;
    } else if (choice == "left_out") {
      metric.undefined = undefined_value::left_out;
    } else if (choice == "unseen=0") {
      metric.unseen = unseen_item::zero;
    } else if (choice == "unseen=1") {
      metric.unseen = unseen_item::one;
    } else if (choice == "micro") {
      metric.average = user_average::micro;
    } else if (choice == "macro") {
      metric.average = user_average::macro;
    } else if (choice.starts_with("group=")) {
      if (!read(choice.substr(6), metric.group)) fail("the group must be a whole number");
    } else if (choice.starts_with("alpha=")) {
      if (!read(choice.substr(6), metric.alpha)) fail("alpha must be a number");
    } else {
      fail("\"" + std::string(choice) + "\" is no choice of " + std::string(name));
    }
  }
  detail::check_metric(metric);
  return metric;
}

std::vector<beyond_metric> all_beyond_metrics(int k) {
  std::vector<beyond_metric> all;
  for (const auto& words : measures) all.push_back(usual(words.measure, k));
  return all;
}

}  // namespace recokit::inline RECOKIT_ABI
