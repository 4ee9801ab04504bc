// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

sampling_strategy sampling_strategy::ratio(double minority_over_majority) {
  sampling_strategy strategy(kind::ratio);
  strategy.ratio_ = minority_over_majority;
  return strategy;
}

sampling_strategy sampling_strategy::counts(class_counts rows) {
  sampling_strategy strategy(kind::counts);
  strategy.counts_ = std::move(rows);
  return strategy;
}

sampling_strategy sampling_strategy::classes(std::vector<index_t> labels) {
  sampling_strategy strategy(kind::classes);
  strategy.labels_ = std::move(labels);
  return strategy;
}

sampling_strategy sampling_strategy::callable(function wanted) {
  sampling_strategy strategy(kind::callable);
  strategy.callable_ = std::move(wanted);
  return strategy;
}

/// What a strategy says of the classes of one data set.
struct strategy_reader {
  using kind = sampling_strategy::kind;
  enum class sampler { over, under, cleaner };

  const sampling_strategy& strategy;
  const class_table& classes;
  sampler user;

  std::int64_t most() const { return classes.count(classes.majority()); }
  std::int64_t least() const { return classes.count(classes.minority()); }

  [[noreturn]] static void refuse(std::string value, std::string requirement) {
    throw value_error("params.strategy", std::move(value), std::move(requirement));
  }

  static std::string number(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  }

  std::string user_name() const {
    return std::array{"an over-sampler", "an under-sampler",
                      "a cleaner"}[static_cast<std::size_t>(user)];
  }

  /// The labels that a name stands for.
  std::vector<index_t> labels_of(kind name) const {
    const bool over = user == sampler::over;
    if (name == kind::automatic) name = over ? kind::not_majority : kind::not_minority;
    if (over && name == kind::majority) {
      refuse("majority", "cannot be used with an over-sampler: the largest class stays as it is");
    }
    if (!over && name == kind::minority) {
      refuse("minority", "cannot be used with " + user_name() + ": the smallest class stays whole");
    }
    std::vector<index_t> labels;
    for (std::size_t c = 0; c < classes.classes(); ++c) {
      const bool targeted = name == kind::all ||
                            (name == kind::minority && c == classes.minority()) ||
                            (name == kind::majority && c == classes.majority()) ||
                            (name == kind::not_minority && c != classes.minority()) ||
                            (name == kind::not_majority && c != classes.majority());
      if (targeted) labels.push_back(classes.label(c));
    }
    return labels;
  }

  std::size_t position(index_t label) const {
    const auto found = classes.find(label);
    if (!found) {
      std::string known;
      const std::size_t shown = std::min<std::size_t>(classes.classes(), 10);
      for (std::size_t c = 0; c < shown; ++c) {
        known += (c == 0 ? "" : ", ") + std::to_string(classes.label(c));
      }
      if (shown < classes.classes()) known += ", …";
      refuse("class " + std::to_string(label),
             "is not among the labels; there are the classes " + known);
    }
    return *found;
  }

  class_counts named_targets() const {
    class_counts targets;
    for (const index_t label : labels_of(strategy.kind_)) {
      targets[label] = user == sampler::over ? most() - classes.count(position(label)) : least();
    }
    return targets;
  }

  class_counts ratio_targets() const {
    const double ratio = strategy.ratio_;
    const std::string text = "ratio(" + number(ratio) + ")";
    if (!(ratio > 0 && ratio <= 1)) refuse(text, "a ratio must be in (0, 1]");
    if (classes.classes() != 2) {
      refuse(text, "a ratio is for two classes and there are " + std::to_string(classes.classes()) +
                       ": use counts");
    }
    const std::size_t from = user == sampler::over ? classes.majority() : classes.minority();
    const std::size_t to = 1 - from;
    const auto rows_from = static_cast<double>(classes.count(from));
    const std::string sizes = "class " + std::to_string(classes.label(to)) + " has " +
                              std::to_string(classes.count(to)) + " rows, class " +
                              std::to_string(classes.label(from)) + " " +
                              std::to_string(classes.count(from));
    if (user == sampler::over) {
      const auto made =
          static_cast<std::int64_t>(rows_from * ratio - static_cast<double>(classes.count(to)));
      if (made <= 0) {
        refuse(text, sizes + ": the ratio leaves no row to make; increase it above " +
                         number(static_cast<double>(classes.count(to)) / rows_from));
      }
      return {{classes.label(to), made}};
    }
    const double kept = rows_from / ratio;
    if (kept >= static_cast<double>(classes.count(to)) + 1) {
      refuse(text, sizes +
                       ": the ratio asks for more rows than there are; increase it to at least " +
                       number(rows_from / static_cast<double>(classes.count(to))));
    }
    return {{classes.label(to), static_cast<std::int64_t>(kept)}};
  }

  class_counts counted_targets(const class_counts& wanted) const {
    class_counts targets;
    for (const auto& [label, rows] : wanted) {
      const std::int64_t present = classes.count(position(label));
      const std::string asked = std::to_string(rows) + " rows of class " + std::to_string(label);
      if (rows < 0) refuse(asked, "a count must not be negative");
      if (user == sampler::over && rows < present) {
        refuse(asked, "an over-sampler adds rows and the class has " + std::to_string(present) +
                          ": ask for at least as many, or leave the class out");
      }
      if (user == sampler::under && rows > present) {
        refuse(asked, "an under-sampler removes rows and the class has " + std::to_string(present) +
                          ": ask for at most as many");
      }
      targets[label] = user == sampler::over ? rows - present : rows;
    }
    return targets;
  }

  class_counts targets() const {
    switch (strategy.kind_) {
      case kind::ratio:
        return ratio_targets();
      case kind::counts:
        return counted_targets(strategy.counts_);
      case kind::callable:
        if (!strategy.callable_) refuse("callable", "holds no function");
        return counted_targets(strategy.callable_(classes));
      case kind::classes:
        refuse("classes", "a list of classes is for cleaners: give " + user_name() + " counts");
      default:
        return named_targets();
    }
  }

  std::vector<index_t> cleaned() const {
    const std::string no_number =
        "how many rows a cleaner removes follows from the data: give it classes({…}) or a name";
    switch (strategy.kind_) {
      case kind::ratio:
        refuse("ratio(" + number(strategy.ratio_) + ")", no_number);
      case kind::counts:
        refuse("counts", no_number);
      case kind::callable:
        refuse("callable", no_number);
      case kind::classes: {
        std::vector<index_t> sorted = strategy.labels_;
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        for (const index_t label : sorted) position(label);
        return sorted;
      }
      default:
        return labels_of(strategy.kind_);
    }
  }
};

class_counts over_targets(const sampling_strategy& strategy, const class_table& classes) {
  return strategy_reader{strategy, classes, strategy_reader::sampler::over}.targets();
}

class_counts under_targets(const sampling_strategy& strategy, const class_table& classes) {
  return strategy_reader{strategy, classes, strategy_reader::sampler::under}.targets();
}

std::vector<index_t> cleaned_classes(const sampling_strategy& strategy,
                                     const class_table& classes) {
  return strategy_reader{strategy, classes, strategy_reader::sampler::cleaner}.cleaned();
}

}  // namespace recokit::inline RECOKIT_ABI
