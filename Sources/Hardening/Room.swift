// Hardening: see docs/architecture.md.
