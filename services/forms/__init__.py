"""What may be typed in at the catalogue and at the desk."""
