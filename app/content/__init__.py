"""Strict YAML in, checked domain objects out; every mistake names file, line, column and id."""
