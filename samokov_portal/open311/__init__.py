"""Open311 GeoReport v2: programs of others file a case for a person, and ask where it stands."""
