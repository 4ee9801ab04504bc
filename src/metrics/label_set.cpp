// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "label_set.hpp"

#include "column_checks.hpp"

#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

// Labels whose lowest and highest are no further apart are looked up in a table.
constexpr std::uint64_t near_range = 1 << 16;

// b − a without overflow, for a <= b.
std::uint64_t distance(std::int64_t a, std::int64_t b) {
  return static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a);
}

void make_distinct(std::vector<std::int64_t>& labels) {
  if (labels.empty()) return;
  const auto [low, high] = std::minmax_element(labels.begin(), labels.end());
  const std::int64_t lowest = *low;
  const std::uint64_t range = distance(lowest, *high);
  if (range > near_range) {
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    return;
  }
  std::vector<char> present(range + 1);
  for (const auto label : labels) present[distance(lowest, label)] = 1;
  labels.clear();
  for (std::uint64_t i = 0; i <= range; ++i) {
    if (present[i] != 0) labels.push_back(lowest + static_cast<std::int64_t>(i));
  }
}

}  // namespace

std::vector<std::int64_t> distinct_labels(const cpu& policy, const label_column& labels) {
  using label_list = std::vector<std::int64_t>;
  auto found = parallel_reduce(
      policy, labels.size(), column_grain, label_list{},
      [&](std::int64_t begin, std::int64_t end) {
        label_list part(static_cast<std::size_t>(end - begin));
        labels.load(begin, part);
        make_distinct(part);
        part.shrink_to_fit();
        return part;
      },
      [](label_list& all, const label_list& part) {
        all.insert(all.end(), part.begin(), part.end());
      });
  make_distinct(found);
  return found;
}

std::vector<std::int64_t> join_labels(const std::vector<std::int64_t>& a,
                                      const std::vector<std::int64_t>& b) {
  std::vector<std::int64_t> joined;
  joined.reserve(std::max(a.size(), b.size()));
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(joined));
  return joined;
}

std::vector<std::int64_t> column_labels(const cpu& policy, const label_column& truth,
                                        const std::vector<std::int64_t>& given, const char* table,
                                        std::int64_t cols) {
  if (!given.empty()) {
    check::equal("options.labels.size()", static_cast<std::int64_t>(given.size()),
                 std::string(table) + ".cols()", cols, "name one class a column");
    return given;
  }
  auto found = distinct_labels(policy, truth);
  check::equal("the number of classes in truth", static_cast<std::int64_t>(found.size()),
               std::string(table) + ".cols()", cols,
               "name the class of each column in options.labels");
  return found;
}

label_places::label_places(const char* argument, std::span<const std::int64_t> labels)
    : argument_(argument) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    sorted_.emplace_back(labels[i], static_cast<std::int64_t>(i));
  }
  std::sort(sorted_.begin(), sorted_.end());
  const auto twice =
      std::adjacent_find(sorted_.begin(), sorted_.end(),
                         [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != sorted_.end()) {
    throw value_error(element_name(argument, (twice + 1)->second), std::to_string(twice->first),
                      "must not be given twice");
  }
  if (sorted_.empty() || distance(sorted_.front().first, sorted_.back().first) > near_range) return;
  near_.assign(distance(sorted_.front().first, sorted_.back().first) + 1, -1);
  for (const auto& [label, place] : sorted_) near_[distance(sorted_.front().first, label)] = place;
}

std::int64_t label_places::operator()(std::int64_t label) const noexcept {
  if (!near_.empty()) {
    if (label < sorted_.front().first || label > sorted_.back().first) return -1;
    return near_[distance(sorted_.front().first, label)];
  }
  const auto found =
      std::lower_bound(sorted_.begin(), sorted_.end(), std::pair{label, std::int64_t{0}});
  return found != sorted_.end() && found->first == label ? found->second : -1;
}

void label_places::replace(const char* column, std::int64_t begin,
                           std::span<std::int64_t> labels) const {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int64_t place = (*this)(labels[i]);
    if (place < 0) {
      throw value_error(element_name(column, begin + static_cast<std::int64_t>(i)),
                        std::to_string(labels[i]), std::string("must be one of ") + argument_);
    }
    labels[i] = place;
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
