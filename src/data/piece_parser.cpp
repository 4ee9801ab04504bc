// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "piece_parser.hpp"

#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

/// A worker's dictionaries and room for the largest piece it met so far.
struct work_space {
  std::size_t number = 0;
  id_dictionaries* ids = nullptr;
  coo_piece room;
  std::size_t room_size = 0;
};

/// One parse of all pieces under fixed kinds of ids.
class parse_run {
 public:
  parse_run(const text_source& source, const std::vector<text_piece>& pieces,
            const piece_parser& parser, const id_kinds& kinds)
      : source_(source), pieces_(pieces), parser_(parser), kinds_(kinds) {
    out_.pieces.resize(pieces.size());
  }

  void run(const cpu& policy) {
    parallel_for(policy, static_cast<std::int64_t>(pieces_.size()), 1,
                 [&](std::int64_t p, std::int64_t) { parse(static_cast<std::size_t>(p)); });
  }

  bool found_text() const noexcept { return found_text_.load(); }
  id_kinds text_kinds() const noexcept { return text_kinds_; }

  parsed_text result() {
    if (failed_piece_ != no_piece) throw source_.error(failure_);
    return std::move(out_);
  }

 private:
  static constexpr auto no_piece = std::numeric_limits<std::size_t>::max();

  void parse(std::size_t p) {
    // Pieces behind a failure cannot hold the first one; those before it still can.
    if (p > failed_piece_.load() || found_text_.load()) return;
    auto space = borrow();
    const text_piece& piece = pieces_[p];
    const std::size_t capacity = parser_.capacity(piece);
    if (space->room_size < capacity) {
      space->room = coo_piece();
      space->room = coo_piece(capacity, parser_.has_ratings(), parser_.has_times());
      space->room_size = capacity;
    }
    try {
      space->room.worker = space->number;
      parser_.parse(piece, kinds_, *space->ids, space->room, nullptr);
      out_.pieces[p] = space->room.fitted();
    } catch (const text_failure& failure) {
      const std::lock_guard lock(mutex_);
      if (p < failed_piece_.load()) {
        failed_piece_ = p;
        failure_ = failure;
      }
    } catch (const id_is_text& text) {
      const std::lock_guard lock(mutex_);
      text_kinds_.users_are_strings |= text.found.users_are_strings;
      text_kinds_.items_are_strings |= text.found.items_are_strings;
      found_text_ = true;
    }
    source_.done(piece);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(space));
  }

  std::unique_ptr<work_space> borrow() {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto space = std::move(idle_.back());
      idle_.pop_back();
      return space;
    }
    out_.workers.push_back(std::make_unique<id_dictionaries>());
    auto space = std::make_unique<work_space>();
    space->number = out_.workers.size() - 1;
    space->ids = out_.workers.back().get();
    return space;
  }

  const text_source& source_;
  const std::vector<text_piece>& pieces_;
  const piece_parser& parser_;
  const id_kinds kinds_;
  parsed_text out_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<work_space>> idle_;
  std::atomic<std::size_t> failed_piece_{no_piece};
  text_failure failure_;
  std::atomic<bool> found_text_{false};
  id_kinds text_kinds_;
};

}  // namespace

parsed_text parse_pieces(const cpu& policy, const text_source& source,
                         const std::vector<text_piece>& pieces, const piece_parser& parser,
                         id_kinds& kinds) {
  for (;;) {
    parse_run run(source, pieces, parser, kinds);
    run.run(policy);
    if (!run.found_text()) return run.result();
    kinds.users_are_strings |= run.text_kinds().users_are_strings;
    kinds.items_are_strings |= run.text_kinds().items_are_strings;
  }
}

std::size_t most_lines(const text_piece& piece, std::size_t line_bytes) {
  // A line may be longer than any piece should be; room for what it cannot hold would be wasted.
  constexpr std::size_t large = std::size_t{64} << 20;
  if (piece.size() <= large) return piece.size() / line_bytes + 1;
  return static_cast<std::size_t>(std::count(piece.begin, piece.end, '\n'));
}

std::uint64_t entry_offset(const text_piece& piece, const piece_parser& parser,
                           const id_kinds& kinds, std::size_t k) {
  id_dictionaries ids;
  coo_piece room(parser.capacity(piece), parser.has_ratings(), parser.has_times());
  std::vector<std::uint64_t> starts;
  parser.parse(piece, kinds, ids, room, &starts);
  return starts.at(k);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
