"""The city's own MQTT broker: it answers what one client may see to that client, and distributes nothing between clients."""
