"""What networks are trained for: the terms of the papers and how discriminators' outputs become losses."""
