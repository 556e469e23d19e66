"""``truehop logs``: what the servers' logs tell of the client's address."""
