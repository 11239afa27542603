// SPDX-License-Identifier: GPL-3.0-or-later

/// How the page looks: light and dark, wide and narrow, on paper.
enum PageStyle {
  /// Colours of lines are Okabe and Ito's without their yellow, as in the published figures; on dark ground blue is
  /// lighter and black is white.
  static let text = #"""
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --raised: #f5f7f8; --ink: #1b2225; --soft: #55636a; --rule: #d5dce0; --grid: #e8ecee;
      --accent: #00695c; --warn: #8a4b00; --warn-ground: #fff5e2; --focus: #0072b2;
      --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #000000; --c4: #cc79a7; --c5: #56b4e9; --c6: #e69f00;
      --edge: #b4bfc5; --lost: #d55e00; --useless: #8a6d1f; --message: #1b2225;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14191b; --raised: #1d2427; --ink: #e6ecee; --soft: #a3b0b6; --rule: #39454a; --grid: #283135;
        --accent: #6fd0c0; --warn: #f2b866; --warn-ground: #2c2415; --focus: #56b4e9;
        --c0: #3d9fe0; --c1: #f07a2e; --c2: #1fc295; --c3: #ffffff; --c4: #dd94bb; --c5: #8fd0f5; --c6: #f0b840;
        --edge: #4d5b61; --lost: #f07a2e; --useless: #d6b95c; --message: #e6ecee;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif;
    }
    main { max-width: 1080px; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; margin: 2.2rem 0 .7rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
    h3 { font-size: 1.05rem; margin: 1.2rem 0 .6rem; overflow-wrap: anywhere; }
    p { margin: .5rem 0; max-width: 78ch; overflow-wrap: anywhere; }
    .question { font-size: 1.15rem; color: var(--soft); }
    .facts, .legend, .key { list-style: none; padding: 0; margin: .6rem 0; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; }
    .facts li { color: var(--soft); font-size: .92rem; overflow-wrap: anywhere; }
    #verdict h2 { border: 0; padding-top: 0; margin-top: 1.4rem; }
    .verdict {
      font-size: 1.12rem; background: var(--raised); border-left: 4px solid var(--accent); padding: .8rem 1rem;
      max-width: none;
    }
    .cost, .note, figcaption, footer { color: var(--soft); font-size: .9rem; }
    .warnings { list-style: none; padding: 0; margin: 0; }
    .warnings li { background: var(--warn-ground); border-left: 4px solid var(--warn); padding: .5rem 1rem; margin: .6rem 0; }
    .warnings p { max-width: none; margin: .2rem 0; }
    .remedy::before { content: "\2192\00a0"; color: var(--warn); }
    .wide { overflow-x: auto; margin: .7rem 0; }
    table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .35rem 1.1rem .35rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
    thead th { color: var(--soft); font-weight: 500; white-space: nowrap; }
    tbody th { font-weight: 600; min-width: 7rem; }
    td { white-space: nowrap; }
    #settings td { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; }
    .aside { color: var(--soft); }
    pre {
      background: var(--raised); padding: .7rem .9rem; overflow: auto; max-height: 34rem; font-size: .84rem; line-height: 1.45;
    }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
    summary { cursor: pointer; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 1.4rem 2rem; }
    figure { margin: 0; min-width: 0; }
    figure svg { width: 100%; height: auto; display: block; }
    figcaption { margin-top: .3rem; line-height: 1.4; }
    svg text { font: 11.5px system-ui, "DejaVu Sans", sans-serif; fill: var(--ink); }
    svg .tick { fill: var(--soft); font-size: 11px; }
    svg .value { fill: var(--soft); font-weight: 400; }
    svg .name { font-weight: 600; paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
    .grid { stroke: var(--grid); }
    .axis { stroke: var(--soft); fill: none; }
    .target { stroke: var(--ink); stroke-dasharray: 2 3; }
    .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
    .whisker { fill: none; stroke-width: 2.2; }
    .band { stroke: none; opacity: .2; }
    .c0 { stroke: var(--c0); } .band.c0, .dot.c0 { fill: var(--c0); }
    .c1 { stroke: var(--c1); } .band.c1, .dot.c1 { fill: var(--c1); }
    .c2 { stroke: var(--c2); } .band.c2, .dot.c2 { fill: var(--c2); }
    .c3 { stroke: var(--c3); } .band.c3, .dot.c3 { fill: var(--c3); }
    .c4 { stroke: var(--c4); } .band.c4, .dot.c4 { fill: var(--c4); }
    .c5 { stroke: var(--c5); } .band.c5, .dot.c5 { fill: var(--c5); }
    .c6 { stroke: var(--c6); } .band.c6, .dot.c6 { fill: var(--c6); }
    .band { stroke: none !important; }
    .sample { width: 28px; height: 10px; margin-right: .45rem; vertical-align: middle; }
    .legend li { font-size: .92rem; overflow-wrap: anywhere; }
    .stage { width: 100%; height: min(560px, 92vw); display: block; }
    .course { width: 100%; height: 110px; display: block; }
    .controls { display: flex; flex-wrap: wrap; gap: .5rem .7rem; align-items: center; margin: .4rem 0; }
    button, select {
      font: inherit; font-size: .92rem; color: var(--ink); background: var(--raised); border: 1px solid var(--rule);
      border-radius: 4px; padding: .3rem .7rem; min-height: 2.2rem;
    }
    .play { min-width: 5rem; font-weight: 600; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .clock { font-variant-numeric: tabular-nums; margin-left: auto; font-weight: 600; }
    /* The middle of its knob stands above the hand of the course. */
    .time { width: calc(100% - 40px); margin: .2rem 2px .2rem 38px; accent-color: var(--accent); }
    .now { min-height: 3em; max-width: none; font-variant-numeric: tabular-nums; }
    .key li { font-size: .85rem; color: var(--soft); display: flex; align-items: center; gap: .4rem; }
    .key canvas { display: block; }
    .happenings ol { max-height: 18rem; overflow: auto; padding-left: 0; list-style: none; }
    .happenings button { border: 0; background: none; color: var(--accent); padding: .1rem 0; min-height: 0; text-align: left; }
    footer { margin-top: 2.5rem; border-top: 1px solid var(--rule); padding-top: .8rem; }
    @media (max-width: 560px) {
      main { padding: 1rem .8rem 2rem; }
      h1 { font-size: 1.5rem; }
      .clock { margin-left: 0; width: 100%; }
    }
    @media print {
      :root {
        color-scheme: light;
        --ground: #fff; --raised: #f5f7f8; --ink: #000; --soft: #444; --rule: #bbb; --grid: #e4e4e4;
        --accent: #00695c; --warn: #8a4b00; --warn-ground: #fff5e2; --lost: #d55e00; --useless: #8a6d1f; --message: #000;
        --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #000; --c4: #cc79a7; --c5: #56b4e9; --c6: #e69f00;
      }
      body { font-size: 10.5pt; }
      .controls, .time, .happenings, #plain { display: none; }
      pre { max-height: none; white-space: pre-wrap; }
      .figures { grid-template-columns: 1fr 1fr; gap: 1rem; }
      .wide { overflow: visible; }
      figure, .replay, tr, .warnings li { break-inside: avoid; }
    }
    """#
}
