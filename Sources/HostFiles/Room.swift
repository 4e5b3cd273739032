// HostFiles: see docs/architecture.md.
