// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Charts as inline SVG; colours come from classes of the page around them.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace recokit_bench {

/// What every chart says about itself. `id` must be unique on the page.
struct chart_words {
  std::string id;
  std::string title;
  std::string description;  ///< for those who do not see it
  std::string x_axis;       ///< with its unit
  std::string y_axis;       ///< points only
};

struct bar {
  std::string label;
  double value = 0;   ///< NaN draws no bar
  std::string text;   ///< the value as it stands at the end of the bar
  bool best = false;  ///< drawn in the strong colour
  double low = std::numeric_limits<double>::quiet_NaN();  ///< ends of an interval, or NaN
  double high = std::numeric_limits<double>::quiet_NaN();
};
/// Horizontal bars from 0, in the given order, each under its label.
std::string bar_chart(const chart_words& words, const std::vector<bar>& bars);

struct point {
  std::string mark;   ///< a short text beside the point: its rank
  std::string label;  ///< the tooltip
  double x = 0;
  double y = 0;
  bool best = false;
};
/// Points in the plane; x is logarithmic when it spans more than a factor of 20.
std::string point_chart(const chart_words& words, const std::vector<point>& points);

struct strip {
  std::string label;
  std::vector<double> values;  ///< one a fold
  double mean = 0;
  bool best = false;
};
/// One line a model: every value as a dot on the line from least to most, the mean as a tick.
std::string strip_chart(const chart_words& words, const std::vector<strip>& strips);

}  // namespace recokit_bench
