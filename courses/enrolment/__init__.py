"""The verbs that make and change enrolments. Pages, admin, import and commands all call these (rules C1 to C4).

Each takes keywords only, locks the rows of the runs first, in id order, looks again, and then writes, in one
transaction; those that need a seat end lapsed offers before, in a transaction of their own. `overdue`, `untold`,
`may_claim` and `fee_after_move` only look. The counter of seats stands under a check constraint, and the database
compares it with the rows when the transaction ends: no mistake here can sell a seat that does not exist.
"""

from courses.enrolment.claiming import may_claim, say_paid
from courses.enrolment.details import Details
from courses.enrolment.enrolling import enrol
from courses.enrolment.keeping import amend, check_registration, mark, renew_link
from courses.enrolment.leaving import reinstate, withdraw
from courses.enrolment.moving import fee_after_move, transfer
from courses.enrolment.offering import accept_offer, admit, decline_offer, end_lapsed_offers, offer_next
from courses.enrolment.overdue import give_notice, overdue, release_unpaid, tell_overdue, untold
from courses.enrolment.paying import receive_payment, refuse_payment, take_payment, take_payment_back
from courses.enrolment.refunding import send_refund
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
    "give_notice",
    "mark",
    "may_claim",
    "offer_next",
    "overdue",
    "receive_payment",
    "refuse_payment",
    "reinstate",
    "release_unpaid",
    "renew_link",
    "revise_run",
    "say_paid",
    "send_refund",
    "take_payment",
    "take_payment_back",
    "tell_overdue",
    "transfer",
    "untold",
    "withdraw",
]
