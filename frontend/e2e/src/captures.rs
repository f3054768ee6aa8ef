//! Captures of meters that do not exist.
