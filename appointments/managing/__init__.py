"""What patients do with a booking of theirs, by the link that they hold or ask for (rules B6 and B7).

``changes``  what is open to them at one moment
``moving``   another time for the same visit
``finding``  a new link for whoever has lost it
``forms``    the shape of what they send
"""
