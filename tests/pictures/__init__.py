"""The site's own pictures, made by a command: `python -m tests.pictures`, or `make pictures`.

Icons and card are drawn from the clinic's mark and the two pages beside this file; the screenshots for README show a
demonstration that is started for them in a folder of its own. Chromium draws, Pillow makes the files small.
"""
