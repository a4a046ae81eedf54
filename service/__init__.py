"""Evenkeel: live conversation sentiment and escalation risk for customer chat (vi, tl, cs, en).

Read `service/flow.py` first: it names the records that pass between the stages.
"""

__version__ = "0.1.0"
