// NetbootEmission: see docs/architecture.md.
