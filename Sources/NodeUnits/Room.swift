// NodeUnits: see docs/architecture.md.
