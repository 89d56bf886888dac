"""The problems that tell mistakes apart, and what each known mistake gives on them."""
