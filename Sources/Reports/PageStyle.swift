extension NodePage {
  /// Narrow screens first: tables and pictures scroll in their own box, the page never does sideways. On
  /// paper nothing scrolls, and pictures are as wide as it is.
  static let style: StaticString = """
    :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --page: #ffffff;
      --link: #0550ae; --stop: #9a3412; --stop-page: #ffedd5; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #0d1117; --link: #79c0ff;
        --stop: #fdba74; --stop-page: #431407; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
    main { max-width: 77rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; margin: 2.5rem 0 0.25rem; padding-top: 0.5rem; border-top: 1px solid var(--line); }
    p { color: var(--soft); margin: 0.25rem 0; overflow-wrap: anywhere; }
    a { color: var(--link); }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 1rem 0; padding: 0; }
    .scroll { overflow-x: auto; margin: 0.75rem 0 1.25rem; }
    .scroll:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    table { border-collapse: collapse; min-width: 100%; font-size: 0.9rem; }
    caption { text-align: left; font-weight: 600; padding: 0.25rem 0; }
    th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0;
      border-bottom: 1px solid var(--line); }
    td { min-width: 4rem; max-width: 32rem; overflow-wrap: break-word; }
    thead th, tbody th { color: var(--soft); font-weight: 600; white-space: nowrap; }
    code { font: 0.85rem/1.5 ui-monospace, monospace; white-space: nowrap; }
    mark { color: var(--stop); background: var(--stop-page); padding: 0 0.25rem; }
    figure { margin: 0; }
    svg { display: block; }
    @media print {
      :root { --ink: #000000; --soft: #333333; --line: #999999; --page: #ffffff; }
      nav { display: none; }
      main { max-width: none; padding: 0; }
      .scroll { overflow: visible; }
      svg { max-width: 100%; height: auto; }
      table { font-size: 0.7rem; }
      code { font-size: 0.65rem; white-space: normal; overflow-wrap: break-word; }
      thead { display: table-header-group; }
      tr, figure { break-inside: avoid; }
      h2, caption { break-after: avoid; }
    }

    """
}
