"""What people look at: data in, renderable out. Nothing here prints or computes gradients."""
