"""Sources of readings: sensors' networks push messages, device profiles say what they mean."""
