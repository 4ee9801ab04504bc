// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "entries.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/weighting.hpp>

#include <limits>
#include <vector>

namespace rk = recokit;
namespace weighting = recokit::weighting;
using recokit_test::Approx;
using recokit_test::build;
using recokit_test::ContainsSubstring;
using recokit_test::entries_of;
using recokit_test::entry;
using recokit_test::error_text;
using recokit_test::scattered;
using recokit_test::with;

namespace {

// Users have lengths 5, 0, 3 and 4: mean 3. Items have 2, 3 and 1 users of 4.
rk::interactions small(with content = with::all) {
  return build(4, 3,
               {{0, 0, 4, 7}, {0, 1, 1, 8}, {2, 1, 3, 9}, {3, 0, 0, 3}, {3, 1, 1, 4}, {3, 2, 3, 5}},
               content);
}

void check_values(const rk::interactions& data, const std::vector<double>& expected) {
  const auto values = data.view().values();
  REQUIRE(values.size() == expected.size());
  for (std::size_t e = 0; e < expected.size(); ++e) {
    CHECK(static_cast<double>(values[e]) == Approx(expected[e]).epsilon(1e-5).margin(1e-9));
  }
}

}  // namespace

TEST_CASE("binary weights drop the values and share the rest") {
  const auto data = small();
  const auto binary = rk::reweight(data, weighting::binary{});
  CHECK_FALSE(binary.view().has_values());
  CHECK(binary.view().indices().data() == data.view().indices().data());
  CHECK(binary.view().offsets().data() == data.view().offsets().data());
  CHECK(binary.timestamps().data() == data.timestamps().data());
}

TEST_CASE("log weights are 1 + alpha log(1 + value / epsilon)") {
  check_values(rk::reweight(small(), weighting::log{.alpha = 2, .epsilon = 0.5f}),
               {5.394449, 3.197225, 4.891820, 1, 3.197225, 4.891820});
}

TEST_CASE("tf-idf weights are sqrt(value) times log(users / users of the item) + 1") {
  // idf: log(4/2) + 1, log(4/3) + 1, log(4/1) + 1
  check_values(rk::reweight(small(), weighting::tf_idf{}),
               {3.386294, 1.287682, 2.230331, 0, 1.287682, 4.133183});
}

TEST_CASE("BM25 weights saturate with the value and fall with the length of the user") {
  // idf: log(1 + 2.5/2.5), log(1 + 1.5/3.5), log(1 + 3.5/1.5); k1 = 1.2, b = 0.75.
  // k1 (0.25 + 0.75 length / 3) = 1.8, 1.2 and 1.5.
  check_values(rk::reweight(small(), weighting::bm25{}),
               {1.051672, 0.280245, 0.560489, 0, 0.313874, 1.765827});
}

TEST_CASE("BM25 without length normalisation depends on value and item alone") {
  // b = 0 and k1 = 0 leave the idf of every value that is not 0.
  check_values(rk::reweight(small(), weighting::bm25{.k1 = 0, .b = 0}),
               {0.693147, 0.356675, 0.356675, 0, 0.356675, 1.203973});
}

TEST_CASE("weights of interactions without values take each as 1") {
  const auto data = small(with::times);
  check_values(rk::reweight(data, weighting::log{}), std::vector<double>(6, 1.693147));
  check_values(rk::reweight(data, weighting::tf_idf{}),
               {1.693147, 1.287682, 1.287682, 1.693147, 1.287682, 2.386294});
}

TEST_CASE("weights leave pattern, ids and times in the memory of the data, and keep it alive") {
  const rk::index_t* indices = nullptr;
  rk::interactions weighted;
  {
    const auto data = small();
    indices = data.view().indices().data();
    weighted = rk::reweight(data, weighting::log{});
  }
  CHECK(weighted.view().indices().data() == indices);
  std::vector<std::int64_t> times;
  for (const entry& e : entries_of(weighted)) times.push_back(e.time);
  CHECK(times == std::vector<std::int64_t>{7, 8, 9, 3, 4, 5});
}

TEST_CASE("all values 0 weigh 0 under BM25 and nothing is divided by 0") {
  check_values(rk::reweight(build(2, 2, {{0, 0, 0}, {1, 1, 0}}), weighting::bm25{}), {0, 0});
  CHECK(rk::reweight(rk::interactions(), weighting::bm25{}).nonzeros() == 0);
  CHECK(rk::reweight(build(3, 3, {}), weighting::tf_idf{}).rows() == 3);
}

TEST_CASE("weights are the same bits for any number of threads") {
  const auto data = scattered(5000, 60, 0.3, 3);
  for (const rk::weighting_scheme& scheme :
       {rk::weighting_scheme(weighting::log{}), rk::weighting_scheme(weighting::tf_idf{}),
        rk::weighting_scheme(weighting::bm25{})}) {
    const auto one = rk::reweight(data, scheme, rk::cpu{.threads = 1});
    for (const int threads : {2, 5}) {
      CHECK(entries_of(rk::reweight(data, scheme, rk::cpu{.threads = threads})) == entries_of(one));
    }
  }
}

TEST_CASE("weights refuse negative values by place") {
  const auto data = build(3, 4, {{0, 1, 2}, {2, 3, -1.5f}});
  for (const rk::weighting_scheme& scheme :
       {rk::weighting_scheme(weighting::log{}), rk::weighting_scheme(weighting::tf_idf{}),
        rk::weighting_scheme(weighting::bm25{})}) {
    CHECK(error_text<rk::value_error>([&] { rk::reweight(data, scheme); }) ==
          "value at row 2, column 3 = -1.5: must not be negative under this weighting");
  }
  CHECK_NOTHROW(rk::reweight(data, weighting::binary{}));
}

TEST_CASE("weights refuse parameters out of range") {
  const auto data = small();
  const auto text = [&](const rk::weighting_scheme& scheme) {
    return error_text<rk::value_error>([&] { rk::reweight(data, scheme); });
  };
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float inf = std::numeric_limits<float>::infinity();
  CHECK(text(weighting::log{.alpha = -1}) == "scheme.alpha = -1: must be in [0, 1000000000]");
  CHECK_THAT(text(weighting::log{.alpha = nan}), ContainsSubstring("scheme.alpha = nan"));
  CHECK(text(weighting::log{.epsilon = 0}) ==
        "scheme.epsilon = 0: must be finite and greater than 0");
  CHECK_THAT(text(weighting::log{.epsilon = inf}), ContainsSubstring("scheme.epsilon = inf"));
  CHECK_THAT(text(weighting::bm25{.k1 = -0.5f}), ContainsSubstring("scheme.k1 = -0.5"));
  CHECK(text(weighting::bm25{.b = 1.25f}) == "scheme.b = 1.25: must be in [0, 1]");
}

TEST_CASE("a fitted weighting weighs other interactions by what it learnt") {
  const auto data = small();
  for (const rk::weighting_scheme& scheme :
       {rk::weighting_scheme(weighting::binary{}), rk::weighting_scheme(weighting::log{}),
        rk::weighting_scheme(weighting::tf_idf{}), rk::weighting_scheme(weighting::bm25{})}) {
    const rk::fitted_weighting fitted(scheme, data.view());
    const auto whole = rk::reweight(data, scheme);
    const rk::fitted_weighting again(fitted.scheme(), fitted.idf(), fitted.mean_length());
    for (rk::index_t u = 0; u < data.rows(); ++u) {
      const rk::index_t one[] = {u};
      const auto row = again.apply(rk::gather_rows(data.view(), one));
      const auto expected = whole.view().row(u);
      REQUIRE(row.row(0).size() == expected.size());
      for (std::size_t n = 0; n < expected.size(); ++n) {
        CHECK(row.row(0).value(n) == expected.value(n));
      }
    }
  }
  const rk::fitted_weighting fitted(weighting::tf_idf{}, data.view());
  CHECK_THROWS_AS(fitted.apply(build(1, data.cols() + 1, {}).matrix()), rk::dimension_error);
  CHECK_THROWS_AS(rk::fitted_weighting(weighting::bm25{.b = 2}, {}, 1), rk::value_error);
}
