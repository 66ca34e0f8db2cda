"""What the portal says to machines: maps, feeds, catalogues by European vocabularies."""
