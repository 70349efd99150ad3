//! Which modules the chain takes: the rules beyond those of WebAssembly itself.
//!
//! They are looked at in this order, and the first that is broken is the one reported:
//! [`structure`], [`imports`], then, on the metered module, [`limits`] and [`figures`].

mod imports;
mod limits;
mod structure;
#[cfg(test)]
mod tests;

pub use imports::{ImportError, imports};
pub use limits::{Figures, LimitError, Quantity, figures, limits};
pub use structure::{StructureError, structure};
