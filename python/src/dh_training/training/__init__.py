"""Training of the learned roles: one module a role, `fit` for what they share."""
