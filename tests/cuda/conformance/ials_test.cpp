// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/ials.hpp>

#include "both_backends.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <recokit/core/csr.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/kernels/als_memory.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::conform;
using recokit_test::random_matrix;
using recokit_test::require_same_lists;
using recokit_test::require_same_scores;
using rk::ials::solver_kind;

constexpr rk::cpu one_thread{.threads = 1};

rk::csr_matrix<> data() { return random_matrix(25, 18, 0.3, 3); }

}  // namespace

TEST_CASE("ials: every solver gives the scores of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto solver =
      GENERATE(solver_kind::exact, solver_kind::cg, solver_kind::block, solver_kind::coordinate);
  conform(rk::ials::fit, data(),
          rk::ials::params{.factors = 5, .epochs = 2, .solver = solver, .block_size = 16});
  // More factors than the matrix has rank: rounding decides on some of the axes, and steps along
  // single axes depend on them.
  conform(rk::ials::fit, data(),
          rk::ials::params{.factors = 36, .epochs = 1, .solver = solver, .block_size = 16}, 1e-3);
}

TEST_CASE("ials: confidence, popularity and dislikes mean the same on both backends") {
  RECOKIT_REQUIRE_TARGET();
  const auto confidence =
      GENERATE(rk::ials::confidence_kind::linear, rk::ials::confidence_kind::log);
  const auto given = data();
  std::vector<float> values(given.view().values().begin(), given.view().values().end());
  for (std::size_t n = 0; n < values.size(); n += 3) values[n] = n % 2 == 0 ? -values[n] : 0.0f;
  const rk::csr_matrix<> disliked(
      given.rows(), given.cols(), {given.view().offsets().begin(), given.view().offsets().end()},
      {given.view().indices().begin(), given.view().indices().end()}, std::move(values));
  conform(rk::ials::fit, disliked,
          rk::ials::params{.factors = 6,
                           .epochs = 2,
                           .regularization_exponent = 0.5,
                           .popularity_exponent = 0.5,
                           .confidence = confidence,
                           .confidence_scale = 2,
                           .dislikes = true});
}

TEST_CASE("ials: one user, and more factors than users, are no special cases") {
  RECOKIT_REQUIRE_TARGET();
  conform(rk::ials::fit, random_matrix(1, 9, 0.9, 4, 5, true),
          rk::ials::params{.factors = 40, .epochs = 1});
  conform(rk::ials::fit, random_matrix(7, 30, 0.4, 5),
          rk::ials::params{.factors = 100, .epochs = 1});
}

TEST_CASE("ials: rows longer than a segment are summed in parts") {
  RECOKIT_REQUIRE_TARGET();
  // Only the long rows are solved on the device.
  const auto long_rows = random_matrix(2, 4500, 0.5, 6, 5, true);
  const auto model = rk::ials::fit(one_thread, long_rows, {.factors = 3, .epochs = 1});
  CHECK(model.fold_in(rk::cuda{}, long_rows).isApprox(model.user_rows(), 1e-3f));
}

TEST_CASE("ials: factors that no register holds") {
  RECOKIT_REQUIRE_TARGET();
  conform(rk::ials::fit, random_matrix(3, 4, 0.9, 7, 5, true),
          rk::ials::params{.factors = 258, .epochs = 1});
}

TEST_CASE("ials: data larger than its share of the device gives the same bits") {
  RECOKIT_REQUIRE_TARGET();
  const auto solver =
      GENERATE(solver_kind::exact, solver_kind::cg, solver_kind::block, solver_kind::coordinate);
  const rk::csr_matrix<> train = random_matrix(60, 20, 0.3, 3);
  const rk::ials::params params{
      .factors = 20, .epochs = 1, .popularity_exponent = 0.5, .solver = solver, .block_size = 16};
  const auto resident = rk::ials::fit(rk::cuda{}, train, params);

  rk::kernels::als_sizes sizes{{60, 20}, {}, {}, 32 * 4, 8};
  sizes.entries.fill(static_cast<std::uint64_t>(train.nonzeros()));
  const auto by_item = rk::transpose(one_thread, train.view());
  for (rk::index_t row = 0; row < 60; ++row) {
    sizes.longest_row[0] = std::max<std::uint64_t>(sizes.longest_row[0], train.row(row).size());
  }
  for (rk::index_t row = 0; row < 20; ++row) {
    sizes.longest_row[1] = std::max<std::uint64_t>(sizes.longest_row[1], by_item.row(row).size());
  }
  const std::uint64_t lists = 80 * rk::kernels::als_bytes_a_row;
  const std::uint64_t batches = 2 * 8 * sizes.longest_row[1];
  const bool factors_stay = GENERATE(true, false);
  const std::uint64_t cap = lists + batches + (factors_stay ? 80 * 32 * 4 : 0);
  const auto memory = rk::kernels::plan_als_memory(sizes, cap);
  REQUIRE(memory.entries_stay == std::array{false, false});
  REQUIRE(memory.factors_stay == std::array{factors_stay, factors_stay});
  REQUIRE(static_cast<std::uint64_t>(train.nonzeros()) > 10 * memory.batch_entries);

  rk::cuda_context context(rk::cuda{}, {.max_data_bytes = cap});
  const auto streamed = rk::ials::fit(rk::cuda{.context = &context}, train, params);
  CHECK(streamed.user_rows() == resident.user_rows());
  CHECK(streamed.item_rows() == resident.item_rows());

  rk::cuda_context small(rk::cuda{}, {.max_data_bytes = lists});
  CHECK_THROWS_AS(rk::ials::fit(rk::cuda{.context = &small}, train, params), rk::memory_error);
}

TEST_CASE("ials: several devices give the bits of one") {
  RECOKIT_REQUIRE_TARGET();
  const int all = static_cast<int>(rk::cuda_devices().size());  // of the emulator: 3
  const auto solver = GENERATE(solver_kind::exact, solver_kind::block);
  const rk::csr_matrix<> train = random_matrix(40, 20, 0.3, 3);
  const rk::ials::params params{
      .factors = 20, .epochs = 2, .popularity_exponent = 0.5, .solver = solver, .block_size = 16};
  const auto one = rk::ials::fit(rk::cuda{}, train, params);
  const auto many = rk::ials::fit(rk::cuda{.devices = all}, train, params);
  CHECK(many.user_rows() == one.user_rows());
  CHECK(many.item_rows() == one.item_rows());
  CHECK(many.fold_in(rk::cuda{.devices = std::min(all, 2)}, train) ==
        one.fold_in(rk::cuda{}, train));

  CHECK_THROWS_AS(rk::ials::fit(rk::cuda{.devices = 0}, train, params), rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(rk::cuda{.devices = all + 1}, train, params), rk::backend_error);
}

TEST_CASE("ials: interactions in double and with 32-bit offsets are taken as they come") {
  RECOKIT_REQUIRE_TARGET();
  const auto given = random_matrix<double, rk::index_t, std::int32_t>(9, 8, 0.5, 8);
  const rk::ials::params params{.factors = 4, .epochs = 1, .keep_history = false};
  require_same_scores(rk::ials::fit(rk::cuda{}, given, params),
                      rk::ials::fit(one_thread, given, params));
}

TEST_CASE("ials: 16-bit factors cost their rounding, and no more") {
  RECOKIT_REQUIRE_TARGET();
  const rk::ials::params params{.factors = 6, .epochs = 2, .regularization = 0.05};
  const auto exact = rk::ials::fit(one_thread, data(), params);
  const auto [precision, allowed] =
      GENERATE(table<rk::cuda_precision, double>({{rk::cuda_precision::tf32, 5e-3},
                                                  {rk::cuda_precision::bf16, 5e-2},
                                                  {rk::cuda_precision::fp16, 5e-3}}));
  const auto found = rk::ials::fit(rk::cuda{.precision = precision}, data(), params);
  require_same_scores(found, exact, allowed);
  // They did round.
  CHECK(found.user_rows() != rk::ials::fit(rk::cuda{}, data(), params).user_rows());
}

TEST_CASE("ials: the same call gives the same bits, with a context of one's own too") {
  RECOKIT_REQUIRE_TARGET();
  const rk::ials::params params{.factors = 5, .epochs = 2};
  rk::cuda_context context;
  const auto first = rk::ials::fit(rk::cuda{.context = &context}, data(), params);
  CHECK(context.reserved_bytes() > 0);
  CHECK(first.user_rows() == rk::ials::fit(rk::cuda{}, data(), params).user_rows());
}

TEST_CASE("ials: resume, warm start and early stopping work as on the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const rk::ials::params params{.factors = 5, .epochs = 3, .solver = solver_kind::cg};
  auto shorter = params;
  shorter.epochs = 1;
  const auto whole = rk::ials::fit(rk::cuda{}, data(), params);
  std::vector<int> seen;
  const auto begun =
      rk::ials::fit(rk::cuda{}, data(), shorter,
                    rk::checkpoint{[&](const rk::ials::model& model, const rk::epoch_info& info) {
                      seen.push_back(info.epoch);
                      CHECK(model.user_rows().norm() > 0);
                    }});
  CHECK(seen == std::vector<int>{1});
  const auto resumed = rk::ials::fit(rk::cuda{}, data(), params, rk::resume{begun});
  CHECK(resumed.epochs_done() == 3);
  require_same_scores(resumed, whole, 1e-6);
  // A fit goes on where the other backend stopped. Steps of conjugate gradients enlarge rounding:
  // three epochs of the CPU lie up to 2e-4 from those in double on this matrix.
  require_same_scores(rk::ials::fit(one_thread, data(), params, rk::resume{begun}), whole, 1e-3);
  require_same_scores(rk::ials::fit(rk::cuda{}, data(), params, rk::warm_start{begun}),
                      rk::ials::fit(one_thread, data(), params, rk::warm_start{begun}), 1e-3);
  const auto stopped =
      rk::ials::fit(rk::cuda{}, data(), params,
                    rk::early_stopping{[](const rk::ials::model&) { return 1.0; }, 1});
  CHECK(stopped.epochs_done() == 1);
}

TEST_CASE("ials: a fit on a GPU can be cancelled") {
  RECOKIT_REQUIRE_TARGET();
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(rk::ials::fit(rk::cuda{}, data(), {.factors = 4, .epochs = 2},
                                rk::cancel_on{source.get_token()}),
                  rk::cancelled_error);
}

TEST_CASE("ials: fold-in and partial fits on a GPU are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto model =
      rk::ials::fit(rk::cuda{}, data(), {.factors = 5, .epochs = 2, .popularity_exponent = 0.5});
  const auto news = random_matrix(4, 18, 0.4, 9);
  const auto folded = model.fold_in(rk::cuda{}, news);
  CHECK(folded.isApprox(model.fold_in(one_thread, news), 1e-4f));
  CHECK(model.fold_in(rk::cuda{}, data()).isApprox(model.user_rows(), 1e-3f));
  const auto by_item = random_matrix(3, 25, 0.4, 10);
  CHECK(model.fold_in_items(rk::cuda{}, by_item)
            .isApprox(model.fold_in_items(one_thread, by_item), 1e-4f));
  const std::vector<rk::index_t> users = {3, 26};
  const auto two = random_matrix(2, 18, 0.5, 11);
  require_same_scores(model.partial_fit_users(rk::cuda{}, users, two),
                      model.partial_fit_users(one_thread, users, two));
  const std::vector<rk::index_t> items = {0, 19, 4};
  require_same_scores(model.partial_fit_items(rk::cuda{}, items, by_item),
                      model.partial_fit_items(one_thread, items, by_item));
  require_same_lists(model.recommend_for(rk::cuda{}, news, {.k = 4}),
                     model.recommend_for(one_thread, news, {.k = 4}), 1e-3);
  // What needs no device works on the model as it is.
  CHECK_FALSE(model.explain(0, 1).empty());
  CHECK_FALSE(model.similar_items(1, 3).empty());
}

TEST_CASE("ials: what is alike is alike on both backends") {
  RECOKIT_REQUIRE_TARGET();
  const auto model = rk::ials::fit(one_thread, data(), {.factors = 5, .epochs = 2});
  const std::vector<rk::index_t> some = {3, 0, 17, 3};
  require_same_lists(model.similar_items(rk::cuda{}, some, 4),
                     model.similar_items(one_thread, some, 4));
  require_same_lists(model.similar_users(rk::cuda{}, some, 40),
                     model.similar_users(one_thread, some, 40));
}

TEST_CASE("ials: a model of a GPU is saved and loaded as any other") {
  RECOKIT_REQUIRE_TARGET();
  const recokit_test::temp_folder folder;
  const auto model = rk::ials::fit(rk::cuda{}, data(), {.factors = 5, .epochs = 1});
  model.save(folder.path() / "model");
  const auto loaded = rk::ials::model::load(folder.path() / "model");
  CHECK(loaded.user_rows() == model.user_rows());
  CHECK(loaded.fold_in(one_thread, data()).isApprox(model.fold_in(rk::cuda{}, data()), 1e-4f));
}

TEST_CASE("ials: what a GPU cannot do is refused by name") {
  RECOKIT_REQUIRE_TARGET();
  using recokit_test::error_text;
  CHECK(error_text<rk::value_error>([] {
          rk::ials::fit(rk::cuda{}, data(), {.factors = 5000, .epochs = 1});
        }) == "columns of the factors = 5000: must be in [1, 4096] on a GPU");
  CHECK_THROWS_AS(rk::ials::fit(rk::cuda{.device = 99}, data(), {.epochs = 1}), rk::backend_error);
  CHECK_THROWS_AS(
      rk::ials::fit(rk::cuda{}, data(),
                    {.factors = 70, .epochs = 1, .regularization = 0, .unobserved_weight = 0}),
      rk::error);
}
