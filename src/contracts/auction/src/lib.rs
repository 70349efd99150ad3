//! The auction contract
