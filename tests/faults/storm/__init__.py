"""A storm: visits are booked, moved and cancelled while workers, mail server and database are killed and restarted.

`make storm` runs it. The database is the witness: its history says what was committed, its messages what came of that,
and the mail server's own log what arrived. What must hold is in `checks`.
"""
