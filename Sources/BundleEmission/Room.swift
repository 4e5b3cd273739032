// BundleEmission: see docs/architecture.md.
