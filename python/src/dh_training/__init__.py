"""Training side of dh-advisor: reads what the host records and makes the models it serves. Research software."""
