// ImagegenCommands: see docs/architecture.md.
