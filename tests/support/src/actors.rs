//! Who acts in the tests.

use alloy_primitives::{Address, address};

/// Owns the contracts' parameters.
pub const OWNER: Address = address!("0000000000000000000000000000000000a0de01");
/// Deploys and mints tokens, sets feeds.
pub const OPERATOR: Address = address!("0000000000000000000000000000000000a0de02");
/// A borrower.
pub const ALICE: Address = address!("0000000000000000000000000000000000a11ce1");
/// Another borrower.
pub const BOB: Address = address!("00000000000000000000000000000000000b0b01");
/// Starts and restarts auctions.
pub const KEEPER: Address = address!("00000000000000000000000000000000004ee901");
/// A buyer.
pub const BUYER: Address = address!("0000000000000000000000000000000000b4e901");
/// Another buyer.
pub const RIVAL: Address = address!("0000000000000000000000000000000000b4e902");
/// Lends the debt asset, and gives some away.
pub const LENDER: Address = address!("00000000000000000000000000000000001e4d01");
/// Somebody without any right.
pub const STRANGER: Address = address!("0000000000000000000000000000000000574a01");

/// Signs: its key is 32 times the byte 7.
pub const SIGNER: Address = address!("4a62316623ad457F02cDC5D997deD67a383EC569");

/// All of them, with the names messages use.
pub const ALL: [(&str, Address); 10] = [
    ("owner", OWNER),
    ("operator", OPERATOR),
    ("alice", ALICE),
    ("bob", BOB),
    ("keeper", KEEPER),
    ("buyer", BUYER),
    ("rival", RIVAL),
    ("lender", LENDER),
    ("stranger", STRANGER),
    ("signer", SIGNER),
];
