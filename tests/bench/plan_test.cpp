// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/plan.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace recokit_bench;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

std::string refusal(const run_options& options) {
  return error_text<usage_error>([&] { resolve(options); });
}

const setting_value& value_of(const std::vector<setting>& settings, const std::string& name) {
  for (const auto& s : settings) {
    if (s.name == name) return s.value;
  }
  throw std::logic_error("no setting " + name);
}

}  // namespace

TEST_CASE("without options the synthetic set, a random split and three models are planned") {
  const auto plan = resolve({});
  CHECK(plan.data.empty());
  CHECK(plan.split.name == "random");
  CHECK(plan.models.size() == 3);
  CHECK(plan.metrics.size() == 3);
  CHECK_FALSE(plan.weighting.scheme);
}

TEST_CASE("the seed of the run reaches data, split and models, and a field outweighs it") {
  run_options options;
  options.seed = 7;
  options.split = "random:seed=1";
  options.models = {"ials", "ials:seed=2"};
  const auto plan = resolve(options);
  CHECK(plan.synthetic.seed == 7);
  CHECK(to_text(value_of(plan.split.settings, "seed")) == "1");
  CHECK(to_text(value_of(plan.models[0].run->settings(), "seed")) == "7");
  CHECK(to_text(value_of(plan.models[1].run->settings(), "seed")) == "2");
}

TEST_CASE("columns are positions or names") {
  recokit::read_options reading;
  set_columns("user=1, item=movie,timestamp=3", reading);
  CHECK(reading.user == recokit::column_name{1});
  CHECK(reading.item == recokit::column_name{std::string("movie")});
  CHECK(reading.rating == recokit::column_name{});
  CHECK(reading.timestamp == recokit::column_name{3});
  CHECK_THAT(error_text<usage_error>([&] { set_columns("usr=1", reading); }),
             ContainsSubstring("did you mean \"user\""));
}

TEST_CASE("a k-core takes one number or two") {
  CHECK(parse_k_core("5").user == 5);
  CHECK(parse_k_core("5").item == 5);
  CHECK(parse_k_core("5,10").user == 5);
  CHECK(parse_k_core("5,10").item == 10);
  for (const char* const wrong : {"x", "-1", "1,2,3", "5,", ""}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_k_core(wrong), usage_error);
  }
}

TEST_CASE("a delimiter is a word or a character") {
  run_options options;
  options.data = "x";
  options.delimiter = "tab";
  CHECK(resolve(options).reading.delimiter == '\t');
  options.delimiter = ";";
  CHECK(resolve(options).reading.delimiter == ';');
  options.delimiter = "coma";
  CHECK_THAT(refusal(options), ContainsSubstring("did you mean \"comma\""));
}

TEST_CASE("a test file means the given split") {
  run_options options;
  options.data = "train";
  options.test = "test";
  CHECK(resolve(options).split.name == "given");
  options.split = "random";
  CHECK_THAT(refusal(options), ContainsSubstring("--test"));
  options.split = "given";
  CHECK(resolve(options).test == "test");
  options.k_core = "5";
  CHECK_THAT(refusal(options), ContainsSubstring("--k-core"));
}

TEST_CASE("options that exclude each other are refused") {
  run_options options;
  options.test = "test";
  CHECK_THAT(refusal(options), ContainsSubstring("--test needs --data"));
  options = {};
  options.data = "x";
  options.synthetic = "users=5";
  CHECK_THAT(refusal(options), ContainsSubstring("--synthetic"));
  options = {};
  options.split = "given";
  CHECK_THAT(refusal(options), ContainsSubstring("needs --test"));
  options = {};
  options.split = "user_fold";
  options.weighting = "bm25";
  CHECK_THAT(refusal(options), ContainsSubstring("--weighting bm25"));
  options.weighting = "log:alpha=2";
  CHECK(resolve(options).weighting.scheme.has_value());
}

TEST_CASE("what lies outside its range is refused before any data is read") {
  run_options options;
  options.data = "/nowhere";
  options.models = {"ials:factors=0"};
  CHECK_THAT(refusal(options), ContainsSubstring("ials.factors = 0: must be in [1, 65536]"));
  options = {};
  options.synthetic = "users=0";
  CHECK_THAT(refusal(options), ContainsSubstring("synthetic.users = 0"));
}

TEST_CASE("unknown names of any kind are answered with the known ones") {
  run_options options;
  options.models = {"ialss"};
  CHECK_THAT(refusal(options), ContainsSubstring("popularity, item_knn, "));
  options = {};
  options.split = "rnadom";
  CHECK_THAT(refusal(options), ContainsSubstring("did you mean \"random\""));
  options = {};
  options.metrics = {"ndgc@10"};
  CHECK_THAT(refusal(options), ContainsSubstring("did you mean \"ndcg\""));
  options.metrics = {"ndcg"};
  CHECK_THAT(refusal(options), ContainsSubstring("measure@k"));
  options = {};
  options.weighting = "tfidf";
  CHECK_THAT(refusal(options), ContainsSubstring("did you mean \"tf_idf\""));
}

TEST_CASE("a metric named twice is measured once") {
  run_options options;
  options.metrics = {"ndcg@10", "recall@20", "ndcg@10"};
  CHECK(resolve(options).metrics.size() == 2);
}

TEST_CASE("metrics of ratings go with models that predict them, and with ratings as read") {
  run_options options;
  options.metrics = {"rmse", "mae"};
  const auto plan = resolve(options);
  CHECK(plan.metrics.front().name() == "rmse");
  CHECK(plan.models.size() == 3);
  options.metrics = {"ndcg@10", "mae"};
  CHECK_THAT(refusal(options),
             ContainsSubstring("model \"popularity\" ranks items and predicts no ratings; models "
                               "that do: ") &&
                 ContainsSubstring("bias, rating_knn, slope_one"));
  options.models = {"bias"};
  CHECK(resolve(options).metrics.size() == 2);
  options.weighting = "bm25";
  CHECK_THAT(refusal(options), ContainsSubstring("leave --weighting out"));
  options.weighting = "none";
  options.ignore_ratings = true;
  CHECK_THAT(refusal(options), ContainsSubstring("leave --ignore-ratings out"));
  options.ignore_ratings = false;
  options.metrics = {"rmse", "coverage@10"};
  CHECK_THAT(refusal(options), ContainsSubstring("take a ranking metric"));
}

TEST_CASE("models are saved under their names, and never of several folds") {
  run_options options;
  options.save = "out";
  options.models = {"ials", "popularity", "ials:factors=3"};
  const auto plan = resolve(options);
  CHECK(plan.models[0].save_as == std::filesystem::path("out") / "ials.rkm");
  CHECK(plan.models[1].save_as == std::filesystem::path("out") / "popularity.rkm");
  CHECK(plan.models[2].save_as == std::filesystem::path("out") / "ials-2.rkm");
  CHECK(resolve({}).models[0].save_as.empty());
  options.split = "k_fold:folds=5";
  CHECK_THAT(refusal(options),
             ContainsSubstring("--save is for one fit a model, and --split k_fold makes 5"));
}
