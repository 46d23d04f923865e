"""The bridge to an MQTT broker: publishes what is stored and changed, and takes observations (18-088, clauses 13 and 14)."""
