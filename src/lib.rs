#![doc = include_str!("../README.md")]

pub use interface;
pub use kernel;
pub use units;
