"""What a supplier is expected to deliver, by when; and what came on time, late or not at all."""
