"""What a doctor is told and may do by the link of an enrolment."""
