// CommandLineKit: see docs/architecture.md.
