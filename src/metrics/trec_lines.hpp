// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How one line of qrels and one line of a run is read.
#pragma once

#include "trec_scan.hpp"

#include "../core/text_source.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::trec::detail {

/// What is wrong with a line, and where.
struct line_failure {
  const char* at = nullptr;
  std::string message;
};

/// Walks over the fields of a line.
class field_cursor {
 public:
  explicit field_cursor(const char* p) noexcept : p_(p) {}

  /// Goes to the next field. False at the end of the line.
  bool next() noexcept {
    begin_ = skip_gap(p_);
    if (*begin_ == '\n') {
      p_ = begin_;
      return false;
    }
    p_ = field_end(begin_);
    ++fields_;
    return true;
  }
  /// Goes to the next field but not to its end; end_at() must follow.
  bool next_begin() noexcept {
    begin_ = skip_gap(p_);
    if (*begin_ == '\n') {
      p_ = begin_;
      return false;
    }
    ++fields_;
    return true;
  }
  void end_at(const char* end) noexcept { p_ = end; }

  const char* begin() const noexcept { return begin_; }
  const char* end() const noexcept { return p_; }
  std::string_view text() const noexcept { return {begin_, static_cast<std::size_t>(p_ - begin_)}; }
  int fields() const noexcept { return fields_; }

 private:
  const char* p_;
  const char* begin_ = nullptr;
  int fields_ = 1;  // the query was read before
};

inline bool ends_field(const char* p) noexcept { return is_gap(*p) || *p == '\n'; }

/// Lines of qrels: query, iteration, document, relevance.
struct qrels_format {
  using line = judgement;
  static constexpr const char* what = "qrels";

  /// Reads what follows the query. The end of the line, or null with `failure` set.
  static const char* parse(const char* p, line& out, std::string_view&, line_failure& failure) {
    field_cursor at(p);
    if (!at.next() || !at.next()) return too_few(at, failure);
    out.document = make_id(at.begin(), at.end());
    if (!at.next()) return too_few(at, failure);
    const auto number = recokit::detail::scan_integer(at.begin());
    std::int64_t value = number.value;
    if (number.end != at.end() &&
        recokit::detail::parse_integer(at.text(), value) != number_status::good &&
        !recokit::detail::whole_number(at.text(), value)) {
      failure = {at.begin(),
                 "relevance " + recokit::detail::in_quotes(at.text()) + " is not a whole number"};
      return nullptr;
    }
    if (value < std::numeric_limits<std::int32_t>::min() ||
        value > std::numeric_limits<std::int32_t>::max()) {
      failure = {at.begin(),
                 "relevance " + recokit::detail::in_quotes(at.text()) + " does not fit 32 bits"};
      return nullptr;
    }
    out.relevance = static_cast<std::int32_t>(value);
    const char* const end = skip_gap(at.end());
    if (*end != '\n') {
      failure = {end, "more than 4 fields; a qrels line is: query iteration document relevance"};
      return nullptr;
    }
    return end;
  }

  static const char* too_few(const field_cursor& at, line_failure& failure) {
    failure = {at.end(), "a line of " + std::to_string(at.fields()) +
                             (at.fields() == 1 ? " field" : " fields") +
                             "; a qrels line has 4: query iteration document relevance"};
    return nullptr;
  }
};

/// Lines of a run: query, Q0, document, rank, score, run id; then anything.
struct run_format {
  using line = retrieved;
  static constexpr const char* what = "run";

  static const char* parse(const char* p, line& out, std::string_view& run_id,
                           line_failure& failure) {
    field_cursor at(p);
    if (!at.next() || !at.next()) return too_few(at, failure);
    out.document = make_id(at.begin(), at.end());
    if (!at.next() || !at.next_begin()) return too_few(at, failure);
    const char* const simple = simple_score(at.begin(), out.score);
    if (simple != nullptr && ends_field(simple)) {
      at.end_at(simple);
    } else {
      at.end_at(field_end(at.begin()));
      const auto status = parse_score(at.text(), out.score);
      if (status != number_status::good) {
        failure = {at.begin(), "score " + recokit::detail::in_quotes(at.text()) +
                                   (status == number_status::overflow ? " does not fit a double"
                                                                      : " is not a number")};
        return nullptr;
      }
    }
    if (!at.next()) return too_few(at, failure);
    run_id = at.text();
    const char* end = at.end();
    while (*end != '\n') ++end;
    return end;
  }

  static const char* too_few(const field_cursor& at, line_failure& failure) {
    failure = {at.end(), "a line of " + std::to_string(at.fields()) +
                             (at.fields() == 1 ? " field" : " fields") +
                             "; a run line has 6: query Q0 document rank score run-id"};
    return nullptr;
  }
};

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
