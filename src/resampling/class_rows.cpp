// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/class_rows.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

class_table::class_table(std::span<const index_t> labels) {
  const auto rows = static_cast<std::int64_t>(labels.size());
  if (rows > std::numeric_limits<index_t>::max()) {
    throw dimension_error("labels.size()", rows, "the largest row id",
                          std::numeric_limits<index_t>::max());
  }
  std::map<index_t, std::int64_t> counts;
  for (const index_t label : labels) ++counts[label];
  std::map<index_t, index_t> position_of;
  for (const auto& [label, count] : counts) {
    position_of.emplace(label, static_cast<index_t>(labels_.size()));
    labels_.push_back(label);
    offsets_.push_back(offsets_.back() + count);
  }
  for (std::size_t c = 1; c < classes(); ++c) {
    if (count(c) > count(majority_)) majority_ = c;
    if (count(c) < count(minority_)) minority_ = c;
  }
  rows_.resize(labels.size());
  positions_.reserve(labels.size());
  auto next = offsets_;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const index_t position = position_of.find(labels[r])->second;
    positions_.push_back(position);
    rows_[static_cast<std::size_t>(next[static_cast<std::size_t>(position)]++)] =
        static_cast<index_t>(r);
  }
}

std::optional<std::size_t> class_table::find(index_t label) const noexcept {
  const auto at = std::lower_bound(labels_.begin(), labels_.end(), label);
  if (at == labels_.end() || *at != label) return std::nullopt;
  return static_cast<std::size_t>(at - labels_.begin());
}

named_classes class_labels(std::span<const std::string> names) {
  std::map<std::string_view, index_t> label_of;
  for (const auto& name : names) label_of.emplace(name, 0);
  named_classes classes;
  for (auto& [name, label] : label_of) {
    label = static_cast<index_t>(classes.names.size());
    classes.names.emplace_back(name);
  }
  classes.labels.reserve(names.size());
  for (const auto& name : names) classes.labels.push_back(label_of.find(name)->second);
  return classes;
}

}  // namespace recokit::inline RECOKIT_ABI
