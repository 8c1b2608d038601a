"""1 SIGNAL IN: the signal, one reader a file format, and the one way into windows."""
