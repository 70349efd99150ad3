//! What the contracts answer at the end, for comparison with the ledger.

use crate::{
    chain::{Chain, ChainError, peers::Token},
    demo::{
        ledger::Ledger,
        system::{People, System},
    },
};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IPool, IReserve, IVault};
use std::collections::BTreeMap;

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// The vault contract's books.
    pub books: Books,
    /// What each vault owes, rounded up, summed.
    pub debts_raw: U256,
    /// How many vaults owe something.
    pub indebted_vaults: u64,
    /// Each collateral, in the order of listing.
    pub collaterals: Vec<CollateralReading>,
    /// The debt asset.
    pub debt_asset: TokenReading,
    /// The auctions that are still running.
    pub running: RunningReading,
    /// How many auctions there have ever been.
    pub auction_count: u64,
    /// The pool.
    pub pool: PoolReading,
    /// The reserve.
    pub reserve: ReserveReading,
    /// What the lens said, just before each liquidation, that it would make buyers owe; summed.
    pub previewed_due_raw: U256,
    /// What the keeper holds of the debt asset, which nobody else ever sent it.
    pub keeper_raw: U256,
}

/// The books: base units of the debt asset, and shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of IVault.Books")]
pub struct Books {
    pub cash_raw: U256,
    pub debt_raw: U256,
    pub on_auction_raw: U256,
    pub bad_debt_raw: U256,
    pub funded_raw: U256,
    pub surplus_raw: U256,
    pub debt_shares: U256,
}

/// The pool: base units of the debt asset, and shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolReading {
    /// Its shares; nobody but lenders holds any.
    pub shares: TokenReading,
    /// What all shares are worth.
    pub assets_raw: U256,
    /// What the demo's lender holds.
    pub lender_shares: U256,
    /// What these are worth, rounded down.
    pub lender_raw: U256,
}

/// The reserve: base units of the debt asset, and shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReserveReading {
    /// What it holds of the debt asset.
    pub held_raw: U256,
    /// What all stakers have.
    pub worth_raw: U256,
    /// What they will have earned beyond that at the end of the drip.
    pub dripping_raw: U256,
    /// All shares of stakers.
    pub shares: U256,
    /// What the demo's staker has.
    pub staker_raw: U256,
    /// The bad debt that waits.
    pub waiting_raw: U256,
    /// The queue's entries, summed.
    pub queue_raw: U256,
    /// What of it will reach the lenders.
    pub lenders_loss_raw: U256,
}

/// One collateral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollateralReading {
    /// Its name.
    pub name: String,
    /// The token.
    pub token: TokenReading,
    /// What the vault contract says it holds in all vaults.
    pub total_raw: U256,
    /// What each vault holds, summed.
    pub in_vaults_raw: U256,
    /// The lots on sale, summed.
    pub on_sale_raw: U256,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenReading {
    /// Its address.
    pub address: Address,
    /// Its total supply.
    pub supply_raw: U256,
    /// What the vault contract holds.
    pub at_vault_raw: U256,
    /// What everybody holds who was ever sent any.
    pub balances_raw: BTreeMap<Address, U256>,
}

/// The auctions that are still running, summed; base units of the debt asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunningReading {
    /// How many.
    pub count: u64,
    /// The debt they shall repay.
    pub debt_raw: U256,
    /// What buyers shall pay.
    pub due_raw: U256,
    /// The same by the contract's own sum.
    pub on_sale_raw: U256,
}

impl Readings {
    /// Asks everything. The index should be brought to the present before.
    pub(crate) fn take(chain: &Chain, system: &System, ledger: &Ledger, people: &People) -> Result<Self, ChainError> {
        let keeper = people.keeper;
        let books = chain.ask(system.vault, &IVault::booksCall {})?;
        let vaults: u64 = chain.ask(system.vault, &IVault::vaultCountCall {})?.saturating_to();
        let (mut debts_raw, mut indebted_vaults) = (U256::ZERO, 0_u64);
        for vault in 1..=vaults {
            let debt_raw = chain.ask(system.vault, &IVault::debtOfCall { vaultId: U256::from(vault) })?;
            debts_raw = debts_raw.saturating_add(debt_raw);
            indebted_vaults = indebted_vaults.saturating_add(u64::from(!debt_raw.is_zero()));
        }
        let sales = running_sales(chain, system)?;
        let mut collaterals = Vec::new();
        for asset in &system.collaterals {
            let mut in_vaults_raw = U256::ZERO;
            for vault in 1..=vaults {
                let call = IVault::collateralOfCall { vaultId: U256::from(vault), collateral: asset.token };
                in_vaults_raw = in_vaults_raw.saturating_add(chain.ask(system.vault, &call)?);
            }
            let of_asset = sales.iter().filter(|sale| sale.collateral == asset.token);
            collaterals.push(CollateralReading {
                name: asset.name.to_owned(),
                token: token(chain, system, ledger, asset.token)?,
                total_raw: chain.ask(system.vault, &IVault::collateralCall { token: asset.token })?.totalRaw,
                in_vaults_raw,
                on_sale_raw: of_asset.fold(U256::ZERO, |sum, sale| sum.saturating_add(sale.lotRaw)),
            });
        }
        let on_sale = chain.ask(system.auction, &IAuction::onSaleCall { collateral: Address::ZERO })?;
        let sum = |amount: fn(&IAuction::Sale) -> U256| {
            sales.iter().fold(U256::ZERO, |sum, sale| sum.saturating_add(amount(sale)))
        };
        let debt_asset = token(chain, system, ledger, system.debt_asset)?;
        Ok(Self {
            books: Books {
                cash_raw: books.cashRaw,
                debt_raw: books.debtRaw,
                on_auction_raw: books.onAuctionRaw,
                bad_debt_raw: books.badDebtRaw,
                funded_raw: books.fundedRaw,
                surplus_raw: books.surplusRaw,
                debt_shares: books.debtShares,
            },
            debts_raw,
            indebted_vaults,
            collaterals,
            keeper_raw: debt_asset.balances_raw.get(&keeper).copied().unwrap_or_default(),
            previewed_due_raw: U256::ZERO,
            pool: pool(chain, system, ledger, people.lender)?,
            reserve: reserve(chain, system, people.staker)?,
            debt_asset,
            running: RunningReading {
                count: chain.ask(system.auction, &IAuction::countCall {})?.saturating_to(),
                debt_raw: sum(|sale| sale.debtRaw),
                due_raw: sum(|sale| sale.dueRaw),
                on_sale_raw: on_sale.allRaw,
            },
            auction_count: chain.ask(system.auction, &IAuction::auctionCountCall {})?.saturating_to(),
        })
    }
}

fn pool(chain: &Chain, system: &System, ledger: &Ledger, lender: Address) -> Result<PoolReading, ChainError> {
    let lender_shares = chain.ask(system.pool, &IPool::balanceOfCall { account: lender })?;
    Ok(PoolReading {
        shares: token(chain, system, ledger, system.pool)?,
        assets_raw: chain.ask(system.pool, &IPool::totalAssetsCall {})?,
        lender_shares,
        lender_raw: chain.ask(system.pool, &IPool::convertToAssetsCall { shares: lender_shares })?,
    })
}

fn reserve(chain: &Chain, system: &System, staker: Address) -> Result<ReserveReading, ChainError> {
    let staked = chain.ask(system.reserve, &IReserve::stakedCall {})?;
    let all = IReserve::queueCall { offset: U256::ZERO, limit: U256::from(u64::MAX) };
    let queue = chain.ask(system.reserve, &all)?;
    Ok(ReserveReading {
        held_raw: chain.ask(system.debt_asset, &Token::balanceOfCall { holder: system.reserve })?,
        worth_raw: staked.assetsRaw,
        dripping_raw: staked.drippingRaw,
        shares: staked.totalShares,
        staker_raw: chain.ask(system.reserve, &IReserve::stakeOfCall { staker })?.assetsRaw,
        waiting_raw: chain.ask(system.reserve, &IReserve::queuedCall {})?.badDebtRaw,
        queue_raw: queue.iter().fold(U256::ZERO, |sum, entry| sum.saturating_add(entry.amountRaw)),
        lenders_loss_raw: chain.ask(system.reserve, &IReserve::lendersLossCall {})?,
    })
}

fn running_sales(chain: &Chain, system: &System) -> Result<Vec<IAuction::Sale>, ChainError> {
    let all = IAuction::listCall { offset: U256::ZERO, limit: U256::from(u64::MAX) };
    let ids = chain.ask(system.auction, &all)?;
    ids.into_iter().map(|auction_id| chain.ask(system.auction, &IAuction::saleCall { auctionId: auction_id })).collect()
}

fn token(chain: &Chain, system: &System, ledger: &Ledger, address: Address) -> Result<TokenReading, ChainError> {
    let mut balances_raw = BTreeMap::new();
    for holder in ledger.tokens.get(&address).into_iter().flat_map(|flows| flows.balances_raw.keys()) {
        balances_raw.insert(*holder, chain.ask(address, &Token::balanceOfCall { holder: *holder })?);
    }
    Ok(TokenReading {
        address,
        supply_raw: chain.ask(address, &Token::totalSupplyCall {})?,
        at_vault_raw: chain.ask(address, &Token::balanceOfCall { holder: system.vault })?,
        balances_raw,
    })
}
