"""7 FIGURES: one file a view, each takes a trace and returns one Plotly figure."""
