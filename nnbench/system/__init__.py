"""The process and its machine: signals, files that outlive a kill, memory, output."""
