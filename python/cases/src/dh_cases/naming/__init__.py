"""Names after AAPM TG-263, and what a name says about a structure."""
