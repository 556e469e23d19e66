"""What a proxy, load balancer or mail image can do, as data with sources."""
