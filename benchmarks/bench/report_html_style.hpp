// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The style sheet of the HTML report; light and dark.
#pragma once

#include <string_view>

namespace recokit_bench {

inline constexpr std::string_view report_style = R"css(
:root { color-scheme: light dark; --back: #ffffff; --card: #f5f7fa; --ink: #1b2430; --soft: #576270;
  --line: #d5dbe3; --bar: #9db7d9; --best: #1257a8; --tint: #e4eefb; --bad: #a3201b; }
@media (prefers-color-scheme: dark) { :root { --back: #10151b; --card: #18202a; --ink: #e6ebf1;
  --soft: #a3afbd; --line: #303b48; --bar: #45678f; --best: #7db4f5; --tint: #1b3352;
  --bad: #ff938c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem;
  background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
p { margin: .25rem 0 .75rem; max-width: 60rem; }
.soft, figcaption { color: var(--soft); }
.note { font-size: .9rem; color: var(--soft); }
.failed { color: var(--bad); overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .45rem .75rem; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: var(--card); font-weight: 600; }
th.name { text-align: left; font-weight: 500; position: sticky; left: 0; background: var(--back);
  white-space: normal; overflow-wrap: anywhere; min-width: 8rem; max-width: 22rem; }
thead th.name { background: var(--card); font-weight: 600; }
th.name span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: hidden; }
td.best { background: var(--tint); font-weight: 700; }
.spread { display: block; font-size: .85em; color: var(--soft); font-weight: 400; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.charts { display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
figure { margin: 0; padding: 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; align-self: start; }
figcaption { font-size: .85rem; margin-top: .25rem; }
figure h3 { margin: 0 0 .5rem; font-size: 1rem; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .tick, svg .axis { fill: var(--soft); font-size: 11px; }
svg .value { font-variant-numeric: tabular-nums; }
svg .strong { font-weight: 700; }
svg .mark { font-size: 11px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .base { stroke: var(--soft); stroke-width: 1; }
svg .range { stroke: var(--bar); stroke-width: 2; }
svg .whisker { stroke: var(--ink); stroke-width: 1.5; }
svg .mean { stroke: var(--ink); stroke-width: 2; }
svg .bar, svg .dot { fill: var(--bar); }
svg .dot { stroke: var(--card); stroke-width: 1; }
svg .best { fill: var(--best); }
dl { display: grid; grid-template-columns: fit-content(18rem) minmax(0, 1fr); gap: .3rem 1.25rem;
  margin: .5rem 0; }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 34rem) { th, td { padding: .4rem .5rem; } th.name { min-width: 6.5rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .5rem; } }
)css";

}  // namespace recokit_bench
