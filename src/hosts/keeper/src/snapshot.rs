//! What a keeper sees of one vault, one auction or one asset at one block: everything a decision needs, and nothing else.

use alloy_primitives::{Address, U256};

/// One thing to decide about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snapshot {
    /// A vault, which may be unsafe.
    Vault(VaultSnapshot),
    /// An auction, which may be stale or cheap.
    Auction(AuctionSnapshot),
    /// An asset, whose price may have to be recorded.
    Asset(AssetSnapshot),
}

/// A vault as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultSnapshot {
    /// Its number.
    pub vault_id: U256,
    /// The health factor in wad, 1e18 and above is safe; `None` where the oracle refuses to price the vault.
    pub health_wad: Option<U256>,
    /// What it owes, in base units of the debt asset.
    pub debt_raw: U256,
    /// What it holds.
    pub holdings: Vec<Holding>,
    /// The least that an auction may have due, in base units of the debt asset.
    pub min_due_raw: U256,
    /// What the keeper would be paid at least, in base units of the debt asset: never more than the surplus holds.
    pub reward_raw: U256,
}

/// One collateral of a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The token.
    pub collateral: Address,
    /// What it is worth, in base units of the debt asset.
    pub value_raw: U256,
    /// Whether the auction contract knows how to sell it.
    pub has_terms: bool,
    /// How much more may be due in auctions of it, in base units of the debt asset.
    pub room_raw: U256,
}

/// An auction as it stands. Prices are debt base units for one collateral base unit, scaled by 1e27 (ray).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuctionSnapshot {
    /// Its number.
    pub auction_id: U256,
    /// Whether the contract says that it must be restarted before anybody can buy.
    pub needs_restart: bool,
    /// What a buyer pays now.
    pub price_ray: U256,
    /// What is left of the lot, in base units of the collateral; zero when the auction has ended.
    pub lot_raw: U256,
    /// What the buyers shall still pay, in base units of the debt asset.
    pub due_raw: U256,
    /// The least that a part may leave due, in base units of the debt asset.
    pub min_due_raw: U256,
    /// What the collateral sells for elsewhere; `None` where nobody says.
    pub market_price_ray: Option<U256>,
    /// What the keeper would be paid at least for a restart, in base units of the debt asset.
    pub reward_raw: U256,
}

/// An asset as the oracle has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetSnapshot {
    /// The token.
    pub asset: Address,
    /// Whether a feed is set for it.
    pub has_feed: bool,
    /// The state it is in, numbered as in the oracle's report: 0 is normal.
    pub state: u64,
    /// The state that was recorded last.
    pub recorded_state: u64,
    /// When a price was recorded last, seconds since 1970; zero where none was.
    pub recorded_at_secs: u64,
    /// The time of the block.
    pub now_secs: u64,
}
