// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/neighbors/item_weights.hpp>

namespace rk = recokit;
using recokit_test::check_same_answers;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;
using recokit_test::saved_and_loaded;
using recokit_test::temp_folder;

namespace {

// The least that a model of item weights can be.
class plain_model : public rk::item_weights_model<plain_model> {
 public:
  static constexpr std::string_view file_kind = "plain";
  using rk::item_weights_model<plain_model>::item_weights_model;
};

plain_model model_of(const rk::csr_matrix<>& history, std::uint64_t seed) {
  return {random_matrix(history.cols(), history.cols(), 0.2, seed), history.rows(), history};
}

}  // namespace

TEST_CASE("a model of item weights answers alike before and after a file") {
  const auto data = random_matrix(40, 30, 0.2, 1);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  const auto model = model_of(data, 6);
  const auto loaded = saved_and_loaded(model);
  check_same_answers(model, loaded, unseen);
  CHECK(model.explain(3, 5) == loaded.explain(3, 5));
  CHECK(model.similar_items(4) == loaded.similar_items(4));
  const plain_model mean(model.weights(), 40, data, rk::kernels::term_fold::mean_of_query);
  check_same_answers(mean, saved_and_loaded(mean), unseen);
}

TEST_CASE("a model of item weights saved without its history serves histories that are brought") {
  const auto data = random_matrix(40, 30, 0.2, 1);
  const auto model = model_of(data, 6);
  const auto loaded = saved_and_loaded(model, {.history = false});
  CHECK(loaded.users() == 40);
  CHECK(loaded.history().rows() == 0);
  CHECK(recokit_test::equal_lists(model.recommend_for(data), loaded.recommend_for(data)));
  CHECK_THAT(error_text<rk::value_error>([&] { loaded.recommend(3); }),
             ContainsSubstring("saved with its history"));
  CHECK_THROWS_AS(loaded.explain(3, 5), rk::value_error);
}

TEST_CASE("a model with more items than users know of, and one of nothing, go through a file") {
  const auto few = model_of(rk::csr_matrix<>(2, 5, {0, 1, 1}, {4}), 1);
  check_same_answers(few, saved_and_loaded(few), rk::csr_matrix<>(1, 5, {0, 1}, {4}));
  const plain_model none;
  CHECK(saved_and_loaded(none).items() == 0);
}

TEST_CASE("a model is saved over the one before, and not into a file of another model") {
  const temp_folder folder;
  const auto data = random_matrix(40, 30, 0.2, 1);
  model_of(data, 3).save(folder / "m");
  const auto old = plain_model::load(folder / "m");
  const auto next = model_of(data, 9);
  next.save(folder / "m");
  check_same_answers(next, plain_model::load(folder / "m"), data);
  // What was loaded before is mapped from the file that was replaced.
  check_same_answers(model_of(data, 3), old, data);
  CHECK_THAT(error_text<rk::parse_error>([&] { rk::popularity::model::load(folder / "m"); }),
             ContainsSubstring("holds a model of kind \"plain\", expected \"popularity\""));
  CHECK_THROWS_AS(next.save(folder / "no" / "m"), rk::io_error);
}

TEST_CASE("item weights that do not fit together are refused by section") {
  const temp_folder folder;
  const auto refusal = [&](rk::index_t users, const rk::csr_matrix<>& weights,
                           const rk::csr_matrix<>& history, bool more = false) {
    rk::model_writer out(folder / "m", "plain");
    out.add("users", users);
    out.add("weights", weights);
    out.add("fold", rk::kernels::term_fold::sum);
    out.history(history);
    if (more) out.add("more", 1.0f);
    out.commit();
    return error_text<rk::parse_error>([&] { plain_model::load(folder / "m"); });
  };
  const rk::csr_matrix<> square(2, 2, {0, 1, 1}, {1}, {1});
  CHECK_THAT(refusal(-1, square, {}), ContainsSubstring("section \"users\" is -1"));
  CHECK_THAT(refusal(2, rk::csr_matrix<>(2, 3, {0, 1, 1}, {1}, {1}), {}),
             ContainsSubstring("section \"weights\" is 2 x 3, expected as many columns as rows"));
  CHECK_THAT(refusal(2, rk::csr_matrix<>(2, 2, {0, 1, 1}, {1}), {}),
             ContainsSubstring("section \"weights\" has 1 entries without values"));
  CHECK_THAT(refusal(3, square, square),
             ContainsSubstring("section \"history\" is 2 x 2, expected 3 x 2"));
  CHECK_THAT(refusal(2, square, square, true), ContainsSubstring("section \"more\" is unknown"));
}
