//! The oracle contract
