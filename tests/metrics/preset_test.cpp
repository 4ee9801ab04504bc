// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/presets.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

struct user {
  bool has_list = false;
  std::vector<rk::scored_item<>> list;  // in the order of the input
  std::map<rk::index_t, double> grades;
};

// What was printed by running the libraries; see the head of the file.
struct peer_values {
  struct entry {
    std::string preset;
    double level;
    std::string metric;
    std::vector<int> users;
    std::vector<std::string> values;  // one: the mean
  };
  std::vector<user> users{40};
  std::vector<entry> values;
  std::vector<entry> means;

  peer_values() {
    std::ifstream file(RECOKIT_PEER_VALUES);
    std::vector<int> current;
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string kind;
      words >> kind;
      if (kind == "list" || kind == "grades") {
        std::size_t number = 0;
        words >> number;
        user& u = users.at(number);
        rk::index_t item = 0;
        double value = 0;
        u.has_list |= kind == "list";
        while (words >> item >> value) {
          if (kind == "list") {
            u.list.push_back({item, static_cast<float>(value)});
          } else {
            u.grades[item] = value;
          }
        }
      } else if (kind == "users" || kind == "values" || kind == "mean") {
        entry e;
        words >> e.preset >> e.level;
        if (kind == "users") {
          current.clear();
          for (int u = 0; words >> u;) current.push_back(u);
          continue;
        }
        words >> e.metric;
        e.users = current;
        for (std::string value; words >> value;) e.values.push_back(value);
        (kind == "mean" ? means : values).push_back(e);
      }
    }
  }
};

const peer_values& peers() {
  static const peer_values values;
  return values;
}

struct measured {
  bool counted;
  double value;
  double weight;
};

// Under a preset, with the level of the case. Lists come sorted: by score, then in the order of the
// input for ranx, which keeps it, else by index.
measured measure(const rk::ranking_preset& preset, const std::string& metric, double level,
                 const user& u) {
  rk::preset_metric wanted = preset(metric);
  wanted.options.relevance_level = level;
  std::vector<rk::scored_item<>> list = u.list;
  std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) {
    if (a.score != b.score) return a.score > b.score;
    return preset.name != "ranx" && a.item < b.item;
  });
  std::vector<rk::index_t> judged;
  std::vector<double> grades;
  for (const auto& [item, grade] : u.grades) {
    judged.push_back(item);
    grades.push_back(grade);
  }
  measured result{};
  result.counted = rk::ranking_evaluator({wanted.metric}, 20, wanted.options)
                       .evaluate({list, judged, grades}, {&result.value, 1}, {&result.weight, 1});
  return result;
}

bool has_negative_grade(const user& u) {
  return std::any_of(u.grades.begin(), u.grades.end(), [](const auto& g) { return g.second < 0; });
}

}  // namespace

TEST_CASE("presets give every user the value that the library gives") {
  REQUIRE(peers().values.size() > 150);
  std::set<std::string> seen;
  for (const auto& peer : peers().values) {
    const auto& preset = rk::find_ranking_preset(peer.preset);
    const double tolerance = peer.preset == "torchmetrics" ? 1e-6 : 1e-12;
    REQUIRE(peer.users.size() == peer.values.size());
    for (std::size_t i = 0; i < peer.users.size(); ++i) {
      const user& u = peers().users[static_cast<std::size_t>(peer.users[i])];
      // torchmetrics takes negative grades as negative gains, the preset clips them.
      const bool differs =
          peer.metric.find("normalized_dcg") != std::string::npos && has_negative_grade(u);
      if (peer.values[i] == "x" || differs) continue;
      INFO(peer.preset << " " << peer.metric << " level " << peer.level << " user "
                       << peer.users[i]);
      const double expected = std::stod(peer.values[i]);
      const auto found = measure(preset, peer.metric, peer.level, u);
      if (std::isnan(expected)) {
        // No value there: none here, or the one that the preset counts instead.
        CHECK((!found.counted || std::isnan(found.value) || found.value == 0 || found.value == 1));
      } else {
        CHECK(found.value == Approx(expected).epsilon(tolerance).margin(tolerance));
      }
      seen.insert(peer.preset + " " + peer.metric);
    }
  }
  CHECK(seen.size() > 120);
}

TEST_CASE("presets average over the users that the library averages over") {
  REQUIRE(peers().means.size() > 100);
  for (const auto& peer : peers().means) {
    const auto& preset = rk::find_ranking_preset(peer.preset);
    double sum = 0;
    double weights = 0;
    for (const int number : peer.users) {
      const user& u = peers().users[static_cast<std::size_t>(number)];
      CHECK((u.has_list || preset.counts_missing_lists));
      const auto found = measure(preset, peer.metric, peer.level, u);
      if (!found.counted || found.weight == 0) continue;
      sum += found.weight * found.value;
      weights += found.weight;
    }
    INFO(peer.preset << " " << peer.metric << " level " << peer.level);
    const double tolerance =
        peer.preset == "torchmetrics" || peer.metric.starts_with("hit") || peer.metric == "GAUC"
            ? 1e-6
            : 1e-12;
    CHECK(sum / weights == Approx(std::stod(peer.values.front())).epsilon(tolerance));
  }
}

TEST_CASE("a preset reads the names of its library, and recokit's own") {
  const auto& trec = rk::find_ranking_preset("trec_eval");
  CHECK(trec("ndcg_cut_10").metric == rk::ndcg(10, rk::gain_function::linear));
  CHECK(trec("ndcg_cut_10").name == "ndcg_cut_10");
  CHECK(trec("map").metric == rk::map(0, rk::metric_divisor::all));
  CHECK(trec("P_5").options.ties == rk::tie_policy::index_descending);
  CHECK(trec("precision@5").metric == rk::precision(5));
  CHECK(trec("precision@5").options == trec.options);
  const auto& torch = rk::find_ranking_preset("torchmetrics");
  CHECK(torch("retrieval_normalized_dcg@3").options.ties == rk::tie_policy::average);
  CHECK(torch("ndcg(linear)@3").options.ties == rk::tie_policy::average);
  CHECK(torch("retrieval_recall@3").options.ties == rk::tie_policy::as_listed);
  const auto& recokit = rk::find_ranking_preset("recokit");
  CHECK(recokit("ndcg@10").metric == rk::ndcg(10));
  CHECK(recokit("ndcg@10").options == rk::ranking_options{});
}

TEST_CASE("a preset reads the names of all metrics of recokit") {
  for (const auto& preset : rk::ranking_presets()) {
    for (const auto& metric : rk::all_ranking_metrics(7)) {
      INFO(preset.name << " " << metric.name());
      // A name that the library has too means what the library means by it.
      CHECK(preset(metric.name()).metric.measure == metric.measure);
      CHECK(preset(metric.name()).metric.k == metric.k);
    }
  }
}

TEST_CASE("a preset that does not exist, or a metric that it does not have, is named") {
  CHECK_THAT(error_text<rk::value_error>([] { rk::find_ranking_preset("rank"); }),
             ContainsSubstring("ranx, recbole"));
  const auto& ranx = rk::find_ranking_preset("ranx");
  CHECK_THAT(error_text<rk::value_error>([&] { ranx("nDCG@5"); }),
             ContainsSubstring("ranx 0.3.21") && ContainsSubstring("ndcg_burges[@K]"));
  CHECK_THROWS_AS(rk::find_ranking_preset("recbole")("NDCG"), rk::value_error);
  CHECK_THROWS_AS(ranx("ndcg@"), rk::value_error);
  CHECK_THROWS_AS(ranx("ndcg@0"), rk::value_error);
  CHECK_THROWS_AS(ranx("ndcg@99999999999"), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([] { rk::find_ranking_preset("recokit")("nDCG@5"); }),
             ContainsSubstring("unknown measure"));
}

TEST_CASE("every metric that a preset lists can be computed") {
  for (const auto& preset : rk::ranking_presets()) {
    CHECK_FALSE(preset.library.empty());
    for (std::string name : preset.metrics) {
      const auto cut = name.find("[@K]");
      if (cut != std::string::npos) name.replace(cut, 4, "@7");
      if (name.ends_with("@K") || name.ends_with("_K")) name.replace(name.size() - 1, 1, "7");
      INFO(preset.name << " " << name);
      const auto wanted = preset(name);
      CHECK_NOTHROW(rk::ranking_evaluator({wanted.metric}, 20, wanted.options));
      CHECK(wanted.name == name);
    }
  }
}
