"""The Hugging Face Hub: publish checkpoints, find what others published, and open it with suspicion."""
