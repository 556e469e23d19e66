"""``truehop verify``: a mail stack as its clients meet it, and what its servers write down of them."""
