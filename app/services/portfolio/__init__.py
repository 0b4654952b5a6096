"""All clients of a consultancy: where each stands, what they have in common, what was taken up."""
