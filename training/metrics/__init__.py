"""What is measured about trained models."""
