//! The borrowers: 24 vaults with two collaterals each, from close to the edge to far from it, and what their owners do in the crash.

use super::{
    parameters as set,
    prices::{PRICE_DECIMALS, Step},
    stage::Stage,
};
use crate::{
    amount::tokens,
    chain::{ChainError, peers::Token},
};
use alloy_primitives::{Address, U256, keccak256, uint};
use interface::{IPool, IReserve, IVault};
use std::collections::BTreeSet;
use units::{BPS_ONE, mul_div_down, ten_to};

/// How many vaults there are.
pub(super) const VAULTS: u64 = 24;
/// The health a careful owner acts at.
const WORRIED_WAD: U256 = uint!(1_080_000_000_000_000_000_U256);
/// An owner asks for the vault again when its health may have fallen to this: two percent above, as the keeper does.
const ASK_WAD: U256 = uint!(1_100_000_000_000_000_000_U256);
/// What the lender lends, what it gives to the surplus, and what the staker stakes.
const LENT: u64 = 6_000_000;
const GIVEN: u64 = 50_000;
const STAKED: u64 = 100_000;

/// What an owner does when the vault comes close to the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Temper {
    /// Nothing.
    Idle,
    /// Repays a third of the debt, once.
    Repays,
    /// Adds a quarter to the first collateral, once.
    AddsCollateral,
}

/// The plan of one vault. Everything follows from its number, so every run opens the same vaults.
#[derive(Debug, Clone, Copy)]
struct Design {
    number: u64,
}

impl Design {
    /// From 40 000 to 247 000 dollars of collateral, in an order that has nothing to do with health.
    fn value_usd(self) -> u64 {
        self.number.saturating_mul(7).wrapping_rem(VAULTS).saturating_mul(9_000).saturating_add(40_000)
    }

    /// From 20% to 80% of it in the first collateral.
    fn first_share_bps(self) -> u64 {
        self.number.saturating_mul(5).wrapping_rem(7).saturating_mul(1_000).saturating_add(2_000)
    }

    /// A health from 1.08 to 2.23 in steps of 0.05.
    fn health_bps(self) -> u64 {
        self.number.saturating_sub(1).saturating_mul(500).saturating_add(10_800)
    }

    fn temper(self) -> Temper {
        match self.number.wrapping_rem(6) {
            2 => Temper::Repays,
            5 => Temper::AddsCollateral,
            _ => Temper::Idle,
        }
    }

    fn owner(self) -> Address {
        Address::from_word(keccak256(format!("borrower {}", self.number)))
    }

    /// What to deposit of each collateral at these prices, rounded down.
    fn deposits_raw(self, prices_raw: [U256; 2]) -> [U256; 2] {
        let first_bps = self.first_share_bps();
        let shares_bps = [first_bps, BPS_ONE.saturating_sub(first_bps)];
        let mut deposits_raw = [U256::ZERO; 2];
        for (place, listing) in set::LISTINGS.iter().enumerate() {
            let value_raw =
                tokens(self.value_usd().saturating_mul(shares_bps[place]).div_euclid(BPS_ONE), PRICE_DECIMALS);
            let one_raw = ten_to(listing.decimals).unwrap_or(U256::ONE);
            deposits_raw[place] = mul_div_down(value_raw, one_raw, prices_raw[place]).unwrap_or_default();
        }
        deposits_raw
    }

    /// What to borrow so that the vault begins with its health: the weighted value over the health, rounded down.
    fn debt_raw(self) -> U256 {
        let first_bps = self.first_share_bps();
        let weighted_bps = set::LISTINGS[0]
            .threshold_bps
            .saturating_mul(first_bps)
            .saturating_add(set::LISTINGS[1].threshold_bps.saturating_mul(BPS_ONE.saturating_sub(first_bps)));
        // Weights of 1e8 over a health of 1e4: what is left is 1e4.
        let scale = U256::from(self.health_bps()).saturating_mul(U256::from(BPS_ONE));
        mul_div_down(tokens(self.value_usd(), set::DEBT_DECIMALS), U256::from(weighted_bps), scale).unwrap_or_default()
    }
}

/// Which owners have acted already.
#[derive(Debug, Default)]
pub(super) struct Owners {
    acted: BTreeSet<u64>,
}

/// The lender lends, the staker stakes, and every vault is opened, filled and borrowed from, at the prices of `step`.
pub(super) fn open_all(stage: &mut Stage, step: &Step) -> Result<(), ChainError> {
    let (lender, staker, debt_asset) = (stage.people.lender, stage.people.staker, stage.system.debt_asset);
    let (pool, reserve) = (stage.system.pool, stage.system.reserve);
    let [lent_raw, given_raw, staked_raw] = [LENT, GIVEN, STAKED].map(|whole| tokens(whole, set::DEBT_DECIMALS));
    mint(stage, debt_asset, lender, lent_raw.saturating_add(given_raw))?;
    mint(stage, debt_asset, staker, staked_raw)?;
    for (owner, spender) in [(lender, pool), (lender, reserve), (staker, reserve)] {
        approve(stage, debt_asset, owner, spender)?;
    }
    stage.chain.send("lend", lender, pool, &IPool::depositCall { assets: lent_raw, receiver: lender })?;
    stage.chain.send("give", lender, reserve, &IReserve::donateCall { amountRaw: given_raw })?;
    stage.chain.send("stake", staker, reserve, &IReserve::stakeCall { amountRaw: staked_raw, staker })?;
    for number in 1..=VAULTS {
        open(stage, Design { number }, step)?;
    }
    Ok(())
}

fn open(stage: &mut Stage, design: Design, step: &Step) -> Result<(), ChainError> {
    let (owner, vault) = (design.owner(), stage.system.vault);
    stage.chain.give_ether(owner);
    let vault_id = stage.chain.send("open", owner, vault, &IVault::openCall {})?;
    let deposits_raw = design.deposits_raw(step.prices_raw);
    for (place, amount_raw) in deposits_raw.into_iter().enumerate() {
        let token = stage.system.collaterals[place].token;
        // Half as much again, for those who add some later.
        mint(stage, token, owner, amount_raw.saturating_add(amount_raw.div_ceil(U256::from(2))))?;
        approve(stage, token, owner, vault)?;
        let deposit = IVault::depositCall { vaultId: vault_id, collateral: token, amountRaw: amount_raw };
        stage.chain.send("deposit", owner, vault, &deposit)?;
    }
    let borrow = IVault::borrowCall { vaultId: vault_id, amountRaw: design.debt_raw(), to: owner };
    stage.chain.send("borrow", owner, vault, &borrow)?;
    approve(stage, stage.system.debt_asset, owner, vault)?;
    Ok(())
}

/// Careful owners look at their vaults and act once when they come close to the edge.
pub(super) fn act(stage: &mut Stage, owners: &mut Owners, step: &Step) -> Result<(), ChainError> {
    for number in 1..=VAULTS {
        let design = Design { number };
        if design.temper() == Temper::Idle || owners.acted.contains(&number) {
            continue;
        }
        let now_secs = stage.chain.now_secs();
        if !stage.watch.may_be_below(ASK_WAD, number, step.prices_raw, now_secs) {
            continue;
        }
        let vault_id = U256::from(number);
        let Some(account) = stage.chain.ask_maybe(stage.system.vault, &IVault::accountCall { vaultId: vault_id })?
        else {
            continue;
        };
        if account.healthWad >= WORRIED_WAD || account.debtRaw.is_zero() {
            continue;
        }
        owners.acted.insert(number);
        match design.temper() {
            Temper::Idle => {}
            Temper::Repays => {
                let third_raw = account.debtRaw.div_ceil(U256::from(3));
                let repay = IVault::repayCall { vaultId: vault_id, amountRaw: third_raw };
                stage.chain.send("repay", design.owner(), stage.system.vault, &repay)?;
                stage.note(format!("vault {number} repays a third of its debt"));
            }
            Temper::AddsCollateral => {
                let token = stage.system.collaterals[0].token;
                let of = IVault::collateralOfCall { vaultId: vault_id, collateral: token };
                let held_raw = stage.chain.ask(stage.system.vault, &of)?;
                let amount_raw = held_raw.div_ceil(U256::from(4)).max(U256::ONE);
                let deposit = IVault::depositCall { vaultId: vault_id, collateral: token, amountRaw: amount_raw };
                stage.chain.send("deposit", design.owner(), stage.system.vault, &deposit)?;
                stage.note(format!("vault {number} adds a quarter to its {}", stage.system.collaterals[0].name));
            }
        }
        stage.watch.forget();
    }
    Ok(())
}

/// The owner of the last vault repays everything and takes everything out.
pub(super) fn leave(stage: &mut Stage) -> Result<(), ChainError> {
    let design = Design { number: VAULTS };
    let (owner, vault, vault_id) = (design.owner(), stage.system.vault, U256::from(VAULTS));
    let debt_raw = stage.chain.ask(vault, &IVault::debtOfCall { vaultId: vault_id })?;
    if !debt_raw.is_zero() {
        // The interest has made it more than was borrowed.
        mint(stage, stage.system.debt_asset, owner, debt_raw)?;
        stage.chain.send("repay", owner, vault, &IVault::repayCall { vaultId: vault_id, amountRaw: U256::MAX })?;
    }
    for collateral in stage.chain.ask(vault, &IVault::collateralsOfCall { vaultId: vault_id })? {
        let amount_raw = stage.chain.ask(vault, &IVault::collateralOfCall { vaultId: vault_id, collateral })?;
        let withdraw = IVault::withdrawCall { vaultId: vault_id, collateral, amountRaw: amount_raw, to: owner };
        stage.chain.send("withdraw", owner, vault, &withdraw)?;
    }
    stage.note(format!("vault {VAULTS} repays everything and leaves"));
    Ok(())
}

fn mint(stage: &mut Stage, token: Address, to: Address, amount_raw: U256) -> Result<(), ChainError> {
    stage.chain.send("mint", stage.people.deployer, token, &Token::mintCall { to, amountRaw: amount_raw }).map(|_| ())
}

fn approve(stage: &mut Stage, token: Address, owner: Address, spender: Address) -> Result<(), ChainError> {
    let call = Token::approveCall { spender, amountRaw: U256::MAX };
    stage.chain.send("approve", owner, token, &call).map(|_| ())
}
