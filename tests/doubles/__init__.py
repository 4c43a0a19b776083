"""Servers on this machine that behave as the real ones do on their worst days."""
