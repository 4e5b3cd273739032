// YAMLSources: see docs/architecture.md.
