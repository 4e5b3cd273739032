// FleetRules: see docs/architecture.md.
