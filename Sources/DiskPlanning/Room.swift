// DiskPlanning: see docs/architecture.md.
