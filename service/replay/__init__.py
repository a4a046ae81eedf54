"""What if? Conversations that are over, played again through the same pure flow, under another policy or model.

read · stored        a file, the database -> `Conversation`s
play                 a conversation and an engine -> the answers, turn by turn, and the alerts
measure · compare    alerts against outcomes | two replays against each other
report · present     one result -> JSON | a page of text
"""
