// NixEmission: see docs/architecture.md.
