"""A site of django-helpdesk; it runs where its packages are, and reads no settings of the portal."""
