"""Stages 5 and 6: the scores of a conversation -> its risk and one recommendation. See `flow.py`."""
