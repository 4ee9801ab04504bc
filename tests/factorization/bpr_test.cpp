// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../../src/factorization/negative_draws.hpp"
#include "../../src/factorization/pair_bands.hpp"
#include "../../src/factorization/pair_kernels.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/pairwise.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/evaluation/scorer.hpp>
#include <recokit/factorization/bpr.hpp>

#include <map>
#include <set>

namespace rk = recokit;
using recokit_test::block_data;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

rk::csr_matrix<> pattern(int users, int items, double density, std::uint64_t seed) {
  return random_matrix(users, items, density, seed, 1);
}

// Rows of users and items with a bias, as a kernel takes them.
struct kernel_rows {
  std::ptrdiff_t width;
  std::vector<float> users, items, bias;

  kernel_rows(std::ptrdiff_t w, std::size_t size) : width(w), bias(size) {
    rk::random_stream random(5, rk::random_purpose::user);
    const auto draw = [&] { return static_cast<float>(random.uniform() - 0.5); };
    for (std::size_t n = 0; n < size * static_cast<std::size_t>(w); ++n) {
      users.push_back(draw());
      items.push_back(draw());
    }
    for (float& b : bias) b = draw();
  }
  rk::detail::factor_block block() { return {users.data(), items.data(), bias.data(), width}; }
};

// The update rule of the paper, in double, one number after the other.
void naive_step(kernel_rows& rows, const rk::detail::pair_rates& rates,
                const rk::detail::triple& sample) {
  const auto w = static_cast<std::size_t>(rows.width);
  const auto at = [&](std::vector<float>& of, std::uint32_t row, std::size_t f) -> float& {
    return of[row * w + f];
  };
  double lead = double{rows.bias[sample.positive]} - double{rows.bias[sample.negative]};
  for (std::size_t f = 0; f < w; ++f) {
    lead += double{at(rows.users, sample.user, f)} * (double{at(rows.items, sample.positive, f)} -
                                                      double{at(rows.items, sample.negative, f)});
  }
  const double slope = 1 / (1 + std::exp(lead));
  const double step = double{rates.step};
  for (std::size_t f = 0; f < w; ++f) {
    float& user = at(rows.users, sample.user, f);
    float& positive = at(rows.items, sample.positive, f);
    float& negative = at(rows.items, sample.negative, f);
    const double u = double{user}, p = double{positive}, q = double{negative};
    user = static_cast<float>(u + step * (slope * (p - q) - double{rates.user} * u));
    positive = static_cast<float>(p + step * (slope * u - double{rates.positive} * p));
    negative = static_cast<float>(q + step * (-slope * u - double{rates.negative} * q));
  }
  float& bp = rows.bias[sample.positive];
  float& bn = rows.bias[sample.negative];
  bp += static_cast<float>(double{rates.bias_step} * (slope - double{rates.bias} * double{bp}));
  bn += static_cast<float>(double{rates.bias_step} * (-slope - double{rates.bias} * double{bn}));
}

}  // namespace

TEST_CASE("every kernel takes the steps of the paper") {
  const rk::detail::pair_rates rates{.step = 0.3f,
                                     .user = 0.02f,
                                     .positive = 0.03f,
                                     .negative = 0.04f,
                                     .bias = 0.05f,
                                     .bias_step = 0.3f};
  std::vector<rk::detail::triple> samples;
  rk::random_stream random(9, rk::random_purpose::user);
  for (int n = 0; n < 60; ++n) {
    const auto i = static_cast<std::uint32_t>(random.below(10));
    const auto j = static_cast<std::uint32_t>((i + 1 + random.below(9)) % 10);
    samples.push_back({static_cast<std::uint32_t>(random.below(4)), i, j});
  }
  int kernels = 0;
  for (const auto& kernel : rk::detail::pair_kernels()) {
    if (kernel.bpr == nullptr) continue;
    ++kernels;
    for (const std::ptrdiff_t width : {16, 32, 48, 64, 80, 128, 144}) {
      kernel_rows expected(width, 10), found(width, 10);
      for (const auto& sample : samples) naive_step(expected, rates, sample);
      const float total = kernel.bpr(found.block(), rates, samples.data(), samples.size());
      CHECK(std::isfinite(total));
      for (std::size_t n = 0; n < expected.users.size(); ++n) {
        REQUIRE(found.users[n] == recokit_test::Approx(expected.users[n]).margin(2e-5));
        REQUIRE(found.items[n] == recokit_test::Approx(expected.items[n]).margin(2e-5));
      }
      for (std::size_t n = 0; n < 10; ++n) {
        REQUIRE(found.bias[n] == recokit_test::Approx(expected.bias[n]).margin(2e-5));
      }
    }
  }
  CHECK(kernels >= 1);
}

TEST_CASE("every interaction is in one job, and jobs of a round share no user and no item") {
  const auto data = pattern(900, 700, 0.05, 3);
  rk::detail::pair_bands bands(data.view(), 65 * 4, false);
  REQUIRE(bands.user_bands() > 4);
  REQUIRE(bands.item_bands() >= bands.user_bands());
  std::vector<std::vector<rk::index_t>> cuts;
  for (const int epoch : {1, 2, 1}) {
    bands.shuffle(rk::cpu{}, 42, epoch);
    std::vector<rk::index_t> order;
    std::set<rk::index_t> every;
    for (std::int64_t b = 0; b < bands.item_bands(); ++b) {
      for (const auto item : bands.items_of(b)) {
        order.push_back(item);
        every.insert(item);
      }
    }
    CHECK(every.size() == 700);
    cuts.push_back(order);
    std::set<std::pair<rk::index_t, rk::index_t>> seen;
    std::map<rk::index_t, std::int64_t> band_of_user;
    std::set<std::int64_t> in_round;
    std::int64_t jobs = 0;
    bands.run(
        rk::cpu{.threads = 1},
        [&](std::int64_t user_band, std::int64_t item_band) {
          ++jobs;
          CHECK(in_round.insert(item_band).second);
          const auto items = bands.items_of(item_band);
          for (const auto& entry : bands.job(user_band, item_band)) {
            const auto user = static_cast<rk::index_t>(entry.user);
            CHECK(band_of_user.emplace(user, user_band).first->second == user_band);
            CHECK(seen.emplace(user, items[entry.local]).second);
          }
        },
        [&] { in_round.clear(); });
    CHECK(jobs == bands.jobs());
    std::set<std::pair<rk::index_t, rk::index_t>> expected;
    for (rk::index_t u = 0; u < data.rows(); ++u) {
      for (const auto item : data.row(u).indices) expected.emplace(u, item);
    }
    CHECK(seen == expected);
  }
  CHECK(cuts[0] != cuts[1]);
  CHECK(cuts[0] == cuts[2]);
}

TEST_CASE("over the epochs, negatives from bands are uniform over what a user does not have") {
  const auto data = pattern(300, 128, 0.1, 4);
  rk::detail::pair_bands bands(data.view(), 65 * 4, false);
  REQUIRE(bands.item_bands() > 1);
  std::map<rk::index_t, double> count;
  rk::index_t user = 0;
  while (data.row(user).size() < 4) ++user;
  std::set<rk::index_t> own(data.row(user).indices.begin(), data.row(user).indices.end());
  rk::detail::own_items marks;
  double draws = 0;
  for (int epoch = 1; epoch <= 3000; ++epoch) {
    bands.shuffle(rk::cpu{.threads = 1}, 1, epoch);
    rk::random_stream random(2, rk::random_purpose::user, static_cast<std::uint64_t>(epoch));
    for (std::int64_t a = 0; a < bands.user_bands(); ++a) {
      for (std::int64_t b = 0; b < bands.item_bands(); ++b) {
        const auto items = bands.items_of(b);
        rk::detail::for_each_user(bands.job(a, b), items.size(), [&](auto entries) {
          if (static_cast<rk::index_t>(entries[0].user) != user) return;
          marks.begin(entries, items.size());
          const rk::detail::draw32 uniform(static_cast<std::uint32_t>(items.size()));
          for (std::size_t n = 0; n < entries.size(); ++n) {
            const auto local = marks.other(static_cast<std::uint32_t>(items.size()),
                                           [&] { return uniform(random); });
            ++count[items[local]];
            ++draws;
          }
        });
      }
    }
  }
  const double expected = draws / static_cast<double>(128 - own.size());
  double chi = 0;
  for (rk::index_t i = 0; i < 128; ++i) {
    if (own.contains(i)) {
      CHECK(count[i] == 0);
    } else {
      chi += (count[i] - expected) * (count[i] - expected) / expected;
    }
  }
  // Mean 128 − own − 1, standard deviation its double's root.
  const double freedom = static_cast<double>(127 - own.size());
  CHECK(chi < freedom + 5 * std::sqrt(2 * freedom));
}

TEST_CASE("draws by popularity follow the number of users, and adaptive draws what scores high") {
  const auto data = pattern(400, 40, 0.2, 6);
  rk::detail::pair_bands bands(data.view(), 65 * 4, true);
  bands.shuffle(rk::cpu{}, 3, 1);
  kernel_rows rows(16, 400);
  std::vector<double> users(40, 0);
  for (const auto item : data.view().indices()) users[static_cast<std::size_t>(item)] += 1;
  rk::random_stream random(2, rk::random_purpose::user);

  rk::detail::negative_source popular(rk::cpu{}, rk::pairwise::negatives::popularity, 0.5, 0.1,
                                      data.view());
  popular.begin_epoch(rk::cpu{}, bands, rows.block());
  std::vector<double> count(40, 0);
  double sum = 0;
  for (const double n : users) sum += std::sqrt(std::max(n, 1.0));
  const auto items = bands.items_of(0);
  for (int n = 0; n < 200'000; ++n) {
    count[static_cast<std::size_t>(items[popular.by_popularity(0, random)])] += 1;
  }
  for (std::size_t i = 0; i < 40; ++i) {
    const double share = std::sqrt(std::max(users[i], 1.0)) / sum;
    CHECK(count[i] / 200'000 == recokit_test::Approx(share).margin(0.004));
  }

  // With one factor that matters, the rank in it is geometric with the given mean.
  rk::detail::negative_source adaptive(rk::cpu{}, rk::pairwise::negatives::adaptive, 0.5, 0.1,
                                       data.view());
  adaptive.begin_epoch(rk::cpu{}, bands, rows.block());
  std::vector<float> user(16, 0.0f);
  user[3] = -1;
  std::vector<rk::index_t> order(items.begin(), items.end());
  std::sort(order.begin(), order.end(), [&](rk::index_t a, rk::index_t b) {
    return rows.items[static_cast<std::size_t>(a) * 16 + 3] <
           rows.items[static_cast<std::size_t>(b) * 16 + 3];
  });
  rk::detail::negative_source::for_user draw;
  draw.begin(adaptive, bands, 0, user.data());
  std::map<rk::index_t, double> times;
  for (int n = 0; n < 200'000; ++n) ++times[items[draw(random)]];
  for (int rank = 0; rank < 8; ++rank) {
    const double share = (1 - std::exp(-0.25)) * std::exp(-rank / 4.0) / (1 - std::exp(-10.0));
    CHECK(times[order[static_cast<std::size_t>(rank)]] / 200'000 ==
          recokit_test::Approx(share).margin(0.004));
  }
}

TEST_CASE("factors have the same bits for any number of threads, for every kind of negatives") {
  const auto data = pattern(900, 700, 0.03, 2);
  for (const auto kind : {rk::bpr::negatives::uniform, rk::bpr::negatives::popularity,
                          rk::bpr::negatives::adaptive}) {
    const rk::bpr::params p{.factors = 12, .epochs = 3, .samples = 2, .negatives = kind};
    const auto one = rk::bpr::fit(rk::cpu{.threads = 1}, data, p);
    for (const int threads : {2, 5}) {
      const auto many = rk::bpr::fit(rk::cpu{.threads = threads}, data, p);
      CHECK(many.user_rows() == one.user_rows());
      CHECK(many.item_rows() == one.item_rows());
    }
  }
}

TEST_CASE("the seed of BPR decides the factors") {
  const auto data = pattern(30, 20, 0.3, 3);
  const auto a = rk::bpr::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto b = rk::bpr::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto c = rk::bpr::fit(data, {.factors = 4, .epochs = 2, .seed = 2});
  CHECK(a.user_rows() == b.user_rows());
  CHECK(a.user_rows() != c.user_rows());
}

TEST_CASE("a resumed BPR fit has the bits of one that was never interrupted, through a file too") {
  const auto data = pattern(200, 150, 0.1, 5);
  rk::bpr::params p{.factors = 9, .epochs = 6, .decay = 0.9, .item_bias = true};
  for (const auto kind : {rk::bpr::negatives::uniform, rk::bpr::negatives::adaptive}) {
    p.negatives = kind;
    p.epochs = 6;
    const auto whole = rk::bpr::fit(data, p);
    p.epochs = 2;
    const auto half = recokit_test::saved_and_loaded(rk::bpr::fit(data, p));
    p.epochs = 6;
    const auto resumed = rk::bpr::fit(rk::cpu{.threads = 2}, data, p, rk::resume{half});
    CHECK(resumed.user_rows() == whole.user_rows());
    CHECK(resumed.item_rows() == whole.item_rows());
    CHECK(resumed.epochs_done() == 6);
  }
}

TEST_CASE("observers see the factors of their epoch, and progress alone changes nothing") {
  const auto data = pattern(100, 80, 0.1, 5);
  const rk::bpr::params p{.factors = 5, .epochs = 4};
  std::vector<rk::bpr::model> seen;
  const auto watched = rk::bpr::fit(
      rk::cpu{}, data, p,
      rk::checkpoint{[&](const rk::bpr::model& m, const rk::epoch_info&) { seen.push_back(m); }});
  int epochs = 0;
  const auto unwatched =
      rk::bpr::fit(rk::cpu{}, data, p, rk::progress{[&](const rk::epoch_info&) { ++epochs; }});
  CHECK(epochs == 4);
  CHECK(watched.user_rows() == unwatched.user_rows());
  REQUIRE(seen.size() == 4);
  for (std::size_t n = 0; n < 4; ++n) {
    rk::bpr::params shorter = p;
    shorter.epochs = static_cast<int>(n) + 1;
    CHECK(seen[n].item_rows() == rk::bpr::fit(data, shorter).item_rows());
  }
}

TEST_CASE("BPR ranks the items of a user's group first, where popularity cannot") {
  const auto [train, test] = block_data(300, 120, 4);
  const double popular = recokit_test::hits(rk::popularity::fit(train), test, 10);
  for (const auto kind : {rk::bpr::negatives::uniform, rk::bpr::negatives::popularity,
                          rk::bpr::negatives::adaptive}) {
    for (const auto schedule : {rk::bpr::schedule::deterministic, rk::bpr::schedule::hogwild}) {
      const auto model =
          rk::bpr::fit(rk::cpu{.threads = 1}, train,
                       {.factors = 8, .epochs = 60, .negatives = kind, .schedule = schedule});
      CHECK(recokit_test::hits(model, test, 10) > 2 * popular);
      CHECK(model.user_rows().allFinite());
    }
  }
}

TEST_CASE("users and items folded in are ranked as well as those that were trained") {
  const auto [train, test] = block_data(300, 120, 4);
  const auto model = rk::bpr::fit(train, {.factors = 8, .epochs = 60});
  const double trained = recokit_test::hits(model, test, 10);
  const auto folded = model.fold_in(rk::cpu{}, train);
  CHECK(recokit_test::hits(recokit_test::histories_of(model, train), test, 10) > 0.8 * trained);
  // A row depends on its history alone.
  const auto alone = model.fold_in(rk::cpu{}, rk::gather_rows(train.view(), std::vector{17}));
  CHECK(alone.row(0) == folded.row(17));
  CHECK(folded.col(8).isOnes());

  // Items solved again keep their place among the others.
  const auto by_item = rk::transpose(rk::cpu{}, train.view());
  std::vector<rk::index_t> some{3, 50, 99};
  const auto changed = model.partial_fit_items(
      rk::cpu{}, some, rk::gather_rows(by_item.view(), std::span<const rk::index_t>(some)));
  CHECK(recokit_test::hits(changed, test, 10) > 0.8 * trained);
  CHECK(changed.history().nonzeros() == train.nonzeros());
}

TEST_CASE("a partial fit solves the row of one without history for gaps alone") {
  const auto with = [](std::vector<rk::index_t> which, rk::index_t size, int& solved) {
    rk::row_major_matrix<float> matrix = rk::row_major_matrix<float>::Constant(3, 2, 1);
    const auto rows = rk::row_major_matrix<float>::Constant(std::ssize(which), 2, 2);
    rk::detail::replace_rows(
        matrix, std::span<const rk::index_t>(which), rk::row_major_matrix<float>(rows),
        [&solved] {
          ++solved;
          return rk::row_major_matrix<float>::Zero(1, 2);
        },
        size);
    return Eigen::VectorXf(matrix.col(1));
  };
  int solved = 0;
  CHECK(with({1, 4, 3}, 5, solved) == (Eigen::VectorXf(5) << 1, 2, 1, 2, 2).finished());
  CHECK(with({}, 3, solved) == Eigen::VectorXf::Ones(3));
  CHECK(solved == 0);
  CHECK(with({5, 0}, 6, solved) == (Eigen::VectorXf(6) << 2, 1, 1, 0, 0, 2).finished());
  CHECK(solved == 1);

  // Without its history BPR cannot fold items in, and need not for none.
  const auto data = pattern(60, 40, 0.2, 8);
  const auto model = rk::bpr::fit(data, {.factors = 4, .epochs = 3, .keep_history = false});
  const rk::csr_matrix<> none(0, 60, {0}, {});
  const auto same = model.partial_fit_items(rk::cpu{}, std::vector<rk::index_t>{}, none);
  CHECK(same.item_rows() == model.item_rows());
}

TEST_CASE("BPR without item biases has none") {
  const auto data = pattern(60, 40, 0.2, 8);
  const auto model = rk::bpr::fit(data, {.factors = 4, .epochs = 3, .item_bias = false});
  CHECK(model.item_biases().isZero());
  CHECK(model.fold_in_items(rk::cpu{}, rk::transpose(rk::cpu{}, data.view())).col(4).isZero());
  CHECK_FALSE(rk::bpr::fit(data, {.factors = 4, .epochs = 3}).item_biases().isZero());
}

TEST_CASE("BPR scores are dot products with the bias, and lists follow them") {
  STATIC_REQUIRE(rk::scorer<rk::bpr::model>);
  const auto data = pattern(60, 40, 0.2, 8);
  const auto model = rk::bpr::fit(data, {.factors = 7, .epochs = 5});
  for (const auto& [item, score] : model.recommend(4, {.k = 5})) {
    const float expected =
        model.user_factors().row(4).dot(model.item_factors().row(item)) + model.item_biases()[item];
    CHECK(score == recokit_test::Approx(expected).margin(1e-5));
  }
}

TEST_CASE("BPR copes with empty rows, full rows, no data and more factors than users") {
  const rk::csr_matrix<> data(4, 3, {0, 1, 1, 4, 5}, {0, 0, 1, 2, 2}, {1, 1, 1, 1, 1});
  const auto model = rk::bpr::fit(data, {.factors = 40, .epochs = 3});
  CHECK(model.user_rows().allFinite());
  const auto folded = model.fold_in(rk::cpu{}, data);
  CHECK(folded.row(1).head(40).isZero());
  CHECK(folded.row(2).head(40).isZero());  // has everything
  const rk::csr_matrix<> none(2, 2, {0, 0, 0}, {}, {});
  CHECK(rk::bpr::fit(none, {.factors = 2, .epochs = 2}).user_rows().allFinite());
  const rk::csr_matrix<> single(1, 1, {0, 1}, {0}, {1});
  CHECK(rk::bpr::fit(single, {.factors = 2, .epochs = 2}).user_rows().allFinite());
}

TEST_CASE("BPR refuses bad input and says what to do") {
  const auto data = pattern(60, 40, 0.2, 7);
  const rk::csr_matrix<> negative(1, 2, {0, 2}, {0, 1}, {1, 0});
  CHECK_THAT(error_text<rk::value_error>([&] { rk::bpr::fit(negative); }),
             ContainsSubstring("as a positive") && ContainsSubstring("at_least"));
  CHECK_THROWS_AS(rk::bpr::fit(data, {.factors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::bpr::fit(data, {.learning_rate = std::nan("")}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { rk::bpr::fit(data, {.user_regularization = -1}); }),
             ContainsSubstring("params.user_regularization"));
  CHECK_THAT(error_text<rk::error>([&] {
               rk::bpr::fit(data, {.epochs = 30, .learning_rate = 100, .regularization = 10});
             }),
             ContainsSubstring("diverged") && ContainsSubstring("learning_rate"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::bpr::fit(wide, {.factors = 65536}), rk::memory_error);
  const auto model = rk::bpr::fit(data, {.factors = 3, .epochs = 1, .keep_history = false});
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { model.fold_in_items(rk::cpu{}, rk::transpose(rk::cpu{}, data.view())); }),
             ContainsSubstring("keep_history"));
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(rk::bpr::fit(rk::cpu{}, data, {}, rk::cancel_on{stop.get_token()}),
                  rk::cancelled_error);
}

TEST_CASE("BPR answers alike before and after a file") {
  const auto data = pattern(40, 30, 0.2, 1);
  const auto unseen = pattern(9, 30, 0.2, 2);
  const auto model = rk::bpr::fit(data, {.factors = 5,
                                         .epochs = 2,
                                         .user_regularization = 0.5,
                                         .negatives = rk::bpr::negatives::popularity});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(loaded.settings().user_regularization == 0.5);
  CHECK_FALSE(loaded.settings().bias_regularization.has_value());
  const auto by_item = rk::transpose(rk::cpu{}, data.view());
  CHECK(model.fold_in_items(rk::cpu{}, by_item) == loaded.fold_in_items(rk::cpu{}, by_item));
}
