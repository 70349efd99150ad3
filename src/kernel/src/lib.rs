//! The rules as pure functions on values
