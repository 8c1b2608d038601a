"""2 WHAT IS TRUE: the physics that a picture of attention can be held against."""
