// UnitGraphs: see docs/architecture.md.
