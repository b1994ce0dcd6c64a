"""What each operation does, whoever asks: the emulated API, the control API, a scenario."""
