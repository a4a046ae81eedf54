"""What happened, looked back on: conversations -> facts -> periods -> the numbers of a report. Pure; the store feeds it."""
