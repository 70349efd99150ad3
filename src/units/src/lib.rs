//! Quantities and their only arithmetic
