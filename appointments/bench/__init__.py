"""How fast the booking pages are with a thousand and with a million stored appointments, for `manage.py bench`.

``databases``  a database for each size, kept between runs
``seeding``    fills them, in SQL
``actions``    what is measured: the times page, a booking, and a bare view to compare with
``measuring``  runs the actions turn by turn, and adds up
``report``     says it in lines
"""
