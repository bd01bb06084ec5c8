"""Emissions that are seen and pass through no stack: oven doors, pushes, roof vents, pits, stockpiles, flares."""
