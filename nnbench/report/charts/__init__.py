"""Charts that more than one section draws."""
