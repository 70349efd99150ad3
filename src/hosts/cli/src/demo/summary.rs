//! What came of it, in one document: the same for people, for programs and for the report.
//!
//! Amounts are decimal strings of whole tokens with every digit; beside each stands the number of base units.

use super::{
    ledger::{CollateralFlows, DebtFlows, Ledger},
    parameters as set,
    prices::PricePath,
    readings::Readings,
    story::Played,
    system::{People, System},
};
use crate::{amount::exact_decimal, chain::GasRow};
use alloy_primitives::U256;
use keeper::{Reason, Tally};
use serde::Serialize;
use std::collections::BTreeMap;

/// The document. Its keys are stable; `format` changes when one of them changes its meaning.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Name and version of this shape.
    pub format: &'static str,
    /// What was played.
    pub prices: Prices,
    /// Where the contracts are.
    pub contracts: BTreeMap<&'static str, String>,
    /// The debt asset.
    pub debt: Vec<Line>,
    /// What lenders and stakers brought, earned, lost and have.
    pub lenders_and_stakers: Vec<Line>,
    /// Each collateral.
    pub collaterals: Vec<Collateral>,
    /// The auctions.
    pub auctions: Auctions,
    /// Every slice that was sold.
    pub fills: Vec<Sold>,
    /// What was decided how often, by whom.
    pub decisions: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// Gas by operation.
    pub gas: Vec<GasRow>,
    /// What was announced.
    pub notes: Vec<Note>,
    /// Whether the accounts add up.
    pub identities: Vec<Checked>,
}

/// What was played.
#[derive(Debug, Clone, Serialize)]
pub struct Prices {
    /// Where the prices are from.
    pub source: String,
    /// Whether they are real.
    pub kind: String,
    /// The time of the first, seconds since 1970.
    pub start_secs: u64,
    /// How many hours.
    pub hours: usize,
}

/// One amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its key.
    pub key: &'static str,
    /// What it is, in words.
    pub what: &'static str,
    /// In whole tokens.
    pub amount: String,
    /// In base units.
    pub raw: String,
}

/// One collateral.
#[derive(Debug, Clone, Serialize)]
pub struct Collateral {
    /// Its name.
    pub name: String,
    /// Its amounts; `paid` is in the debt asset.
    pub lines: Vec<Line>,
}

/// The auctions, counted.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each counts the event it is named after")]
pub struct Auctions {
    pub started: u64,
    pub restarted: u64,
    pub ended: u64,
    pub takes: u64,
    pub still_running: u64,
}

/// A slice that was sold.
#[derive(Debug, Clone, Serialize)]
pub struct Sold {
    /// The auction.
    pub auction_id: String,
    /// When, seconds since 1970.
    pub timestamp_secs: u64,
    /// The collateral.
    pub collateral: String,
    /// Who bought: `buyer` or `taker`.
    pub by: &'static str,
    /// How much, base units of the collateral.
    pub slice_raw: String,
    /// For how much, base units of the debt asset.
    pub owed_raw: String,
    /// Debt base units for one collateral base unit, ray.
    pub price_ray: String,
}

/// Something announced.
#[derive(Debug, Clone, Serialize)]
pub struct Note {
    /// When, seconds since 1970.
    pub timestamp_secs: u64,
    /// What.
    pub text: String,
}

/// One identity.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// Whether it holds.
    pub holds: bool,
    /// Its left side, base units or a count.
    pub left: String,
    /// Its right side.
    pub right: String,
    /// Both sides in words.
    pub text: String,
}

impl Summary {
    /// Sums up.
    pub(crate) fn of(path: &PricePath, played: &Played) -> Self {
        let (system, readings) = (&played.system, &played.readings);
        let nothing = CollateralFlows::default();
        let name_of =
            |token| system.collaterals.iter().find(|asset| asset.token == token).map_or("", |asset| asset.name);
        Self {
            format: "spillway-demo/1",
            prices: Prices {
                source: path.source.clone(),
                kind: path.kind.clone(),
                start_secs: path.start_secs,
                hours: path.steps.len(),
            },
            contracts: contracts(system, &played.people),
            debt: debt_lines(&played.ledger.debt, readings.books.surplus_raw),
            lenders_and_stakers: lender_and_staker_lines(&played.ledger, readings),
            collaterals: system
                .collaterals
                .iter()
                .map(|asset| Collateral {
                    name: asset.name.to_owned(),
                    lines: collateral_lines(
                        played.ledger.collaterals.get(&asset.token).unwrap_or(&nothing),
                        asset.decimals,
                    ),
                })
                .collect(),
            auctions: Auctions {
                started: played.ledger.auctions.started,
                restarted: played.ledger.auctions.restarted,
                ended: played.ledger.auctions.ended,
                takes: played.ledger.auctions.takes,
                still_running: readings.running.count,
            },
            fills: played
                .ledger
                .fills
                .iter()
                .map(|fill| Sold {
                    auction_id: fill.auction_id.to_string(),
                    timestamp_secs: fill.timestamp_secs,
                    collateral: played
                        .ledger
                        .collateral_of
                        .get(&fill.auction_id)
                        .map_or("", |token| name_of(*token))
                        .to_owned(),
                    by: if fill.taker == system.taker { "taker" } else { "buyer" },
                    slice_raw: fill.slice_raw.to_string(),
                    owed_raw: fill.owed_raw.to_string(),
                    price_ray: fill.price_ray.to_string(),
                })
                .collect(),
            decisions: BTreeMap::from([
                ("keeper", tally(&played.keeper_tally)),
                ("buyer", tally(&played.buyer_tally)),
                ("taker", tally(&played.taker_tally)),
            ]),
            gas: played.gas.clone(),
            notes: played
                .record
                .notes
                .iter()
                .map(|(timestamp_secs, text)| Note { timestamp_secs: *timestamp_secs, text: text.clone() })
                .collect(),
            identities: played
                .identities
                .iter()
                .map(|identity| Checked {
                    name: identity.name.clone(),
                    holds: identity.holds(),
                    left: identity.left.value.to_string(),
                    right: identity.right.value.to_string(),
                    text: identity.to_string(),
                })
                .collect(),
        }
    }

    /// Who decided what how often, in one line.
    pub(super) fn decisions_in_words(&self) -> String {
        let who = |(name, counts): (&&str, &BTreeMap<&str, u64>)| {
            let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
            format!("{name}: {}", counts.join(", "))
        };
        self.decisions.iter().map(who).collect::<Vec<_>>().join("; ")
    }
}

impl Auctions {
    /// The counts in one line.
    pub(super) fn in_words(&self) -> String {
        format!(
            "{} started, {} restarted, {} slices sold, {} ended, {} still running",
            self.started, self.restarted, self.takes, self.ended, self.still_running
        )
    }
}

fn line(key: &'static str, what: &'static str, raw: U256, decimals: u8) -> Line {
    Line { key, what, amount: exact_decimal(raw, decimals), raw: raw.to_string() }
}

fn debt_lines(flows: &DebtFlows, surplus_raw: U256) -> Vec<Line> {
    let usd = |key, what, raw| line(key, what, raw, set::DEBT_DECIMALS);
    vec![
        usd("funded", "lent to the system", flows.funded_raw),
        usd("borrowed", "borrowed", flows.borrowed_raw),
        usd("repaid_by_owners", "repaid by owners", flows.repaid_raw),
        usd("to_auction", "debt sent to auction", flows.to_auction_raw),
        usd("debt_repaid", "debt repaid by buyers", flows.principal_raw),
        usd("penalty", "penalty paid by buyers", flows.penalty_raw),
        usd("debt_returned", "unpaid debt returned to vaults", flows.returned_raw),
        usd("bad_debt", "bad debt", flows.bad_debt_raw),
        usd("bad_debt_absorbed", "bad debt paid by the surplus", flows.absorbed_raw),
        usd("bad_debt_written_down", "bad debt borne by the lenders", flows.written_down_raw),
        usd("interest", "interest", flows.interest_raw),
        usd("interest_to_surplus", "interest that went to the surplus", flows.interest_to_surplus_raw),
        usd("odd_units", "odd units kept by roundings", flows.odd_units_raw),
        usd("keeper_rewards", "keeper rewards", flows.rewards_raw),
        usd("surplus_given", "given to the surplus", flows.surplus_funded_raw),
        usd("surplus", "surplus at the end", surplus_raw),
    ]
}

fn lender_and_staker_lines(ledger: &Ledger, readings: &Readings) -> Vec<Line> {
    let usd = |key, what, raw| line(key, what, raw, set::DEBT_DECIMALS);
    let (lenders, reserve) = (&ledger.lenders, &ledger.reserve);
    vec![
        usd("lent", "brought by lenders", lenders.deposited_raw),
        usd("withdrawn", "taken out by lenders", lenders.withdrawn_raw),
        usd(
            "lenders_interest",
            "interest that lenders earned",
            ledger.debt.interest_raw.saturating_sub(ledger.debt.interest_to_surplus_raw),
        ),
        usd("lenders_losses", "bad debt passed to lenders", reserve.passed_on_raw),
        usd("lenders_waiting_loss", "bad debt that waits for the lenders", readings.reserve.lenders_loss_raw),
        usd("lenders_worth", "what all pool shares are worth", readings.pool.assets_raw),
        usd("lender_worth", "what the lender's shares are worth", readings.pool.lender_raw),
        usd("staked", "staked", reserve.staked_raw),
        usd("unstaked", "taken out by stakers", reserve.unstaked_raw),
        usd("to_stakers", "surplus distributed to stakers", reserve.to_stakers_raw),
        usd("slashed", "bad debt paid by stakers", reserve.slashed_raw),
        usd("stakers_dripping", "of what was distributed, not yet earned", readings.reserve.dripping_raw),
        usd("stakers_worth", "what all stakes are worth", readings.reserve.worth_raw),
        usd("staker_worth", "what the staker's stake is worth", readings.reserve.staker_raw),
    ]
}

fn collateral_lines(flows: &CollateralFlows, decimals: u8) -> Vec<Line> {
    vec![
        line("deposited", "deposited", flows.deposited_raw, decimals),
        line("withdrawn", "withdrawn", flows.withdrawn_raw, decimals),
        line("lots", "put on sale", flows.lots_raw, decimals),
        line("sold", "sold", flows.released_raw, decimals),
        line("returned", "returned to its owners", flows.returned_raw, decimals),
        line("paid", "paid for what was sold, USD", flows.owed_raw, set::DEBT_DECIMALS),
    ]
}

fn tally(tally: &Tally) -> BTreeMap<&'static str, u64> {
    let acts = [
        ("act_liquidate", tally.liquidations()),
        ("act_restart", tally.restarts()),
        ("act_take", tally.takes()),
        ("act_poke", tally.pokes()),
        ("refused_in_trial", tally.refused()),
    ];
    let skips = Reason::ALL.iter().map(|reason| (reason.name(), tally.skips(*reason)));
    acts.into_iter().chain(skips).filter(|(_, count)| *count > 0).collect()
}

fn contracts(system: &System, people: &People) -> BTreeMap<&'static str, String> {
    let mut contracts = BTreeMap::from([
        ("oracle", system.oracle),
        ("vault", system.vault),
        ("auction", system.auction),
        ("pool", system.pool),
        ("reserve", system.reserve),
        ("lens", system.lens),
        ("timelock", system.governance.timelock),
        ("usd", system.debt_asset),
        ("sequencer_feed", system.uptime_feed),
        ("desk", system.desk),
        ("taker", system.taker),
        ("keeper", people.keeper),
        ("buyer", people.buyer),
    ]);
    let [weth, wbtc] = &system.collaterals;
    contracts.extend([
        ("weth", weth.token),
        ("wbtc", wbtc.token),
        ("eth_feed", weth.feed.proxy),
        ("btc_feed", wbtc.feed.proxy),
    ]);
    contracts.into_iter().map(|(name, address)| (name, address.to_checksum(None))).collect()
}
