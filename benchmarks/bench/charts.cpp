// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "charts.hpp"

#include "axis.hpp"
#include "markup.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace recokit_bench {
namespace {

// Charts are drawn for a phone, 340 units wide, and grow with the column they stand in.
constexpr double width = 340;
constexpr std::size_t label_columns = 48;
constexpr double row_height = 40;

std::string px(double value) { return shortest(std::round(value * 10) / 10); }

std::string text_at(double x, double y, const std::string& attributes, std::string_view text) {
  return "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\"" + (attributes.empty() ? "" : " ") +
         attributes + ">" + escaped(text) + "</text>";
}

std::string line_at(double x1, double y1, double x2, double y2, std::string_view kind) {
  return "<line class=\"" + std::string(kind) + "\" x1=\"" + px(x1) + "\" y1=\"" + px(y1) +
         "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) + "\"/>";
}

std::string circle_at(double x, double y, double radius, std::string_view kind,
                      const std::string& tooltip) {
  return "<circle class=\"" + std::string(kind) + "\" cx=\"" + px(x) + "\" cy=\"" + px(y) +
         "\" r=\"" + px(radius) + "\"><title>" + escaped(tooltip) + "</title></circle>";
}

std::string row_label(double y, const std::string& label) {
  return "<text x=\"4\" y=\"" + px(y) + "\" class=\"label\">" +
         escaped(shortened(label, label_columns)) + "<title>" + escaped(label) + "</title></text>";
}

std::string opened(const chart_words& words, double height) {
  return "<svg viewBox=\"0 0 " + px(width) + " " + px(height) +
         "\" role=\"img\" aria-labelledby=\"" + words.id + "-title " + words.id +
         "-desc\"><title id=\"" + words.id + "-title\">" + escaped(words.title) +
         "</title><desc id=\"" + words.id + "-desc\">" + escaped(words.description) + "</desc>";
}

// Grid lines, tick labels and the title of a horizontal axis below the plot.
std::string x_axis(const axis& scale, double left, double right, double top, double bottom,
                   const std::string& title) {
  std::string svg;
  for (const auto& tick : scale.ticks()) {
    const double x = left + scale.place(tick.value) * (right - left);
    svg += line_at(x, top, x, bottom, "grid");
    const bool at_left_edge = x < 12;
    svg += text_at(at_left_edge ? 0 : x, bottom + 15,
                   at_left_edge ? "class=\"tick\"" : "class=\"tick\" text-anchor=\"middle\"",
                   tick.label);
  }
  svg += text_at((left + right) / 2, bottom + 33, "class=\"axis\" text-anchor=\"middle\"", title);
  return svg;
}

// Where the mark of each point goes so that it covers neither a point nor another mark.
struct box {
  double x1, y1, x2, y2;
  bool meets(const box& other) const noexcept {
    return x1 < other.x2 && other.x1 < x2 && y1 < other.y2 && other.y1 < y2;
  }
};

}  // namespace

std::string bar_chart(const chart_words& words, const std::vector<bar>& bars) {
  double least = 0, most = 0;
  std::size_t text_columns = 0;
  for (const auto& each : bars) {
    for (const double end : {each.value, each.low, each.high}) {
      if (!std::isfinite(end)) continue;
      least = std::min(least, end);
      most = std::max(most, end);
    }
    text_columns = std::max(text_columns, display_width(each.text));
  }
  const axis scale = axis::linear(least, most, 6);
  const double right = width - 12 - 6.8 * static_cast<double>(text_columns);
  const double zero = scale.place(0) * right;
  const double bottom = row_height * static_cast<double>(bars.size()) + 4;
  std::string svg = opened(words, bottom + 40);
  svg += x_axis(scale, 0, right, 0, bottom, words.x_axis);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double y = row_height * static_cast<double>(i);
    const bool finite = std::isfinite(bars[i].value);
    const double end = finite ? scale.place(bars[i].value) * right : zero;
    double text_from = std::max(end, zero);
    svg += row_label(y + 15, bars[i].label);
    if (finite && end != zero) {
      svg += std::string("<rect class=\"") + (bars[i].best ? "bar best" : "bar") + "\" x=\"" +
             px(std::min(end, zero)) + "\" y=\"" + px(y + 20) + "\" width=\"" +
             px(std::max(std::abs(end - zero), 1.0)) + "\" height=\"12\" rx=\"2\"/>";
    }
    if (finite && std::isfinite(bars[i].low) && std::isfinite(bars[i].high)) {
      const double low = scale.place(bars[i].low) * right;
      const double high = scale.place(bars[i].high) * right;
      svg += line_at(low, y + 26, high, y + 26, "whisker") +
             line_at(low, y + 22, low, y + 30, "whisker") +
             line_at(high, y + 22, high, y + 30, "whisker");
      text_from = std::max(text_from, high);
    }
    svg += text_at(text_from + 6, y + 30,
                   bars[i].best ? "class=\"value strong\"" : "class=\"value\"", bars[i].text);
  }
  svg += line_at(std::max(zero, 0.5), 0, std::max(zero, 0.5), bottom, "base");
  return svg + "</svg>";
}

std::string point_chart(const chart_words& words, const std::vector<point>& points) {
  constexpr double left = 40, right = width - 18, top = 30, bottom = 250;
  constexpr double radius = 5;
  double least_x = std::numeric_limits<double>::infinity(), most_x = 0;
  double least_y = std::numeric_limits<double>::infinity(), most_y = 0;
  for (const auto& each : points) {
    least_x = std::min(least_x, each.x);
    most_x = std::max(most_x, each.x);
    least_y = std::min(least_y, each.y);
    most_y = std::max(most_y, each.y);
  }
  const bool log_x = most_x > 20 * least_x && most_x > 0;
  // The clock ticks in nanoseconds; anything faster than a microsecond stands at one.
  const axis across = log_x ? axis::logarithmic(std::max(least_x, 1e-6), std::max(most_x, 1e-5))
                            : axis::linear(0, most_x);
  const axis up = axis::linear(0, most_y, 6);
  std::string svg = opened(words, bottom + 40);
  svg += text_at(0, 14, "class=\"axis\"", words.y_axis);
  svg += x_axis(across, left, right, top, bottom, words.x_axis);
  for (const auto& tick : up.ticks()) {
    const double y = bottom - up.place(tick.value) * (bottom - top);
    svg += line_at(left, y, right, y, "grid");
    svg += text_at(left - 6, y + 4, "class=\"tick\" text-anchor=\"end\"", tick.label);
  }
  svg += line_at(left, bottom, right, bottom, "base") + line_at(left, top, left, bottom, "base");

  std::vector<box> taken;
  const auto x_of = [&](const point& p) { return left + across.place(p.x) * (right - left); };
  const auto y_of = [&](const point& p) { return bottom - up.place(p.y) * (bottom - top); };
  for (const auto& each : points) {
    taken.push_back(
        {x_of(each) - radius, y_of(each) - radius, x_of(each) + radius, y_of(each) + radius});
  }
  // Marks lie over all points, and the best point over the others.
  std::string best, marks;
  for (const auto& each : points) {
    const double x = x_of(each), y = y_of(each);
    (each.best ? best : svg) += circle_at(x, y, radius, each.best ? "dot best" : "dot", each.label);
    const double w = 7.0 * static_cast<double>(display_width(each.mark)), h = 11;
    // Beside, above, below, the corners, then the same farther out.
    box chosen{};
    bool found = false;
    for (const double reach : {2.0, 9.0, 17.0, 26.0}) {
      for (const auto& [dx, dy] : std::array<std::pair<double, double>, 8>{
               {{1, 0}, {0, -1}, {-1, 0}, {0, 1}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}}}) {
        const double cx = x + dx * (radius + reach + w / 2);
        const double cy = y + dy * (radius + reach + h / 2);
        const box place{cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2};
        const bool inside =
            place.x1 > left && place.x2 < width && place.y1 > top - 12 && place.y2 < bottom;
        const bool free = std::none_of(taken.begin(), taken.end(),
                                       [&](const box& other) { return place.meets(other); });
        if (inside && free) {
          chosen = place;
          found = true;
          break;
        }
      }
      if (found) break;
    }
    // In a crowd the mark is left to the tooltip.
    if (!found) continue;
    taken.push_back(chosen);
    marks += text_at((chosen.x1 + chosen.x2) / 2, chosen.y2 - 1.5,
                     each.best ? "class=\"mark strong\" text-anchor=\"middle\""
                               : "class=\"mark\" text-anchor=\"middle\"",
                     each.mark);
  }
  return svg + best + marks + "</svg>";
}

std::string strip_chart(const chart_words& words, const std::vector<strip>& strips) {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  for (const auto& each : strips) {
    for (const double value : each.values) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
  if (!(least <= most)) least = most = 0;
  const axis scale = axis::linear(least, most, 4);
  constexpr double left = 14, right = width - 18;
  const double bottom = row_height * static_cast<double>(strips.size()) + 4;
  std::string svg = opened(words, bottom + 40);
  svg += x_axis(scale, left, right, 0, bottom, words.x_axis);
  const auto x_of = [&](double value) { return left + scale.place(value) * (right - left); };
  for (std::size_t i = 0; i < strips.size(); ++i) {
    const double y = row_height * static_cast<double>(i);
    svg += row_label(y + 15, strips[i].label);
    if (strips[i].values.empty()) continue;
    const auto [low, high] = std::minmax_element(strips[i].values.begin(), strips[i].values.end());
    svg += line_at(x_of(*low), y + 27, x_of(*high), y + 27, "range");
    for (std::size_t f = 0; f < strips[i].values.size(); ++f) {
      svg += circle_at(
          x_of(strips[i].values[f]), y + 27, 4, strips[i].best ? "dot best" : "dot",
          strips[i].label + ", fold " + std::to_string(f) + ": " + fixed(strips[i].values[f], 6));
    }
    svg += line_at(x_of(strips[i].mean), y + 20, x_of(strips[i].mean), y + 34, "mean");
  }
  return svg + "</svg>";
}

}  // namespace recokit_bench
