//! What has gone wrong with other engines, replayed against this one, and the traps that wait for any of them.
//!
//! `README.md` says for each incident and each trap which test it is; `document.rs` sees to it that those tests exist.

mod debt_tokens;
mod decimals;
mod document;
mod forgiving;
mod functions;
mod losses;
mod reentry;
mod sales;
mod scene;
mod sizes;
