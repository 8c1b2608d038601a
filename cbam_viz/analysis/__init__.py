"""6 VIEW NUMBERS: one file a view, NumPy in and out."""
