"""Parts of `oasis-studio evaluate`: pictures, what is measured on them, and the report."""
