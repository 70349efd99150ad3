//! What a test asks of a chain, whichever chain it is.

use alloy_primitives::{Address, B256, U256};
use std::fmt;

/// Which of our contracts to deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contract {
    /// Prices.
    Oracle,
    /// Collateral and debt.
    Vault,
    /// Sales.
    Auction,
    /// What lenders brought.
    Pool,
    /// Surplus, stakers, and the order of losses.
    Reserve,
    /// Views that no contract needs.
    Lens,
}

impl Contract {
    /// All of them, in the order they are deployed.
    pub const ALL: [Self; 6] = [Self::Oracle, Self::Vault, Self::Auction, Self::Pool, Self::Reserve, Self::Lens];

    /// Its name in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle",
            Self::Vault => "vault",
            Self::Auction => "auction",
            Self::Pool => "pool",
            Self::Reserve => "reserve",
            Self::Lens => "lens",
        }
    }
}

/// How a token behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// As ERC-20 says.
    Honest,
    /// Keeps this share of each transfer for itself; the receiver gets less than was sent.
    FeeOnTransfer(u64),
    /// Returns nothing from its transfers.
    NoReturn,
    /// Returns false and moves nothing once told to refuse.
    FalseReturning,
    /// Calls a target in each transfer once armed.
    Reentering,
}

/// A log, without its place in the chain.
#[derive(Clone, PartialEq, Eq)]
pub struct Log {
    /// Who emitted it.
    pub emitter: Address,
    /// Its topics.
    pub topics: Vec<B256>,
    /// Its data.
    pub data: Vec<u8>,
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.emitter, crate::expect::event_text(self))
    }
}

/// A transaction that took effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What the call returned.
    pub output: Vec<u8>,
    /// What was emitted, in order.
    pub logs: Vec<Log>,
    /// Gas paid for, where the world counts it.
    pub gas_used: Option<u64>,
}

/// The bytes a refused transaction or call reverted with.
#[derive(Clone, PartialEq, Eq)]
pub struct Revert(pub Vec<u8>);

impl fmt::Debug for Revert {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&crate::expect::error_text(&self.0))
    }
}

/// A chain with our contracts, tokens and feeds on it.
///
/// Time moves only by [`World::advance_secs`]; every address may send a transaction.
pub trait World {
    /// What to call it in a message.
    fn name(&self) -> &'static str;

    /// Seconds since 1970, as contracts see it.
    fn time_secs(&self) -> u64;

    /// Lets time pass.
    fn advance_secs(&mut self, secs: u64);

    /// Sends a transaction.
    ///
    /// # Errors
    /// The revert data; then nothing has changed.
    fn execute(&mut self, from: Address, to: Address, calldata: &[u8]) -> Result<Done, Revert>;

    /// Asks without changing anything.
    ///
    /// # Errors
    /// The revert data.
    fn view(&self, to: Address, calldata: &[u8]) -> Result<Vec<u8>, Revert>;

    /// Deploys a token; [`crate::actors::OPERATOR`] mints it.
    fn deploy_token(&mut self, kind: TokenKind, decimals: u8) -> Address;

    /// Deploys a price feed that answers what it is told to, and nothing before it is told.
    fn deploy_feed(&mut self, decimals: u8) -> Address;

    /// Deploys one of our contracts and runs its constructor.
    ///
    /// # Errors
    /// The constructor's revert data.
    fn deploy_contract(&mut self, contract: Contract, constructor: &[u8]) -> Result<Address, Revert>;

    /// A word of an account's storage.
    fn storage_word(&self, account: Address, slot: U256) -> U256;

    /// Everything the world stores, where it can tell: equal before and after means that nothing changed.
    fn whole_storage(&self) -> Option<Vec<(Address, U256, U256)>>;

    /// A number that stays the same while nothing is stored otherwise, where the world keeps one: a cheap
    /// [`World::whole_storage`].
    fn fingerprint(&self) -> Option<u64> {
        None
    }
}
