"""What every subject stands on: errors, flags, quantities, periods, exact numbers."""
