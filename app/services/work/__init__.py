"""What happens when nobody waits: jobs, letters, tidying."""
