"""The verbs that make and change enrolments. Pages, admin, import and commands all call these (rules C1 to C4).

Each takes keywords only, runs in one transaction, locks the rows of the runs first, in id order, looks again, and then
writes. The counter of seats stands under a check constraint, and the database compares it with the rows when the
transaction ends: no mistake here can sell a seat that does not exist.
"""

from courses.enrolment.details import Details
from courses.enrolment.enrolling import enrol
from courses.enrolment.keeping import amend, check_registration, mark, renew_link
from courses.enrolment.leaving import reinstate, withdraw
from courses.enrolment.moving import fee_after_move, transfer
from courses.enrolment.offering import accept_offer, admit, decline_offer, end_lapsed_offers, offer_next
from courses.enrolment.running import cancel_run, change_capacity, revise_run

__all__ = [
    "Details",
    "accept_offer",
    "admit",
    "amend",
    "cancel_run",
    "change_capacity",
    "check_registration",
    "decline_offer",
    "end_lapsed_offers",
    "enrol",
    "fee_after_move",
    "mark",
    "offer_next",
    "reinstate",
    "renew_link",
    "revise_run",
    "transfer",
    "withdraw",
]
