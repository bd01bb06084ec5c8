"""The permit as data: decisions and their conditions, the one limit model, and which limit binds on a day."""
