// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/ials.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

// The loss as the doc comment of fit states it, cell by cell.
double loss(const rk::csr_view<>& data, const Eigen::MatrixXd& w, const Eigen::MatrixXd& h,
            const rk::ials::params& p) {
  const auto users = w.rows();
  const auto items = h.rows();
  Eigen::MatrixXd values = Eigen::MatrixXd::Zero(users, items);
  Eigen::MatrixXd seen = Eigen::MatrixXd::Zero(users, items);
  for (int u = 0; u < users; ++u) {
    const auto row = data.row(u);
    for (std::size_t e = 0; e < row.size(); ++e) {
      values(u, row.indices[e]) = row.value(e);
      seen(u, row.indices[e]) = 1;
    }
  }
  Eigen::VectorXd popularity = seen.colwise().sum().transpose().array().pow(p.popularity_exponent);
  popularity /= popularity.mean();
  double sum = 0;
  for (int u = 0; u < users; ++u) {
    for (int i = 0; i < items; ++i) {
      const double score = w.row(u).dot(h.row(i));
      const double base = p.unobserved_weight * popularity[i];
      if (seen(u, i) == 0) {
        sum += base * score * score;
        continue;
      }
      const double x = std::abs(values(u, i));
      const bool disliked = values(u, i) < 0;
      if (p.confidence == rk::ials::confidence_kind::raw) {
        sum += base * score * score + x * (disliked ? score * score : (1 - score) * (1 - score));
      } else {
        const double size = p.confidence == rk::ials::confidence_kind::linear
                                ? x
                                : std::log(1 + x / p.confidence_epsilon);
        const double weight = base + p.confidence_scale * size;
        sum += disliked ? weight * score * score : weight * (1 - score) * (1 - score);
      }
    }
  }
  const auto ridge = [&](double n, double other, double lambda, double exponent) {
    return lambda * std::pow(n + p.unobserved_weight * other, exponent);
  };
  const Eigen::VectorXd by_user = seen.rowwise().sum();
  const Eigen::VectorXd by_item = seen.colwise().sum().transpose();
  const auto all_ridges = [&](double lambda, double exponent) {
    Eigen::VectorXd all(users + items);
    for (int u = 0; u < users; ++u) {
      all[u] = ridge(by_user[u], static_cast<double>(items), lambda, exponent);
    }
    for (int i = 0; i < items; ++i) {
      all[users + i] =
          ridge(by_item[i], static_cast<double>(users) * popularity[i], lambda, exponent);
    }
    return all;
  };
  Eigen::VectorXd ridges = all_ridges(p.regularization, p.regularization_exponent);
  if (p.reference_exponent) {
    ridges *= all_ridges(p.regularization, *p.reference_exponent).sum() / ridges.sum();
  }
  for (int u = 0; u < users; ++u) sum += ridges[u] * w.row(u).squaredNorm();
  for (int i = 0; i < items; ++i) sum += ridges[users + i] * h.row(i).squaredNorm();
  return sum;
}

// Some values of a matrix made negative.
rk::csr_matrix<> with_dislikes(const rk::csr_matrix<>& from) {
  const auto view = from.view();
  std::vector<float> values(view.values().begin(), view.values().end());
  for (std::size_t n = 0; n < values.size(); n += 5) values[n] = -values[n];
  return {view.rows(),
          view.cols(),
          {view.offsets().begin(), view.offsets().end()},
          {view.indices().begin(), view.indices().end()},
          std::move(values)};
}

using model64 = rk::ials::basic_model<double>;
constexpr auto fit64 = rk::ials::fit_as<double>;

// What there is to say about values and unobserved items.
std::vector<rk::ials::params> all_kinds() {
  using kind = rk::ials::confidence_kind;
  std::vector<rk::ials::params> all;
  for (const kind confidence : {kind::raw, kind::linear, kind::log}) {
    for (const double exponent : {0.0, 0.5}) {
      rk::ials::params p{.factors = 5, .epochs = 4, .regularization = 0.05};
      p.popularity_exponent = exponent;
      p.confidence = confidence;
      p.confidence_scale = 2.5;
      p.confidence_epsilon = 0.5;
      p.dislikes = true;
      p.regularization_exponent = exponent == 0 ? 1 : 0.6;
      if (exponent != 0) p.reference_exponent = 1;
      all.push_back(p);
    }
  }
  return all;
}

template <class See>
struct watch {
  See see;
  template <class Model>
  rk::fit_action on_epoch(const rk::epoch_info&, const Model& model) {
    see(model);
    return rk::fit_action::proceed;
  }
};
template <class See>
watch(See) -> watch<See>;

}  // namespace

TEST_CASE("no epoch raises the loss, and many epochs reach a point where it is flat") {
  const auto data = random_matrix(60, 40, 0.2, 1);
  const rk::ials::params p{.factors = 5, .epochs = 300, .regularization = 0.05};
  double last = std::numeric_limits<double>::infinity();
  const auto model = rk::ials::fit_as<double>(
      rk::cpu{}, data, p, watch{[&](const rk::ials::basic_model<double>& m) {
        const double now = loss(data.view(), m.user_factors(), m.item_factors(), p);
        REQUIRE(now <= last * (1 + 1e-12));
        last = now;
      }});
  // A small step in any direction raises the loss. Users were solved last, so their side is exact.
  const Eigen::MatrixXd w = model.user_factors();
  const Eigen::MatrixXd h = model.item_factors();
  for (const auto& [r, c] : {std::pair{0, 0}, std::pair{7, 3}, std::pair{21, 4}}) {
    for (const double step : {1e-3, -1e-3}) {
      Eigen::MatrixXd moved = w;
      moved(r, c) += step;
      CHECK(loss(data.view(), moved, h, p) >= last * (1 - 1e-9));
      moved = h;
      moved(r, c) += step;
      CHECK(loss(data.view(), w, moved, p) >= last * (1 - 1e-6));
    }
  }
}

TEST_CASE("users are solved first, from random items") {
  const auto data = random_matrix(40, 25, 0.25, 9);
  const rk::ials::params p{.factors = 5, .epochs = 2, .regularization = 0.05};
  const Eigen::MatrixXd seen = dense(data.view()).cast<double>();
  rk::row_major_matrix<double> users(40, 5);
  rk::row_major_matrix<double> items(25, 5);
  rk::detail::normal_factors(rk::cpu{}, users, items, p);
  // Each row's least-squares solution against the rows of the other side.
  const auto solve = [&](const Eigen::MatrixXd& values, const rk::row_major_matrix<double>& other) {
    rk::row_major_matrix<double> solved(values.rows(), 5);
    for (Eigen::Index r = 0; r < values.rows(); ++r) {
      const Eigen::VectorXd x = values.row(r).transpose();
      const double n = static_cast<double>((x.array() != 0).count());
      Eigen::MatrixXd system = other.transpose() * x.asDiagonal() * other +
                               p.unobserved_weight * other.transpose() * other;
      system.diagonal().array() +=
          p.regularization * (n + p.unobserved_weight * static_cast<double>(other.rows()));
      solved.row(r) = system.llt().solve(other.transpose() * x).transpose();
    }
    return solved;
  };
  users = solve(seen, items);
  for (int epoch = 0; epoch < p.epochs; ++epoch) {
    items = solve(seen.transpose(), users);
    users = solve(seen, items);
  }
  // Scores, since fit turns the factors to other axes.
  const auto model = fit64(data, p);
  const Eigen::MatrixXd scores = model.user_factors() * model.item_factors().transpose();
  CHECK(scores.isApprox(users * items.transpose(), 1e-9));
}

TEST_CASE("factors have the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.1, 2);
  const rk::ials::params p{.factors = 12, .epochs = 4};
  const auto one = rk::ials::fit(rk::cpu{.threads = 1}, data, p);
  for (const int threads : {2, 5}) {
    const auto many = rk::ials::fit(rk::cpu{.threads = threads}, data, p);
    CHECK(many.user_factors() == one.user_factors());
    CHECK(many.item_factors() == one.item_factors());
  }
}

TEST_CASE("the seed decides the factors") {
  const auto data = random_matrix(30, 20, 0.3, 3);
  const auto a = rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto b = rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto c = rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = 2});
  CHECK(a.user_factors() == b.user_factors());
  CHECK(a.user_factors() != c.user_factors());
}

TEST_CASE("folding in a training history returns the trained row") {
  const auto data = with_dislikes(random_matrix(30, 20, 0.3, 4, 5, true));
  for (const auto& p : all_kinds()) {
    const auto model = fit64(data, p);
    CHECK(model.fold_in(rk::cpu{}, data.view()).isApprox(model.user_factors(), 1e-10));
  }
}

TEST_CASE("the loss without a dense matrix is that of all cells") {
  const auto data = with_dislikes(random_matrix(40, 25, 0.25, 9, 5, true));
  for (const auto& p : all_kinds()) {
    CAPTURE(static_cast<int>(p.confidence), p.popularity_exponent);
    const auto model = fit64(data, p);
    const double expected = loss(data.view(), model.user_factors(), model.item_factors(), p);
    CHECK(model.loss(rk::cpu{.threads = 2}, data) == recokit_test::Approx(expected).epsilon(1e-8));
  }
}

TEST_CASE("no half of any solver raises the loss, whatever the weights") {
  const auto data = with_dislikes(random_matrix(40, 25, 0.25, 9, 5, true));
  using kind = rk::ials::solver_kind;
  for (auto p : all_kinds()) {
    for (const kind solver : {kind::exact, kind::cg, kind::block, kind::coordinate}) {
      CAPTURE(static_cast<int>(p.confidence), p.popularity_exponent, static_cast<int>(solver));
      p.solver = solver;
      p.block_size = 4;
      p.epochs = 15;
      double last = std::numeric_limits<double>::infinity();
      fit64(rk::cpu{}, data, p, watch{[&](const model64& model) {
              const double now = model.loss(rk::cpu{}, data);
              CHECK(now <= last * (1 + 1e-12));
              last = now;
            }});
    }
  }
}

TEST_CASE("all solvers taken to their end give the same factors") {
  const auto data = with_dislikes(random_matrix(40, 25, 0.25, 9, 5, true));
  using kind = rk::ials::solver_kind;
  for (auto p : all_kinds()) {
    p.factors = 12;
    p.epochs = 3;
    p.regularization = 1;  // so that sweeps converge fast
    const auto exact = fit64(data, p);
    p.cg_steps = 60;
    p.block_size = 8;
    p.block_sweeps = 500;
    for (const kind solver : {kind::cg, kind::block, kind::coordinate}) {
      CAPTURE(static_cast<int>(p.confidence), static_cast<int>(solver));
      p.solver = solver;
      const auto other = fit64(data, p);
      CHECK(other.user_factors().isApprox(exact.user_factors(), 1e-6));
      CHECK(other.item_factors().isApprox(exact.item_factors(), 1e-6));
    }
  }
}

TEST_CASE("every solver has the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.1, 2);
  using kind = rk::ials::solver_kind;
  for (const kind solver : {kind::cg, kind::block, kind::coordinate}) {
    rk::ials::params p{.factors = 12, .epochs = 3, .solver = solver, .block_size = 8};
    const auto one = rk::ials::fit(rk::cpu{.threads = 1}, data, p);
    const auto two = rk::ials::fit(rk::cpu{.threads = 2}, data, p);
    CHECK(one.user_factors() == two.user_factors());
    CHECK(one.item_factors() == two.item_factors());
  }
}

TEST_CASE("an interrupted and resumed fit equals one that was not, through a file too") {
  const auto data = random_matrix(60, 40, 0.2, 11);
  using kind = rk::ials::solver_kind;
  for (const kind solver : {kind::exact, kind::cg, kind::block, kind::coordinate}) {
    rk::ials::params p{.factors = 6, .epochs = 7, .popularity_exponent = 0.5, .solver = solver};
    const auto whole = rk::ials::fit(data, p);
    p.epochs = 3;
    const auto part = recokit_test::saved_and_loaded(rk::ials::fit(data, p));
    CHECK(part.epochs_done() == 3);
    p.epochs = 7;
    const auto resumed = rk::ials::fit(data, p, rk::resume(part));
    CHECK(resumed.epochs_done() == 7);
    CHECK(resumed.user_factors() == whole.user_factors());
    CHECK(resumed.item_factors() == whole.item_factors());
  }
}

TEST_CASE("a fit that resumes where it ended is the same model, folding in included") {
  const auto data = random_matrix(30, 20, 0.3, 6);
  const rk::ials::params p{.factors = 5, .epochs = 2, .popularity_exponent = 0.3};
  const auto ended = rk::ials::fit(data, p);
  const auto again = rk::ials::fit(data, p, rk::resume(ended));
  CHECK(again.epochs_done() == 2);
  CHECK(again.user_factors() == ended.user_factors());
  CHECK(again.fold_in(rk::cpu{}, data) == ended.fold_in(rk::cpu{}, data));
}

TEST_CASE("a fit that resumes refuses other params and other sizes") {
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto model = rk::ials::fit(data, {.factors = 4, .epochs = 2});
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::ials::fit(data, {.factors = 4, .epochs = 4, .seed = 1}, rk::resume(model));
             }),
             ContainsSubstring("params.seed") && ContainsSubstring("42") &&
                 ContainsSubstring("warm_start"));
  CHECK_THROWS_AS(rk::ials::fit(data, {.factors = 5}, rk::warm_start(model)), rk::dimension_error);
  CHECK_THROWS_AS(
      rk::ials::fit(random_matrix(31, 20, 0.3, 6), {.factors = 4}, rk::warm_start(model)),
      rk::dimension_error);
}

TEST_CASE("a warm start begins at the loss that the model had") {
  const auto data = random_matrix(60, 40, 0.2, 11);
  const auto first = fit64(data, {.factors = 6, .epochs = 10});
  const auto more = fit64(data, {.factors = 6, .epochs = 1, .seed = 7}, rk::warm_start(first));
  const auto afresh = fit64(data, {.factors = 6, .epochs = 1, .seed = 7});
  CHECK(more.loss(rk::cpu{}, data) <= first.loss(rk::cpu{}, data));
  CHECK(afresh.loss(rk::cpu{}, data) > first.loss(rk::cpu{}, data));
  CHECK(more.epochs_done() == 1);
}

TEST_CASE("users whose interactions changed are solved again, and new ones join") {
  const auto data = random_matrix(30, 20, 0.3, 12);
  const auto model = fit64(data, {.factors = 4, .epochs = 5, .popularity_exponent = 0.5});
  const auto news = random_matrix(3, 20, 0.4, 13);
  const std::vector<rk::index_t> which{4, 33, 0};
  const auto changed = model.partial_fit_users(rk::cpu{}, which, news);
  CHECK(changed.users() == 34);
  CHECK(changed.items() == 20);
  const auto solved = model.fold_in(rk::cpu{}, news);
  for (std::size_t n = 0; n < which.size(); ++n) {
    CHECK(changed.user_factors().row(which[n]) == solved.row(static_cast<Eigen::Index>(n)));
    const auto now = changed.history().row(which[n]).indices;
    const auto wanted = news.row(static_cast<std::int64_t>(n)).indices;
    CHECK(std::vector(now.begin(), now.end()) == std::vector(wanted.begin(), wanted.end()));
  }
  CHECK(changed.user_factors().row(7) == model.user_factors().row(7));
  CHECK(changed.user_factors().row(31).isZero());
  CHECK(changed.history().row(31).size() == 0);
  CHECK(changed.item_factors() == model.item_factors());
  CHECK_THROWS_AS(model.partial_fit_users(rk::cpu{}, std::vector<rk::index_t>{1, 1, 2}, news),
                  rk::value_error);
  CHECK_THROWS_AS(model.partial_fit_users(rk::cpu{}, std::vector<rk::index_t>{1, 2}, news),
                  rk::dimension_error);
}

TEST_CASE("items whose interactions changed are solved again, and new ones join") {
  const auto data = random_matrix(30, 20, 0.3, 12);
  for (const double exponent : {0.0, 0.5}) {
    const auto model = fit64(data, {.factors = 4, .epochs = 5, .popularity_exponent = exponent});
    // An item with the history that it had gets the row that its next half-step would give it.
    const auto by_item = rk::transpose(rk::cpu{}, data.view());
    const std::vector<rk::index_t> all = [] {
      std::vector<rk::index_t> v(20);
      std::iota(v.begin(), v.end(), 0);
      return v;
    }();
    const auto same = model.partial_fit_items(rk::cpu{}, all, by_item.view());
    CHECK(same.loss(rk::cpu{}, data) <= model.loss(rk::cpu{}, data) * (1 + 1e-12));
    CHECK(dense(same.history().view()) == dense(data.view()));

    const auto news = random_matrix(2, 30, 0.5, 14);
    const std::vector<rk::index_t> which{22, 3};
    const auto changed = model.partial_fit_items(rk::cpu{}, which, news);
    CHECK(changed.items() == 23);
    CHECK(changed.item_factors().row(22) == model.fold_in_items(rk::cpu{}, news).row(0));
    CHECK(dense(changed.history().view()).col(3) == dense(news.view()).row(1).transpose());
    CHECK(dense(changed.history().view()).col(21).isZero());
    CHECK(changed.recommend(0, {.k = 23, .exclude_seen = false}).size() == 23);
    // Folding in now goes against the new items.
    CHECK(changed.fold_in(rk::cpu{}, changed.history().view()).allFinite());
    CHECK(changed.item_scales().size() == (exponent == 0 ? 0u : 23u));
  }
}

TEST_CASE("an explanation sums to the score, interaction by interaction") {
  const auto data = with_dislikes(random_matrix(40, 25, 0.25, 9, 5, true));
  for (const auto& p : all_kinds()) {
    const auto model = fit64(data, p);
    for (const rk::index_t user : {0, 7, 39}) {
      const auto why = model.explain(user, 11, 100);
      CHECK(why.size() == data.row(user).size());
      double sum = 0;
      for (const auto& share : why) sum += static_cast<double>(share.score);
      CHECK(sum == recokit_test::Approx(model.score(user, 11)).margin(1e-5));
      CHECK(std::is_sorted(why.begin(), why.end(), rk::by_rank{}));
    }
    CHECK(model.explain(7, 11, 2).size() == 2);
  }
}

TEST_CASE("similar items and users are those with the largest cosine") {
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto model = fit64(data, {.factors = 4, .epochs = 3});
  const auto near = model.similar_items(5, 4);
  REQUIRE(near.size() == 4);
  const auto cosine = [&](Eigen::Index a, Eigen::Index b) {
    const auto& h = model.item_factors();
    return h.row(a).dot(h.row(b)) / (h.row(a).norm() * h.row(b).norm());
  };
  for (std::size_t n = 0; n < near.size(); ++n) {
    CHECK(near[n].item != 5);
    CHECK(near[n].score == recokit_test::Approx(cosine(5, near[n].item)).margin(1e-6));
  }
  int better = 0;
  for (int i = 0; i < 20; ++i) better += i != 5 && cosine(5, i) > near[3].score + 1e-6 ? 1 : 0;
  CHECK(better == 3);
  CHECK(model.similar_users(0, 100).size() == 29);
  CHECK_THROWS_AS(model.similar_items(20), rk::value_error);
  CHECK_THROWS_AS(model.similar_users(0, 0), rk::value_error);
  // Many at once.
  const std::vector<rk::index_t> which = {5, 19, 5};
  const auto lists = model.similar_items(rk::cpu{.threads = 1}, which, 4);
  REQUIRE(lists.size() == 3);
  for (std::size_t q = 0; q < which.size(); ++q) {
    const auto one = model.similar_items(which[q], 4);
    REQUIRE(lists[q].size() == one.size());
    for (std::size_t n = 0; n < one.size(); ++n) {
      CHECK(lists[q][n].item == one[n].item);
      CHECK(lists[q][n].score == recokit_test::Approx(one[n].score).margin(1e-6));
    }
  }
  CHECK(model.similar_users(rk::cpu{}, which, 100)[0].size() == 29);
  const std::vector<rk::index_t> beyond = {20};
  CHECK_THROWS_AS(model.similar_items(rk::cpu{}, beyond), rk::value_error);
  CHECK_THROWS_AS(model.similar_items(rk::cpu{}, which, 0), rk::value_error);
}

TEST_CASE("a regularization for another exponent keeps the mean ridge") {
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto plain = fit64(data, {.factors = 4, .epochs = 1, .regularization = 0.01});
  CHECK(plain.effective_regularization() == 0.01);
  const auto same = fit64(data, {.factors = 4,
                                 .epochs = 1,
                                 .regularization = 0.01,
                                 .regularization_exponent = 1,
                                 .reference_exponent = 1.0});
  CHECK(same.effective_regularization() == recokit_test::Approx(0.01));
  const auto flat = fit64(data, {.factors = 4,
                                 .epochs = 1,
                                 .regularization = 0.01,
                                 .regularization_exponent = 0,
                                 .reference_exponent = 1.0});
  double sum = 0;
  for (int u = 0; u < 30; ++u) sum += static_cast<double>(data.row(u).size()) + 0.1 * 20;
  const Eigen::VectorXd counts = (dense(data.view()).array() != 0).cast<double>().colwise().sum();
  for (int i = 0; i < 20; ++i) sum += counts[i] + 0.1 * 30;
  CHECK(flat.effective_regularization() == recokit_test::Approx(0.01 * sum / 50));
}

TEST_CASE("lists for histories are ranked by folded-in factors") {
  const auto data = random_matrix(30, 20, 0.3, 5);
  const auto model = rk::ials::fit(data, {.factors = 4, .epochs = 5});
  const auto folded = model.fold_in(rk::cpu{}, data.view());
  const auto lists = model.recommend_for(data, {.k = 3});
  for (std::size_t u = 0; u < lists.size(); ++u) {
    for (const auto& entry : lists[u]) {
      const float expected =
          folded.row(static_cast<Eigen::Index>(u)).dot(model.item_factors().row(entry.item));
      CHECK(entry.score == recokit_test::Approx(expected).margin(1e-5));
    }
  }
}

TEST_CASE("score is the dot product and checks its indices") {
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto model = rk::ials::fit(data, {.factors = 4, .epochs = 2});
  CHECK(model.score(3, 5) == model.user_factors().row(3).dot(model.item_factors().row(5)));
  CHECK_THROWS_AS(model.score(30, 0), rk::value_error);
  CHECK_THROWS_AS(model.score(0, 20), rk::value_error);
}

TEST_CASE("scores of many items are those of one, and those of lists up to rounding") {
  STATIC_REQUIRE(rk::scorer<rk::ials::model>);
  STATIC_REQUIRE(rk::scorer<rk::ials::basic_model<double>>);
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto model = rk::ials::fit(data, {.factors = 9, .epochs = 2, .keep_history = false});
  for (rk::index_t u = 0; u < 30; ++u) {
    for (const auto& [item, score] : model.recommend(u, {.k = 20, .exclude_seen = false})) {
      const auto found = model.score(u, std::vector<rk::index_t>{item});
      REQUIRE(found == std::vector<float>{model.score(u, item)});
      CHECK(found[0] == recokit_test::Approx(score).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("users and items without interactions get zero factors") {
  const rk::csr_matrix<> data(3, 3, {0, 1, 1, 2}, {0, 0}, {1, 1});
  const auto model = rk::ials::fit(data, {.factors = 2});
  CHECK(model.user_factors().row(1).isZero());
  CHECK(model.item_factors().row(2).isZero());
  CHECK_FALSE(model.item_factors().row(0).isZero());
}

TEST_CASE("more factors than users or items is fine") {
  const auto data = random_matrix(6, 5, 0.5, 7);
  const auto model = rk::ials::fit(data, {.factors = 40, .epochs = 3});
  CHECK(model.user_factors().allFinite());
}

TEST_CASE("32-bit and 64-bit offsets give the same factors") {
  const auto narrow = random_matrix<float, std::int32_t, std::int32_t>(50, 20, 0.3, 8);
  const auto wide = random_matrix<float, std::int32_t, std::int64_t>(50, 20, 0.3, 8);
  const rk::ials::params p{.factors = 6, .epochs = 3};
  CHECK(rk::ials::fit(narrow.view(), p).user_factors() ==
        rk::ials::fit(wide.view(), p).user_factors());
}

TEST_CASE("negative weights and absurd sizes are refused with the reason") {
  const rk::csr_matrix<> negative(1, 2, {0, 2}, {0, 1}, {1, -2});
  CHECK_THAT(error_text<rk::value_error>([&] { rk::ials::fit(negative); }),
             ContainsSubstring("-2") && ContainsSubstring("must not be negative"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::ials::fit(wide, {.factors = 65536}), rk::memory_error);
  const auto data = random_matrix(6, 5, 0.5, 7);
  CHECK_THROWS_AS(rk::ials::fit(data, {.factors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(data, {.epochs = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(data, {.regularization = std::nan("")}), rk::value_error);
}

TEMPLATE_TEST_CASE("iALS answers alike before and after a file, folding in included", "", float,
                   double) {
  const auto data = random_matrix(40, 30, 0.2, 1);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  const rk::ials::params params{.factors = 5, .epochs = 2, .regularization = 0.1};
  const auto model = rk::ials::fit_as<TestType>(data, params);
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(model.user_factors() == loaded.user_factors());
  CHECK(model.fold_in(rk::cpu{}, unseen) == loaded.fold_in(rk::cpu{}, unseen));
  CHECK(loaded.settings().regularization == 0.1);

  const auto open = recokit_test::saved_and_loaded(model, {.history = false});
  CHECK(model.fold_in(rk::cpu{}, unseen) == open.fold_in(rk::cpu{}, unseen));
  CHECK_THAT(error_text<rk::value_error>([&] { open.recommend(0); }),
             ContainsSubstring("saved with its history"));
}

TEST_CASE("a file of iALS is refused with another scalar, and when its parts do not fit") {
  const recokit_test::temp_folder folder;
  const auto data = random_matrix(40, 30, 0.2, 1);
  rk::ials::fit(data, {.factors = 5, .epochs = 1}).save(folder / "m");
  CHECK_THAT(
      error_text<rk::parse_error>([&] { rk::ials::basic_model<double>::load(folder / "m"); }),
      ContainsSubstring("holds a model of kind \"ials\", expected \"ials_f64\""));
  {
    rk::model_writer out(folder / "m", "ials");
    out.params(rk::ials::params{.factors = 5});
    out.add("user_factors", rk::row_major_matrix<float>(3, 4));
    out.commit();
  }
  CHECK_THAT(error_text<rk::parse_error>([&] { rk::ials::model::load(folder / "m"); }),
             ContainsSubstring("section \"user_factors\" is a matrix 3 x 4 of type f32, expected a "
                               "matrix any x 5 of type f32"));
}
