// Profiles: see docs/architecture.md.
