"""The emulated AWS: ministack with the enforcement that it lacks."""
