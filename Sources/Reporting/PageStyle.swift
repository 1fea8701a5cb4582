/// The style sheet of a report as a page: a column of text beside its headings, drawings that tell
/// fates apart by colour, pattern and place, and one sheet of paper after the other when printed.
enum PageStyle {
  /// CSS without a character that HTML or XML would read.
  static let sheet: StaticString = """

    :root {
      color-scheme: light dark;
      --paper: #fdfcf9; --raised: #f4f1ea; --ink: #1d1b18; --soft: #5a554d; --rule: #d6d0c4;
      --accent: #0a5a6b; --answered: #5586a6; --refused: #b3261e; --silent: #2b2825;
      --late: #96640a; --unknown: #87827a; --failure: #f6e3d7; --span: #ece8de; --packets: #5b5f66;
      --good: #2c6b3f;
      --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Georgia, "Liberation Serif", serif;
      --sans: "Source Sans 3", "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
      --mono: "Source Code Pro", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #16181b; --raised: #202328; --ink: #e9e6df; --soft: #aaa59b; --rule: #3b3f45;
        --accent: #6fc3d6; --answered: #6f9fbf; --refused: #ff7b6e; --silent: #e2ded5;
        --late: #e0b04c; --unknown: #7b776f; --failure: #3a2723; --span: #262a2f;
        --packets: #a9adb5; --good: #7cc794;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.55 var(--serif); overflow-wrap: anywhere;
    }
    main { max-width: 66rem; margin: 0 auto; padding: 0 1rem 4rem; }
    a { color: var(--accent); text-underline-offset: 0.15em; }
    a:focus-visible, summary:focus-visible, .scroll:focus-visible {
      outline: 2px solid var(--accent); outline-offset: 2px;
    }
    .skip { position: absolute; left: -999rem; }
    .skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.3rem 0.6rem; }
    .patterns { position: absolute; }

    h1, h2, h3, h4, p, ul, ol, dl, dd, figure, pre { margin: 0; }
    h1 { font-size: 2.1rem; line-height: 1.15; font-weight: 700; letter-spacing: -0.01em; text-wrap: balance; }
    h2 { font-size: 1.25rem; line-height: 1.25; }
    h3 { font-size: 1.0625rem; line-height: 1.35; }
    h4 { font: 600 0.8125rem/1.4 var(--sans); color: var(--soft); }
    p + p, ul + p, pre + p, p + ul, p + pre, .exhibit + .exhibit, .note + .note { margin-top: 0.6rem; }
    ul, ol { padding-left: 1.2rem; }
    li + li { margin-top: 0.45rem; }

    .top { padding-top: 2.5rem; }
    .top h1 { margin-bottom: 1.1rem; }
    .verdict {
      font: 700 0.8125rem/1 var(--sans); letter-spacing: 0.06em; text-transform: uppercase;
      margin-bottom: 1.2rem;
    }
    .verdict span { display: inline-block; padding: 0.45em 0.7em; border: 2px solid var(--soft); color: var(--soft); }
    .verdict.outage span { background: var(--refused); border-color: var(--refused); color: var(--paper); }
    .verdict.failures span { border-color: var(--refused); color: var(--refused); }
    .verdict.no-outage span { border-color: var(--good); color: var(--good); }
    .lead { font-size: 1.25rem; line-height: 1.45; }
    .rest { color: var(--ink); }
    .figures {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem 1.5rem;
      margin: 1.5rem 0; padding: 1rem 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule);
    }
    .figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
    .figures dd { font-size: 1.6rem; line-height: 1.2; font-weight: 700; font-variant-numeric: tabular-nums lining-nums; }
    .figures dt { font: 0.8125rem/1.35 var(--sans); color: var(--soft); }
    .facts { font: 0.8125rem/1.45 var(--sans); margin-top: 1.5rem; }
    .facts dt { color: var(--soft); }
    .facts dd { margin-bottom: 0.55rem; font-variant-numeric: tabular-nums; }
    nav { border-top: 1px solid var(--rule); margin-top: 2rem; padding-top: 0.7rem; font: 0.875rem/1.5 var(--sans); }
    nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; }
    nav li + li { margin-top: 0; }

    section { margin-top: 2.6rem; padding-top: 0.9rem; border-top: 3px solid var(--ink); scroll-margin-top: 0.5rem; }
    section > h2 { margin-bottom: 1rem; }
    .body { min-width: 0; }
    @media (min-width: 64rem) {
      .top, section { display: grid; grid-template-columns: 12.5rem minmax(0, 47.5rem); column-gap: 3.5rem; }
      .top { grid-template-rows: auto 1fr; }
      .top .body { grid-column: 2; grid-row: 1 / 3; }
      .top .facts { grid-column: 1; grid-row: 2; margin-top: 0; }
    }

    figure + figure { margin-top: 2.4rem; }
    figcaption { font: 0.875rem/1.45 var(--sans); color: var(--soft); margin: 0.15rem 0 0.9rem; max-width: 42rem; }
    svg.wide, svg.narrow { display: block; width: 100%; height: auto; }
    svg.wide { max-width: 760px; display: none; }
    svg.narrow { max-width: 460px; }
    @media (min-width: 49rem) {
      svg.wide { display: block; }
      svg.narrow { display: none; }
    }
    svg text { fill: var(--ink); font: 12px var(--sans); font-variant-numeric: tabular-nums; }
    svg text.mono { font: 12px var(--mono); }
    svg text.strong { font-weight: 700; }
    svg text.label { fill: var(--soft); }
    svg text.label.strong { fill: var(--ink); }
    svg text.accent { fill: var(--refused); font-weight: 700; }
    svg text.good { fill: var(--good); font-weight: 700; }
    svg text.accent, svg text.good { stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; paint-order: stroke; }
    .fate { stroke-width: 0.8; }
    .fate.answered { fill: var(--answered); stroke: none; }
    .fate.refused { fill: var(--refused); stroke: none; }
    .fate.silent { fill: url(#silent); stroke: var(--silent); }
    .fate.late { fill: url(#late); stroke: var(--late); }
    .fate.unknown { fill: var(--paper); stroke: var(--unknown); }
    .silent-ground, .late-ground { fill: var(--paper); }
    .silent-ink { fill: var(--silent); }
    .late-ink { fill: var(--late); }
    .failure { fill: var(--failure); }
    .span { fill: var(--span); }
    .packets { fill: var(--packets); }
    .host { fill: var(--ink); }
    .head { fill: var(--soft); }
    .wire { stroke: var(--soft); stroke-width: 1; }
    .rule, .tick { stroke: var(--rule); stroke-width: 1; }
    .base { stroke: var(--ink); stroke-width: 1; }
    .mark { stroke: var(--refused); stroke-width: 1.5; stroke-dasharray: 3 2; }
    .mark.good { stroke: var(--good); }

    .scroll { overflow-x: auto; position: relative; }
    .scroll + p { margin-top: 0.6rem; }
    p + .scroll, p + details { margin-top: 0.8rem; }
    table { border-collapse: collapse; width: 100%; font: 0.8125rem/1.45 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: normal; }
    th { font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--ink); vertical-align: bottom; }
    td { border-bottom: 1px solid var(--rule); vertical-align: top; }
    th, td { padding: 0.4rem 0.8rem 0.4rem 0; text-align: left; }
    th:last-child, td:last-child { padding-right: 0; }
    th.number, td.number { text-align: right; }
    td.words { min-width: 8.5rem; overflow-wrap: anywhere; }
    .how { min-width: 11rem; color: var(--soft); }
    .time { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .strong { font-weight: 700; }
    .digest { color: var(--soft); font-size: 0.6875rem; max-width: 22rem; }

    code, pre { font-family: var(--mono); font-size: 0.8125rem; overflow-wrap: anywhere; }
    pre { background: var(--raised); padding: 0.5rem 0.7rem; white-space: pre-wrap; line-height: 1.5; margin-top: 0.3rem; }
    .digest code { font-size: inherit; }
    .cite { font: 0.8125rem/1.4 var(--sans); color: var(--soft); }
    .caption { font: 0.875rem/1.45 var(--sans); color: var(--soft); }
    .caption strong { font-weight: 600; }
    details > summary { font: 0.875rem/1.6 var(--sans); color: var(--accent); cursor: pointer; }
    .finding + .finding, .cause + .cause { margin-top: 1.7rem; padding-top: 1.3rem; border-top: 1px solid var(--rule); }
    .badge {
      display: inline-block; font: 700 0.6875rem/1 var(--sans); letter-spacing: 0.05em; text-transform: uppercase;
      padding: 0.3em 0.5em; border: 1px solid var(--soft); color: var(--soft); vertical-align: 0.12em;
    }
    .badge.critical { background: var(--refused); border-color: var(--refused); color: var(--paper); }
    .badge.high { border-color: var(--refused); color: var(--refused); }
    .badge.medium { border-color: var(--late); color: var(--late); }
    .badge.likely { background: var(--ink); border-color: var(--ink); color: var(--paper); }
    .badge.possible { border-color: var(--ink); color: var(--ink); }
    .lines { margin: 0.7rem 0; font: 0.875rem/1.5 var(--sans); }
    .lines .time { white-space: normal; color: var(--soft); }
    ul.packets { list-style: none; padding: 0; }
    ul.packets li { padding-left: 1rem; text-indent: -1rem; }
    ul.packets li + li { margin-top: 0.2rem; }
    .tally { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem 1.4rem; margin-bottom: 1.6rem; font: 0.875rem/1.5 var(--sans); }
    .tally li + li { margin-top: 0; }
    details > .finding { padding-top: 1.3rem; }
    .index { display: inline-block; min-width: 1.1em; color: var(--accent); font-variant-numeric: tabular-nums; }
    .sides { display: grid; gap: 1rem 2rem; margin-top: 0.8rem; font: 0.9375rem/1.5 var(--sans); }
    @media (min-width: 49rem) { .sides { grid-template-columns: 1fr 1fr; } }
    .sides ul { padding-left: 1rem; }
    .conclusion { margin-top: 1.7rem; padding-top: 1rem; border-top: 1px solid var(--ink); font-weight: 700; }

    @page { size: A4; margin: 18mm 16mm 16mm; }
    @media print {
      :root {
        color-scheme: light;
        --paper: #fff; --raised: #f4f2ee; --ink: #000; --soft: #4d4943; --rule: #c8c3b8;
        --accent: #0a4a58; --answered: #5586a6; --refused: #b3261e; --silent: #2b2825;
        --late: #96640a; --unknown: #8d887e; --failure: #f6e3d7; --span: #ece8de;
        --packets: #5b5f66; --good: #2c6b3f;
      }
      html { font-size: 9.5pt; }
      body { background: none; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      main { max-width: none; padding: 0; }
      nav, .skip { display: none; }
      .top { padding-top: 0; }
      .top, section { display: block; }
      .top .facts { display: grid; grid-template-columns: max-content 1fr; column-gap: 1rem; margin-bottom: 1rem; }
      .top .facts dd { margin-bottom: 0.1rem; }
      section { margin-top: 1.6rem; padding-top: 0.5rem; border-top-width: 2px; }
      h1, h2, h3, h4, summary, figcaption, .caption, .body > p:first-child, thead { break-after: avoid; }
      figure.one, figcaption, svg, tr, pre, .exhibit, .note, .figures, ul.packets li { break-inside: avoid; }
      li, p { orphans: 3; widows: 3; }
      svg.wide { display: block; max-width: none; }
      svg.narrow { display: none; }
      .scroll { overflow: visible; }
      details::details-content { display: block; content-visibility: visible; height: auto; }
      details > summary { list-style: none; color: var(--soft); }
      .sides { grid-template-columns: 1fr 1fr; }
      table { font-size: 7.5pt; }
      a { color: inherit; text-decoration: none; }
    }

    """
}
