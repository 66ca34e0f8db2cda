"""The catalogue as files: taken out as CSV, XLSX and JSON, and read back, with a look at what would change first."""
