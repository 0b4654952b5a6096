"""From a diagnosis to what the client holds: templates, charts, fonts, PDF, JSON."""
