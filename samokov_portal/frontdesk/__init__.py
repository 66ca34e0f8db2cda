"""The front desk: one page on which whatever comes is entered, and the papers that are printed there."""
