//! The message of an EIP-2612 permit, as a wallet signs it.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{Eip712Domain, sol};

sol! {
    /// What is signed: that `spender` may take `value` of what `owner` has, until `deadline`, by the permit of that number.
    #[allow(missing_docs)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

/// The chain that both worlds are.
pub const CHAIN_ID: u64 = 412_346;

/// Where a permit of a token with that name is good: that token, on that chain.
pub fn domain(name: &'static str, token: Address, chain_id: u64) -> Eip712Domain {
    Eip712Domain::new(Some(name.into()), Some("1".into()), Some(U256::from(chain_id)), Some(token), None)
}
