// DiagnosticRendering: see docs/architecture.md.
