"""What is done with servers that run: their logs are read here, their doors tried."""
