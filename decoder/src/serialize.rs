//! Serialize for what a reader of the output sees.
