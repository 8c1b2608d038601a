"""3 LABELLED SETS: recordings with their label, bearing and load, and the protocols that split them."""
