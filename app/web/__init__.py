"""The screens, one blueprint package per area; ``wiring`` puts them into an application."""
