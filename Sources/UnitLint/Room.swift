// UnitLint: see docs/architecture.md.
