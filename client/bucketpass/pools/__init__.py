"""The user pools and identity pools of an account, as its administrator sees them."""
