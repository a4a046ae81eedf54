"""Foreign shapes in and out: what other systems send becomes turns, what we find becomes what they show. Pure.

`perspective.py` and `moderations.py` answer in the shapes of two moderation services. Desks: `seam.py` first, then
one file a desk; `desks.py` lists them; what receives and sends is in `api/desk_inbox.py` and `api/desk_worker.py`.
"""
