"""The server of Oasis Studio: HTTP and WebSocket routes over the models in the zoo."""
