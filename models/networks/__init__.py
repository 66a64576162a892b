"""The networks: one file a family, and the parts they share. Nothing here knows files or devices."""
