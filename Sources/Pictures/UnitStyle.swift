extension UnitDrawing {
  /// Plain colours first: what draws SVG without media queries shows the light scheme.
  static let style: StaticString = """
    .unit-picture{background:#fff}
    .unit-picture text{fill:#1b1f24;font:13px system-ui,sans-serif}
    .unit-picture .head{font-size:17px;font-weight:600}
    .unit-picture .note,.unit-picture .step,.unit-picture .aside{fill:#57606a}
    .unit-picture .band{fill:#f6f8fa}
    .unit-picture .odd{fill:#eef1f4}
    .unit-picture .name{font:12px ui-monospace,monospace;text-anchor:middle}
    .unit-picture .aside{font:10px ui-monospace,monospace;text-anchor:middle}
    .unit-picture .unit path,.unit-picture .sample{fill:#fff;stroke:#24292f;stroke-width:1.2}
    .unit-picture .stock path,.unit-picture .stock .sample{fill:#e3e8ee;stroke:#8c959f}
    .unit-picture .masked path,.unit-picture .masked .sample{fill:#e3e8ee;stroke:#8c959f;stroke-dasharray:1 3}
    .unit-picture .missing path,.unit-picture .missing .sample{stroke:#9a3412;stroke-dasharray:5 3}
    .unit-picture .missing text{fill:#9a3412}
    .unit-picture path{fill:none;stroke:#3b434b;stroke-width:1.5}
    .unit-picture .bind path{stroke-width:3}
    .unit-picture .want path{stroke-dasharray:7 4}
    .unit-picture .ord path{stroke-dasharray:1.5 3.5}
    .unit-picture .trig path{stroke:#0550ae;stroke-dasharray:10 3 2 3}
    .unit-picture .part path{stroke:#57606a;stroke-dasharray:12 4}
    .unit-picture .conf path{stroke:#8250df;stroke-dasharray:4 3}
    .unit-picture .dim path{stroke:#848d97;stroke-width:1.2}
    .unit-picture .ring path{stroke:#cf222e;stroke-width:2.5}
    .unit-picture path.tip,.unit-picture path.cross{stroke-dasharray:none;stroke-width:1.2}
    .unit-picture path.tip{fill:#3b434b}
    .unit-picture .trig path.tip{fill:#0550ae}
    .unit-picture .dim path.tip{fill:#848d97}
    .unit-picture .ring path.tip{fill:#cf222e}
    .unit-picture path.cross{stroke-width:2}
    .unit-picture path.tip.open{fill:#fff}
    .unit-picture g:hover>path{stroke-width:3}
    @media (prefers-color-scheme:dark){
    .unit-picture{background:#0d1117}
    .unit-picture text{fill:#e6edf3}
    .unit-picture .note,.unit-picture .step,.unit-picture .aside{fill:#9198a1}
    .unit-picture .band{fill:#151b23}
    .unit-picture .odd{fill:#1c232c}
    .unit-picture .unit path,.unit-picture .sample{fill:#0d1117;stroke:#c9d1d9}
    .unit-picture .stock path,.unit-picture .stock .sample,.unit-picture .masked path,.unit-picture .masked .sample{fill:#2a313c;stroke:#9198a1}
    .unit-picture .missing path,.unit-picture .missing .sample{stroke:#fdba74}
    .unit-picture .missing text{fill:#fdba74}
    .unit-picture path{stroke:#b6bec7}
    .unit-picture path.tip{fill:#b6bec7}
    .unit-picture .trig path{stroke:#79c0ff}
    .unit-picture .trig path.tip{fill:#79c0ff}
    .unit-picture .part path{stroke:#9198a1}
    .unit-picture .conf path{stroke:#d2a8ff}
    .unit-picture .dim path{stroke:#6e7681}
    .unit-picture .dim path.tip{fill:#6e7681}
    .unit-picture .ring path{stroke:#ff7b72}
    .unit-picture .ring path.tip{fill:#ff7b72}
    .unit-picture path.tip.open{fill:#0d1117}
    }

    """
}
