"""The pages of the set-up: what is done, what is missing, and the way from an empty database to an open clinic."""
