"""What authors write: one class per item of content; the class is the schema of its YAML."""
