// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/score_scan.hpp>
#include <recokit/kernels/tile_top_k.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace rk = recokit;

namespace {

// Normal numbers, some of them equal, minus infinite or not numbers.
template <class Scalar>
std::vector<Scalar> odd_scores(std::size_t size, std::uint64_t seed) {
  std::vector<Scalar> scores(size);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (auto& score : scores) {
    const auto kind = random.below(12);
    score = kind == 0   ? -std::numeric_limits<Scalar>::infinity()
            : kind == 1 ? std::numeric_limits<Scalar>::quiet_NaN()
            : kind == 2 ? Scalar{1}
                        : static_cast<Scalar>(random.normal());
  }
  return scores;
}

template <class Scalar>
void check_scans() {
  constexpr Scalar infinite = std::numeric_limits<Scalar>::infinity();
  constexpr std::size_t overhang = rk::kernels::score_scan<Scalar>::overhang;
  for (const auto& scan : rk::kernels::score_scans<Scalar>()) {
    CAPTURE(scan.name);
    for (std::size_t size = 0; size <= 140; ++size) {
      const auto scores = odd_scores<Scalar>(size, size + 1);
      for (const Scalar floor : {-infinite, Scalar{-0.5}, Scalar{1}, Scalar{9}}) {
        std::vector<Scalar> kept;
        std::vector<rk::index_t> places;
        for (std::size_t i = 0; i < size; ++i) {
          if (!(scores[i] >= floor)) continue;
          kept.push_back(scores[i]);
          places.push_back(static_cast<rk::index_t>(i) + 70);
        }
        REQUIRE(scan.count(scores.data(), size, floor) == kept.size());
        std::vector<Scalar> to(size + overhang);
        std::vector<rk::index_t> to_places(size + overhang);
        REQUIRE(scan.collect(scores.data(), size, floor, 70, to.data(), to_places.data()) ==
                kept.size());
        REQUIRE(std::equal(kept.begin(), kept.end(), to.begin()));
        REQUIRE(std::equal(places.begin(), places.end(), to_places.begin()));
        std::copy(scores.begin(), scores.end(), to.begin());
        for (std::size_t i = 0; i < size; ++i) to_places[i] = static_cast<rk::index_t>(i) + 70;
        REQUIRE(scan.keep(to.data(), to_places.data(), size, floor) == kept.size());
        REQUIRE(std::equal(kept.begin(), kept.end(), to.begin()));
        REQUIRE(std::equal(places.begin(), places.end(), to_places.begin()));
      }
      Scalar least = infinite;
      Scalar largest = -infinite;
      for (const Scalar score : scores) {
        if (!(score > -infinite)) continue;
        least = std::min(least, score);
        largest = std::max(largest, score);
      }
      const auto range = scan.range(scores.data(), size);
      CHECK(range.largest == largest);
      CHECK(range.least == (largest > -infinite ? least : -infinite));
      if (scan.ranks == nullptr) continue;
      std::vector<std::uint32_t> ranks(size);
      scan.ranks(scores.data(), size, ranks.data());
      for (std::size_t i = 0; i < size; ++i) {
        REQUIRE(ranks[i] == std::count_if(scores.begin(), scores.end(),
                                          [&](Scalar other) { return other > scores[i]; }));
      }
    }
  }
}

}  // namespace

TEST_CASE("the selecting loops of every instruction set do what plain loops do, in float") {
  check_scans<float>();
}

TEST_CASE("the selecting loops of every instruction set do what plain loops do, in double") {
  check_scans<double>();
}

TEST_CASE("the floor of the best keeps at least k scores and not many more") {
  for (const auto& scan : rk::kernels::score_scans<float>()) {
    CAPTURE(scan.name);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const auto scores = odd_scores<float>(300, seed);
      const float floor = rk::kernels::floor_of_best(scan, scores.data(), scores.size(), 10, 14);
      REQUIRE(floor > -std::numeric_limits<float>::infinity());
      const auto reached = scan.count(scores.data(), scores.size(), floor);
      CHECK(reached >= 10);
      CHECK(reached <= 14);
    }
  }
}

TEST_CASE("there is no floor where scores do not tell the best apart") {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  for (const auto& scan : rk::kernels::score_scans<float>()) {
    const auto floor = [&](const std::vector<float>& scores) {
      return rk::kernels::floor_of_best(scan, scores.data(), scores.size(), 4, 6);
    };
    CHECK(floor(std::vector<float>(100, 2.0f)) == -infinite);
    CHECK(floor({1, 2, 3}) == -infinite);
    CHECK(floor(std::vector<float>(100, -infinite)) == -infinite);
    CHECK(floor(std::vector<float>(100, std::numeric_limits<float>::quiet_NaN())) == -infinite);
    std::vector<float> with_infinite{infinite, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    CHECK(floor(with_infinite) == -infinite);
    // Steep as nothing that a line of logarithms expects.
    std::vector<float> steep(100, 0.0f);
    for (std::size_t i = 0; i < steep.size(); ++i) {
      steep[i] = std::ldexp(1.0f, static_cast<int>(i) - 50);
    }
    const float found = floor(steep);
    if (found > -infinite) CHECK(scan.count(steep.data(), steep.size(), found) >= 4);
  }
}

TEST_CASE("one number holds the order of a score and an item") {
  using rk::kernels::detail::from_rank_key;
  using rk::kernels::detail::rank_key;
  constexpr float infinite = std::numeric_limits<float>::infinity();
  std::vector<rk::scored_item<>> entries;
  for (const float score : {infinite, 3.0f, 1e-42f, 0.0f, -0.0f, -1e-42f, -2.0f, -infinite,
                            std::numeric_limits<float>::quiet_NaN()}) {
    for (const rk::index_t item : {0, 1, 77, std::numeric_limits<rk::index_t>::max()}) {
      entries.push_back({item, score});
    }
  }
  for (const auto& a : entries) {
    const auto again = from_rank_key(rank_key(a.score, a.item));
    CHECK(again.item == a.item);
    CHECK((again.score == a.score || (again.score != again.score && a.score != a.score)));
    for (const auto& b : entries) {
      CHECK(rk::ranks_before(a, b) == (rank_key(a.score, a.item) > rank_key(b.score, b.item)));
    }
  }
}
