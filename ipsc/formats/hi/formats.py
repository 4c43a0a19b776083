"""Dates and times in Hindi: 26 नवंबर 2026, 17:30.

`E` gives the month in its usual spelling; Django's word for `F` is misspelt. The clock has 24 hours, because Django has
one Hindi word for AM and PM alike, with which eight in the morning and eight in the evening read the same.
"""

DATE_FORMAT = "j E Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y, H:i"
YEAR_MONTH_FORMAT = "E Y"
MONTH_DAY_FORMAT = "j E"
# Thousands, then lakhs and crores: 1,50,000.
NUMBER_GROUPING = (3, 2, 0)

SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
