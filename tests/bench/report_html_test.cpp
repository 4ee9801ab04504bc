// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/report_html.hpp"

#include "some_results.hpp"
#include "support/catch.hpp"

#include <cctype>
#include <limits>
#include <set>

using namespace recokit_test;

namespace {

// The first tag that does not close what is open, or "" for a page that nests.
std::string first_nesting_error(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const auto end = html.find('>', at);
    if (end == std::string::npos) return "tag without an end";
    const std::string tag = html.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" \n"));
    if (tag.starts_with("!") || tag.ends_with("/") || name == "meta" || name == "wbr") continue;
    if (!tag.starts_with("/")) {
      open.push_back(name);
    } else if (open.empty() || "/" + open.back() != name) {
      return tag;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

void check_page(const std::string& html) {
  CHECK(first_nesting_error(html) == "");
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("http") == std::string::npos);
  CHECK(html.find("url(") == std::string::npos);
  // No coordinate may be n/a, nan or inf.
  for (const char* const name :
       {" x=\"", " y=\"", " width=\"", " cx=\"", " cy=\"", " x1=\"", " y2=\""}) {
    for (auto at = html.find(name); at != std::string::npos; at = html.find(name, at + 1)) {
      const char first = html[at + std::string(name).size()];
      CHECK((std::isdigit(static_cast<unsigned char>(first)) || first == '-' || first == 'd'));
    }
  }
  // Ids are unique.
  std::set<std::string> ids;
  for (auto at = html.find(" id=\""); at != std::string::npos; at = html.find(" id=\"", at + 1)) {
    CHECK(ids.insert(html.substr(at + 5, html.find('"', at + 5) - at - 5)).second);
  }
}

}  // namespace

TEST_CASE("a page is whole with one model, with many, with folds and with none") {
  auto one = some_results();
  add_model(one, "a", {{0.2, 0.3}});
  check_page(recokit_bench::html_text(one));

  auto many = some_results(3);
  for (int i = 0; i < 20; ++i) {
    const double x = i / 40.0;
    add_model(many, "model_with_a_very_long_name:field=" + std::string(80, 'x') + std::to_string(i),
              {{x, x}, {x / 2, x}, {x / 3, x}});
    many.models.back().folds[0].fit_seconds = x * x;
  }
  const auto page = recokit_bench::html_text(many);
  check_page(page);
  CHECK(count(page, "<svg") == 7);

  auto none = some_results();
  add_failure(none, "a", "<no>");
  const auto failed = recokit_bench::html_text(none);
  check_page(failed);
  CHECK_THAT(failed, ContainsSubstring("&lt;no&gt;"));
}

TEST_CASE("values of zero and values that are not numbers leave the page whole") {
  auto r = some_results(2);
  add_model(r, "zero", {{0, 0}, {0, 0}});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  add_model(r, "nan", {{nan, nan}, {nan, nan}});
  for (auto& model : r.models) {
    for (auto& fold : model.folds) {
      fold.fit_seconds = 0;
      fold.recommend_seconds = 0;
      fold.peak_memory = {};
    }
  }
  check_page(recokit_bench::html_text(r));
}

TEST_CASE("text of users is escaped everywhere") {
  auto r = some_results();
  add_model(r, "<img src=x onerror=alert(1)>", {{0.1, 0.1}});
  add_model(r, "b", {{0.2, 0.1}});
  const auto html = recokit_bench::html_text(r);
  check_page(html);
  CHECK(html.find("<img") == std::string::npos);
  CHECK(html.find("<b>") == std::string::npos);
  CHECK_THAT(html, ContainsSubstring("&lt;b&gt;&amp;&quot;quoted&quot;.csv"));
}

TEST_CASE("the best of each column is marked, and nothing when all are equal") {
  auto r = some_results();
  add_model(r, "a", {{0.2, 0.5}});
  add_model(r, "b", {{0.1, 0.5}});
  // ndcg differs; recall, fit, speed and memory are the same in both.
  CHECK(count(recokit_bench::html_text(r), "(best)") == 1);
}

TEST_CASE("a page is readable on a phone, in the dark, and to a screen reader") {
  auto r = some_results();
  add_model(r, "a", {{0.2, 0.3}});
  const auto html = recokit_bench::html_text(r);
  CHECK_THAT(html, ContainsSubstring("name=\"viewport\""));
  CHECK_THAT(html, ContainsSubstring("prefers-color-scheme: dark"));
  CHECK(count(html, "<svg") == count(html, "role=\"img\""));
  CHECK(count(html, "<svg") == count(html, "<desc id="));
}

TEST_CASE("intervals are whiskers and text, and p values a column") {
  auto r = some_results();
  r.metrics = {recokit::ndcg(10)};
  add_user_values(r, "a", {{0.9, 0.8, 0.7, 0.9, 0.6, 0.8}});
  add_user_values(r, "b", {{0.5, 0.6, 0.4, 0.7, 0.5, 0.4}});
  r.warnings = {"<sampled>"};
  recokit_bench::infer({}, {}, r);
  const auto html = recokit_bench::html_text(r);
  check_page(html);
  CHECK(count(html, "class=\"whisker\"") == 6);
  CHECK_THAT(html, ContainsSubstring("<th scope=\"col\">p</th>"));
  CHECK_THAT(html, ContainsSubstring("<td>best</td>"));
  CHECK_THAT(html, ContainsSubstring("Warning: &lt;sampled&gt;"));
}

TEST_CASE("negative values and measures without a good end leave the page whole") {
  auto r = some_results();
  r.metrics = {recokit::ndcg(10), recokit::popularity_lift(10)};
  add_model(r, "a", {{0.2, -0.5}});
  add_model(r, "b", {{0.1, 0.7}});
  const auto html = recokit_bench::html_text(r);
  check_page(html);
  CHECK(count(html, "(best)") == 1);
}

TEST_CASE("a page about predicted ratings speaks of ratings, not of lists") {
  auto r = some_results(2);
  r.metrics = {recokit_bench::parse_metric_word("rmse")};
  add_model(r, "a", {{0.95}, {0.9}});
  add_model(r, "b", {{0.85}, {0.8}});
  for (auto& model : r.models) {
    for (auto& fold : model.folds) {
      fold.predict_seconds = 0.5;
      fold.predicted_ratings = 1000;
    }
  }
  recokit_bench::rank_models(r);
  const auto html = recokit_bench::html_text(r);
  CHECK_THAT(html, ContainsSubstring("Prediction speed"));
  CHECK_THAT(html, ContainsSubstring("rmse (less is better)"));
  CHECK_THAT(html, ContainsSubstring("ratings/s"));
  CHECK(html.find("users/s") == std::string::npos);
}
