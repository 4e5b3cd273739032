// Bundles: see docs/architecture.md.
