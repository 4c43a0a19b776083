"""The catalogue as the public reads it: what runs when, how each run stands, and what one can do about it."""

from courses.catalogue.standing import Action, Standing, State, standing

__all__ = ["Action", "Standing", "State", "standing"]
