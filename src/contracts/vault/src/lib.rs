//! The vault contract
