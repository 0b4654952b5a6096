"""Who may sign in, and how: members, passwords, devices, second factors."""
