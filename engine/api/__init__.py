"""The engine process' HTTP API, its events over WebSocket, and how others reach it."""
