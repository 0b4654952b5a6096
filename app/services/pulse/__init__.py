"""The customer pulse: a poster, six questions without a name, a cross-check from thirty on."""
