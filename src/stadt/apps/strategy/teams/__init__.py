"""Teams of measures: people of several organisations who work on one measure, each for a time."""
