//! The lens: what it tells is what a transaction in the same block finds, to the unit.

mod limits;
mod positions;
mod previews;
mod quotes;
