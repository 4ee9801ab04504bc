// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../../src/factorization/pair_kernels.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/pairwise.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/factorization/warp.hpp>

namespace rk = recokit;
using recokit_test::block_data;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

rk::csr_matrix<> pattern(int users, int items, double density, std::uint64_t seed) {
  return random_matrix(users, items, density, seed, 1);
}

}  // namespace

TEST_CASE("hinge steps of every kernel are those of gradient descent and of Adagrad") {
  const rk::detail::pair_rates rates{.step = 0.3f,
                                     .user = 0.02f,
                                     .positive = 0.03f,
                                     .negative = 0.04f,
                                     .bias = 0.05f,
                                     .bias_step = 0.3f};
  const float weight = 1.7f;
  for (const auto& kernel : rk::detail::pair_kernels()) {
    if (kernel.hinge == nullptr) continue;
    for (const bool adagrad : {false, true}) {
      for (const std::size_t width : {16u, 48u, 64u}) {
        rk::random_stream random(5, rk::random_purpose::user);
        const auto drawn = [&](std::size_t size, double low) {
          std::vector<float> values;
          for (std::size_t n = 0; n < size; ++n) {
            values.push_back(static_cast<float>(low + random.uniform()));
          }
          return values;
        };
        auto users = drawn(width, -0.5), items = drawn(2 * width, -0.5), bias = drawn(2, -0.5);
        auto user_sums = drawn(width, 1), item_sums = drawn(2 * width, 1), bias_sums = drawn(2, 1);
        // Item 1 is preferred to item 0.
        std::vector<double> expected;
        const auto move = [&](float value, float sum, double gradient) {
          const double total = double{sum} + gradient * gradient;
          expected.push_back(double{value} + 0.3 * gradient / (adagrad ? std::sqrt(total) : 1));
          expected.push_back(adagrad ? total : double{sum});
        };
        for (std::size_t f = 0; f < width; ++f) {
          const double w = double{users[f]}, q = double{items[f]}, p = double{items[width + f]};
          move(users[f], user_sums[f], 1.7 * (p - q) - 0.02 * w);
          move(items[width + f], item_sums[width + f], 1.7 * w - 0.03 * p);
          move(items[f], item_sums[f], -1.7 * w - 0.04 * q);
        }
        move(bias[1], bias_sums[1], 1.7 - 0.05 * double{bias[1]});
        move(bias[0], bias_sums[0], -1.7 - 0.05 * double{bias[0]});

        const auto stride = static_cast<std::ptrdiff_t>(width);
        const rk::detail::factor_block rows{users.data(), items.data(), bias.data(), stride};
        const rk::detail::square_block sums{user_sums.data(), item_sums.data(), bias_sums.data(),
                                            stride};
        const float before = kernel.dot(users.data(), items.data(), stride);
        double dot = 0;
        for (std::size_t f = 0; f < width; ++f) dot += double{users[f]} * double{items[f]};
        CHECK(before == recokit_test::Approx(dot).margin(1e-5));
        if (adagrad) {
          kernel.hinge_adagrad(rows, sums, rates, weight, {0, 1, 0});
        } else {
          kernel.hinge(rows, rates, weight, {0, 1, 0});
        }
        std::size_t at = 0;
        const auto same = [&](float value, float sum) {
          REQUIRE(value == recokit_test::Approx(expected[at++]).margin(1e-5));
          REQUIRE(sum == recokit_test::Approx(expected[at++]).margin(1e-5));
        };
        for (std::size_t f = 0; f < width; ++f) {
          same(users[f], user_sums[f]);
          same(items[width + f], item_sums[width + f]);
          same(items[f], item_sums[f]);
        }
        same(bias[1], bias_sums[1]);
        same(bias[0], bias_sums[0]);
      }
    }
  }
}

TEST_CASE("one step of WARP moves the three rows of the first violation, and no other") {
  // One user, one positive, everything far within the margin: the first item drawn violates.
  const rk::csr_matrix<> data(1, 12, {0, 1}, {4}, {1});
  rk::warp::params p{.factors = 3,
                     .epochs = 1,
                     .learning_rate = 0.1,
                     .optimizer = rk::warp::optimizer::sgd,
                     .regularization = 0.2};
  const auto after = rk::warp::fit(data, p);
  p.learning_rate = 1e-9;
  p.regularization = 0;
  const auto before = rk::warp::fit(data, p);
  int moved = 0;
  for (rk::index_t i = 0; i < 12; ++i) {
    if (i == 4 || after.item_biases()[i] == 0) continue;
    if (std::abs(after.item_biases()[i]) < 1e-6f) continue;
    ++moved;
    const double weight = std::log(11.0);
    const Eigen::RowVectorXf w = before.user_factors().row(0);
    const Eigen::RowVectorXf q = before.item_factors().row(i);
    const Eigen::RowVectorXf h = before.item_factors().row(4);
    const auto step = static_cast<float>(0.1 * weight);
    CHECK(after.user_factors().row(0).isApprox(0.98f * w + step * (h - q), 1e-4f));
    CHECK(after.item_factors().row(i).isApprox(0.98f * q - step * w, 1e-4f));
    CHECK(after.item_factors().row(4).isApprox(0.98f * h + step * w, 1e-4f));
    CHECK(after.item_biases()[i] == recokit_test::Approx(-step).epsilon(1e-4));
  }
  CHECK(moved == 1);
}

TEST_CASE("WARP has the same bits for any number of threads, and the seed decides them") {
  const auto data = pattern(900, 700, 0.03, 2);
  for (const auto kind : {rk::warp::optimizer::adagrad, rk::warp::optimizer::sgd}) {
    rk::warp::params p{.factors = 12, .epochs = 3, .learning_rate = 0.02, .optimizer = kind};
    const auto one = rk::warp::fit(rk::cpu{.threads = 1}, data, p);
    for (const int threads : {2, 5}) {
      const auto many = rk::warp::fit(rk::cpu{.threads = threads}, data, p);
      CHECK(many.user_rows() == one.user_rows());
      CHECK(many.item_rows() == one.item_rows());
      CHECK(many.item_squares() == one.item_squares());
    }
    p.seed = 7;
    CHECK(rk::warp::fit(data, p).user_rows() != one.user_rows());
  }
}

TEST_CASE("a resumed WARP fit has the bits of one that was never interrupted, through a file too") {
  const auto data = pattern(200, 150, 0.1, 5);
  for (const auto kind : {rk::warp::optimizer::adagrad, rk::warp::optimizer::sgd}) {
    rk::warp::params p{.factors = 9, .epochs = 6, .learning_rate = 0.02, .optimizer = kind};
    const auto whole = rk::warp::fit(data, p);
    p.epochs = 2;
    const auto half = recokit_test::saved_and_loaded(rk::warp::fit(data, p));
    CHECK(half.user_squares().rows() == (kind == rk::warp::optimizer::adagrad ? 200 : 0));
    p.epochs = 6;
    const auto resumed = rk::warp::fit(rk::cpu{.threads = 2}, data, p, rk::resume{half});
    CHECK(resumed.user_rows() == whole.user_rows());
    CHECK(resumed.item_rows() == whole.item_rows());
    CHECK(resumed.user_squares() == whole.user_squares());
    // A warm start takes the factors, not the sums.
    const auto warm = rk::warp::fit(data, p, rk::warm_start{half});
    CHECK(warm.user_rows() != whole.user_rows());
  }
}

TEST_CASE("a WARP model with new users goes on with the sums of a fresh fit for them") {
  const auto data = pattern(60, 50, 0.1, 5);
  rk::warp::params p{.factors = 4, .epochs = 2};
  const auto model = rk::warp::fit(data, p);
  const std::vector<rk::index_t> users{61};
  const std::vector<rk::index_t> like{3};
  const auto larger = model.partial_fit_users(rk::cpu{}, users, rk::gather_rows(data.view(), like));
  REQUIRE(larger.users() == 62);
  p.epochs = 3;
  const auto again = recokit_test::saved_and_loaded(larger);
  const auto resumed = rk::warp::fit(larger.history(), p, rk::resume{again});
  CHECK(resumed.user_squares().rows() == 62);
  CHECK(resumed.user_rows().allFinite());
}

TEST_CASE("WARP ranks the items of a user's group first, folded in too") {
  const auto [train, test] = block_data(300, 120, 4);
  const double popular = recokit_test::hits(rk::popularity::fit(train), test, 10);
  for (const auto kind : {rk::warp::optimizer::adagrad, rk::warp::optimizer::sgd}) {
    for (const auto schedule : {rk::warp::schedule::deterministic, rk::warp::schedule::hogwild}) {
      const auto model = rk::warp::fit(rk::cpu{.threads = 1}, train,
                                       {.factors = 8,
                                        .epochs = 30,
                                        .learning_rate = 0.02,
                                        .optimizer = kind,
                                        .schedule = schedule});
      const double trained = recokit_test::hits(model, test, 10);
      CHECK(trained > 2 * popular);
      CHECK(recokit_test::hits(recokit_test::histories_of(model, train), test, 10) > 0.8 * trained);
      const auto by_item = rk::transpose(rk::cpu{}, train.view());
      const std::vector<rk::index_t> some{3, 50, 99};
      const auto changed =
          model.partial_fit_items(rk::cpu{}, some, rk::gather_rows(by_item.view(), some));
      CHECK(recokit_test::hits(changed, test, 10) > 0.8 * trained);
    }
  }
}

TEST_CASE("WARP copes with empty rows, full rows, no data and more factors than users") {
  const rk::csr_matrix<> data(4, 3, {0, 1, 1, 4, 5}, {0, 0, 1, 2, 2}, {1, 1, 1, 1, 1});
  const auto model = rk::warp::fit(data, {.factors = 40, .epochs = 3});
  CHECK(model.user_rows().allFinite());
  CHECK(model.fold_in(rk::cpu{}, data).row(1).head(40).isZero());
  const rk::csr_matrix<> none(2, 2, {0, 0, 0}, {}, {});
  CHECK(rk::warp::fit(none, {.factors = 2, .epochs = 2}).user_rows().allFinite());
}

TEST_CASE("WARP refuses bad input and damaged files, and says what to do") {
  const auto data = pattern(60, 40, 0.2, 7);
  const rk::csr_matrix<> negative(1, 2, {0, 2}, {0, 1}, {1, -3});
  CHECK_THAT(error_text<rk::value_error>([&] { rk::warp::fit(negative); }),
             ContainsSubstring("-3") && ContainsSubstring("as a positive"));
  CHECK_THROWS_AS(rk::warp::fit(data, {.max_trials = 0}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { rk::warp::fit(data, {.bias_regularization = -1}); }),
             ContainsSubstring("params.bias_regularization"));
  CHECK_THAT(error_text<rk::error>([&] {
               rk::warp::fit(data, {.epochs = 100,
                                    .learning_rate = 100,
                                    .optimizer = rk::warp::optimizer::sgd,
                                    .regularization = 10});
             }),
             ContainsSubstring("diverged") && ContainsSubstring("learning_rate"));
  const recokit_test::temp_folder folder;
  {
    rk::model_writer out(folder / "m", "warp");
    out.params(rk::warp::params{.factors = 2});
    out.add("user_factors", rk::row_major_matrix<float>(rk::row_major_matrix<float>::Zero(3, 3)));
    out.add("item_factors", rk::row_major_matrix<float>(rk::row_major_matrix<float>::Zero(4, 3)));
    out.add("epochs_done", rk::index_t{1});
    out.history({});
    out.add("user_squares", rk::row_major_matrix<float>(rk::row_major_matrix<float>::Ones(5, 3)));
    out.add("item_squares", rk::row_major_matrix<float>(rk::row_major_matrix<float>::Ones(4, 3)));
    out.commit();
  }
  CHECK_THAT(error_text<rk::parse_error>([&] { rk::warp::model::load(folder / "m"); }),
             ContainsSubstring("larger than the factors"));
}

TEST_CASE("WARP answers alike before and after a file") {
  const auto data = pattern(40, 30, 0.2, 1);
  const auto unseen = pattern(9, 30, 0.2, 2);
  const auto model = rk::warp::fit(data, {.factors = 5, .epochs = 2});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(model.user_squares() == loaded.user_squares());
}

TEST_CASE("a warp model that no machine holds is refused before memory is taken") {
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::warp::fit(wide, {.factors = 65536}), rk::memory_error);
}
