"""What a browser asks of the front desk."""
