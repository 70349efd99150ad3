//! The spillway command
