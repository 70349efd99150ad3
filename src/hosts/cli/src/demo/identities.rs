//! The identities: two ways to the same number, which must meet to the unit.
//!
//! The left side is what a contract answers, the right side what follows from the events, or from another contract's answer.

use crate::demo::{
    ledger::{CollateralFlows, Ledger, TokenFlows},
    readings::{CollateralReading, Readings, TokenReading},
};
use alloy_primitives::{Address, U256};
use std::fmt;

/// One identity, with both its sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its name: what is compared, and of which token where there are several.
    pub name: String,
    /// The left side.
    pub left: Side,
    /// The right side.
    pub right: Side,
    /// How many units less than this the left side may be above the right one. One: they are equal.
    pub apart_below: u64,
}

/// One side of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What was summed.
    pub terms: &'static str,
    /// The sum: base units, or a count.
    pub value: U256,
}

impl Identity {
    /// Whether both sides meet.
    pub fn holds(&self) -> bool {
        self.left.value.checked_sub(self.right.value).is_some_and(|apart| apart < U256::from(self.apart_below))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = match (self.holds(), self.apart_below) {
            (true, 1) => "==",
            (true, _) => "~=",
            (false, _) => "!=",
        };
        write!(
            text,
            "{}: {} {} {relation} {} {}",
            self.name, self.left.terms, self.left.value, self.right.value, self.right.terms
        )
    }
}

/// Every identity, in a fixed order. `vault` is the vault contract, whose account in each token is looked at.
pub fn check(ledger: &Ledger, readings: &Readings, vault: Address) -> Vec<Identity> {
    let mut identities = books(ledger, readings);
    identities.extend(sales(ledger, readings));
    identities.extend(lenders_and_stakers(ledger, readings));
    let nothing = (CollateralFlows::default(), TokenFlows::default());
    for reading in &readings.collaterals {
        let flows = ledger.collaterals.get(&reading.token.address).unwrap_or(&nothing.0);
        identities.extend(collateral(reading, flows));
        let transfers = ledger.tokens.get(&reading.token.address).unwrap_or(&nothing.1);
        identities.extend(token(&reading.name, &reading.token, transfers, vault));
    }
    let transfers = ledger.tokens.get(&readings.debt_asset.address).unwrap_or(&nothing.1);
    identities.extend(token("USD", &readings.debt_asset, transfers, vault));
    identities
}

fn equal(name: impl Into<String>, left: (&'static str, U256), right: (&'static str, U256)) -> Identity {
    let side = |(terms, value)| Side { terms, value };
    Identity { name: name.into(), left: side(left), right: side(right), apart_below: 1 }
}

/// The sum of the first amounts less the sum of the others; stops at the ends of the range, which breaks the identity.
fn net<const IN: usize, const OUT: usize>(into: [U256; IN], out_of: [U256; OUT]) -> U256 {
    let sum = |amounts: &[U256]| amounts.iter().fold(U256::ZERO, |sum, amount| sum.saturating_add(*amount));
    sum(&into).saturating_sub(sum(&out_of))
}

fn sum_of(balances: impl Iterator<Item = U256>) -> U256 {
    balances.fold(U256::ZERO, U256::saturating_add)
}

fn books(ledger: &Ledger, readings: &Readings) -> Vec<Identity> {
    let (books, debt) = (&readings.books, &ledger.debt);
    vec![
        equal(
            "balance sheet",
            (
                "cash + debt + on auction + bad debt",
                net([books.cash_raw, books.debt_raw, books.on_auction_raw, books.bad_debt_raw], []),
            ),
            ("funded + surplus", net([books.funded_raw, books.surplus_raw], [])),
        ),
        equal(
            "cash",
            ("cash", books.cash_raw),
            (
                "funded + given + repaid + principal + penalty - defunded - drawn - borrowed - rewards",
                net(
                    [debt.funded_raw, debt.surplus_funded_raw, debt.repaid_raw, debt.principal_raw, debt.penalty_raw],
                    [debt.defunded_raw, debt.surplus_drawn_raw, debt.borrowed_raw, debt.rewards_raw],
                ),
            ),
        ),
        equal(
            "cash is held",
            ("the vault contract's balance", readings.debt_asset.at_vault_raw),
            ("cash", books.cash_raw),
        ),
        equal("shares", ("shares", books.debt_shares), ("shares given - shares removed", debt.shares)),
        equal("debt", ("debt", books.debt_raw), ("shares * index, rounded up", debt.debt_raw())),
        equal(
            "debt by flows",
            ("debt + repaid + to auction", net([books.debt_raw, debt.repaid_raw, debt.to_auction_raw], [])),
            (
                "borrowed + interest + returned + odd units",
                net([debt.borrowed_raw, debt.interest_raw, debt.returned_raw, debt.odd_units_raw], []),
            ),
        ),
        Identity {
            apart_below: readings.indebted_vaults.max(1),
            ..equal(
                "debt of each vault",
                ("sum of the vaults, each rounded up", readings.debts_raw),
                ("debt", books.debt_raw),
            )
        },
        equal(
            "debt on auction",
            ("on auction", books.on_auction_raw),
            (
                "to auction - principal - returned - bad debt",
                net([debt.to_auction_raw], [debt.principal_raw, debt.returned_raw, debt.bad_debt_raw]),
            ),
        ),
        equal(
            "bad debt",
            ("bad debt", books.bad_debt_raw),
            (
                "realised - absorbed - written down",
                net([debt.bad_debt_raw], [debt.absorbed_raw, debt.written_down_raw]),
            ),
        ),
        equal(
            "lent",
            ("funded", books.funded_raw),
            (
                "funded + lenders' interest - defunded - written down",
                net(
                    [debt.funded_raw, debt.interest_raw],
                    [debt.interest_to_surplus_raw, debt.defunded_raw, debt.written_down_raw],
                ),
            ),
        ),
        equal(
            "surplus",
            ("surplus", books.surplus_raw),
            (
                "given + share of the interest + penalty + odd units - drawn - rewards - absorbed",
                net(
                    [debt.surplus_funded_raw, debt.interest_to_surplus_raw, debt.penalty_raw, debt.odd_units_raw],
                    [debt.surplus_drawn_raw, debt.rewards_raw, debt.absorbed_raw],
                ),
            ),
        ),
    ]
}

fn sales(ledger: &Ledger, readings: &Readings) -> Vec<Identity> {
    let (debt, auctions, running) = (&ledger.debt, &ledger.auctions, &readings.running);
    vec![
        equal(
            "auctions",
            ("running", U256::from(running.count)),
            ("started - ended", net([U256::from(auctions.started)], [U256::from(auctions.ended)])),
        ),
        equal(
            "auctions ever",
            ("the contract's count", U256::from(readings.auction_count)),
            ("started", U256::from(auctions.started)),
        ),
        equal(
            "debt in auctions",
            ("sum of running auctions", running.debt_raw),
            ("on auction", readings.books.on_auction_raw),
        ),
        equal(
            "due in auctions",
            ("sum of running auctions", running.due_raw),
            ("the contract's sum", running.on_sale_raw),
        ),
        equal(
            "debt sent to auction",
            ("by the vault contract", debt.to_auction_raw),
            ("by the auction contract", auctions.debt_raw),
        ),
        equal(
            "previews",
            ("due, by the lens before each liquidation", readings.previewed_due_raw),
            ("due, by the auction contract", auctions.due_raw),
        ),
        equal(
            "proceeds",
            ("principal + penalty, by the vault contract", net([debt.principal_raw, debt.penalty_raw], [])),
            (
                "owed by buyers + paid for cures, by the auction contract",
                net([auctions.owed_raw, auctions.cured_raw], []),
            ),
        ),
        equal(
            "unpaid debt",
            ("returned + bad debt, by the vault contract", net([debt.returned_raw, debt.bad_debt_raw], [])),
            ("by the auction contract", auctions.unpaid_debt_raw),
        ),
        equal(
            "rewards",
            ("paid by the vault contract", debt.rewards_raw),
            ("by the auction contract", auctions.rewards_raw),
        ),
        equal("the keeper's balance", ("the keeper's balance", readings.keeper_raw), ("rewards", debt.rewards_raw)),
    ]
}

fn lenders_and_stakers(ledger: &Ledger, readings: &Readings) -> Vec<Identity> {
    let (debt, lenders, stakers) = (&ledger.debt, &ledger.lenders, &ledger.reserve);
    let (books, pool, reserve) = (&readings.books, &readings.pool, &readings.reserve);
    let nothing = TokenFlows::default();
    let shares = ledger.tokens.get(&pool.shares.address).unwrap_or(&nothing);
    let stakes_raw = |or_closed_raw| {
        net(
            [stakers.staked_raw, stakers.to_stakers_raw],
            [stakers.unstaked_raw, stakers.slashed_raw, stakers.left_over_raw, or_closed_raw],
        )
    };
    vec![
        equal(
            "lenders' deposits",
            ("deposited, by the pool", lenders.deposited_raw),
            ("funded, by the vault contract", debt.funded_raw),
        ),
        equal(
            "lenders' withdrawals",
            ("withdrawn, by the pool", lenders.withdrawn_raw),
            ("defunded, by the vault contract", debt.defunded_raw),
        ),
        equal(
            "lenders' worth",
            ("total assets + lenders' loss", net([pool.assets_raw, reserve.lenders_loss_raw], [])),
            ("funded", books.funded_raw),
        ),
        equal(
            "lenders' shares",
            ("total supply", pool.shares.supply_raw),
            ("minted - burned", net([shares.minted_raw], [shares.burned_raw])),
        ),
        equal(
            "lenders' holdings",
            ("total supply", pool.shares.supply_raw),
            ("sum of all holders", sum_of(pool.shares.balances_raw.values().copied())),
        ),
        equal(
            "the lender's shares",
            ("the lender's shares", pool.lender_shares),
            ("total supply", pool.shares.supply_raw),
        ),
        equal(
            "lenders' losses",
            ("passed on by the reserve", stakers.passed_on_raw),
            ("written down by the vault contract", debt.written_down_raw),
        ),
        equal(
            "stakes are held",
            ("the reserve's balance", reserve.held_raw),
            ("staked + distributed - unstaked - slashed - left over - collected", stakes_raw(stakers.collected_raw)),
        ),
        equal(
            "stakes",
            (
                "worth + dripping + waiting bad debt - lenders' loss",
                net([reserve.worth_raw, reserve.dripping_raw, reserve.waiting_raw], [reserve.lenders_loss_raw]),
            ),
            ("staked + distributed - unstaked - slashed - left over - closed", stakes_raw(stakers.closed_raw)),
        ),
        equal("stakers' shares", ("total shares", reserve.shares), ("given - taken - void", stakers.shares)),
        equal(
            "given to the surplus",
            (
                "donated + slashed + left over, by the reserve",
                net([stakers.donated_raw, stakers.slashed_raw, stakers.left_over_raw], []),
            ),
            ("by the vault contract", debt.surplus_funded_raw),
        ),
        equal(
            "drawn from the surplus",
            ("to stakers + to treasury, by the reserve", net([stakers.to_stakers_raw, stakers.to_treasury_raw], [])),
            ("by the vault contract", debt.surplus_drawn_raw),
        ),
        equal("queue", ("sum of the entries", reserve.queue_raw), ("waiting bad debt", reserve.waiting_raw)),
        equal(
            "waiting bad debt",
            ("by the reserve", reserve.waiting_raw),
            ("bad debt - surplus, or nothing", net([books.bad_debt_raw], [books.surplus_raw])),
        ),
    ]
}

fn collateral(reading: &CollateralReading, flows: &CollateralFlows) -> Vec<Identity> {
    let name = |what: &str| format!("{} {what}", reading.name);
    vec![
        equal(
            name("held"),
            ("the vault contract's balance", reading.token.at_vault_raw),
            ("deposited - withdrawn - released", net([flows.deposited_raw], [flows.withdrawn_raw, flows.released_raw])),
        ),
        equal(
            name("owned"),
            ("the vault contract's balance", reading.token.at_vault_raw),
            ("in vaults + on sale", net([reading.in_vaults_raw, reading.on_sale_raw], [])),
        ),
        equal(
            name("in vaults"),
            ("the contract's sum", reading.total_raw),
            ("sum of the vaults", reading.in_vaults_raw),
        ),
        equal(
            name("on sale"),
            ("sum of running auctions", reading.on_sale_raw),
            ("lots - released - returned", net([flows.lots_raw], [flows.released_raw, flows.returned_raw])),
        ),
        equal(name("lots"), ("by the vault contract", flows.lots_raw), ("by the auction contract", flows.started_raw)),
        equal(
            name("slices"),
            ("released by the vault contract", flows.released_raw),
            ("by the auction contract", flows.slices_raw),
        ),
    ]
}

fn token(name: &str, reading: &TokenReading, transfers: &TokenFlows, vault: Address) -> Vec<Identity> {
    vec![
        equal(
            format!("{name} supply"),
            ("minted - burned", net([transfers.minted_raw], [transfers.burned_raw])),
            ("total supply", reading.supply_raw),
        ),
        equal(
            format!("{name} holders"),
            ("total supply", reading.supply_raw),
            ("sum of all holders", sum_of(reading.balances_raw.values().copied())),
        ),
        equal(
            format!("{name} transfers"),
            ("the vault contract's balance", reading.at_vault_raw),
            ("transfers in - transfers out", transfers.balance_raw(vault)),
        ),
    ]
}

#[cfg(test)]
mod tests;
