"""What machines fetch, and the page from which people take the address of their calendar."""
