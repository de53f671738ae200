"""Networks and layers that several variants share."""
