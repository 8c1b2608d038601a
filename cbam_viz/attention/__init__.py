"""5 RECORD: torch goes in, NumPy comes out."""
