// NodeFiles: see docs/architecture.md.
