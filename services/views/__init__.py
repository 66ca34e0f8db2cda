"""Pages of the catalogue, and of the applications logged at the desk."""
