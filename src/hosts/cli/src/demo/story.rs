//! The story: deploys, opens vaults, and plays the prices hour by hour; then closes the accounts.

use super::{
    buyers,
    governance::{Proposal, Scheduled},
    identities::{self, Identity},
    keepers,
    ledger::Ledger,
    parameters as set,
    prices::{PricePath, Step},
    readings::Readings,
    stage::{Record, Stage},
    system::{self, Code, People, System},
    table::{Hour, Output, Table},
    vaults,
};
use crate::{
    chain::{Chain, GasRow},
    error::Failure,
};
use alloy_primitives::U256;
use interface::{IReserve, IVault};
use keeper::Tally;

/// Everything that came of it.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) system: System,
    pub(crate) people: People,
    pub(crate) ledger: Ledger,
    pub(crate) readings: Readings,
    pub(crate) record: Record,
    pub(crate) identities: Vec<Identity>,
    pub(crate) gas: Vec<GasRow>,
    pub(crate) keeper_tally: Tally,
    pub(crate) buyer_tally: Tally,
    pub(crate) taker_tally: Tally,
}

const HOUR_SECS: u64 = 3_600;
const DAY_HOURS: u64 = 24;
/// While an auction runs, everybody looks every half minute.
const LOOK_SECS: u64 = 30;
/// While an auction runs, the keeper looks at the vaults again this often: room may have become free.
const SCAN_SECS: u64 = 300;
/// The threshold is scheduled this many hours after the beginning, in a path that is long enough for it to arrive.
const THRESHOLD_HOUR: u64 = 12;
/// From the hour of the steepest fall the buyers are away for so long, as they were when it mattered in 2020.
const BUYERS_AWAY_SECS: u64 = 5_400;

/// Plays it all.
pub(crate) fn play(path: &PricePath, code: &Code, output: Output) -> Result<Played, Failure> {
    let mut stage = set_up(path, code)?;
    let mut table = Table::new(output, path)?;
    let mut owners = vaults::Owners::default();
    let mut threshold = Threshold::NotYet;
    let away_from_secs = steepest_fall_secs(path);
    let away = away_from_secs..away_from_secs.saturating_add(BUYERS_AWAY_SECS);

    for step in &path.steps {
        if step.hour > 0 {
            stage.begin_hour(path.start_secs, step)?;
        }
        threshold = move_threshold(&mut stage, threshold, step)?;
        vaults::act(&mut stage, &mut owners, step)?;
        if stage.chain.now_secs() == away.start {
            stage.note("the buyers are away for 90 minutes");
        }
        let hour = play_hour(&mut stage, step, &away)?;
        buyers::sell_holdings(&mut stage)?;
        stage.hear();
        settle(&mut stage, step)?;
        stage.hear();
        table.hour(&stage.record, &hour)?;
    }
    vaults::leave(&mut stage)?;
    close(stage, &mut table)
}

/// Deploys, hands over to the timelock, and opens the vaults at the first prices.
pub(super) fn set_up(path: &PricePath, code: &Code) -> Result<Stage, Failure> {
    /// Time to deploy before the first proposal, and to look at the result before the first price.
    const MARGIN_SECS: u64 = 3_600;
    let first = path.steps.first().copied().unwrap_or(Step { hour: 0, prices_raw: [U256::ONE; 2] });
    let ready_secs = path.start_secs.saturating_sub(MARGIN_SECS);
    let mut chain = Chain::begin(ready_secs.saturating_sub(set::TIMELOCK_DELAY_SECS));
    let people = People::on(&chain);
    eprintln!(
        "spillway: deploying tokens, price feeds, timelock, oracle, vault, auction, pool, reserve, lens, desk and taker"
    );
    let system = system::deploy(&mut chain, code, &people)?;
    let mut stage = Stage::new(chain, system, people);

    eprintln!("spillway: handing over to the timelock");
    let governance = stage.system.governance;
    let proposal = system::take_over(&stage.system);
    let scheduled = governance.schedule(&mut stage.chain, proposal)?;
    stage.chain.advance_to(ready_secs)?;
    governance.execute(&mut stage.chain, scheduled)?;

    eprintln!("spillway: opening {} vaults", vaults::VAULTS);
    stage.begin_hour(path.start_secs, &first)?;
    buyers::prepare(&mut stage.chain, &stage.system, stage.people.deployer, stage.people.buyer)?;
    vaults::open_all(&mut stage, &first)?;
    stage.hear();
    Ok(stage)
}

/// The hour in which the first asset loses the largest share, as a time in seconds since 1970.
fn steepest_fall_secs(path: &PricePath) -> u64 {
    let mut steepest = (U256::MAX, 0_u64);
    for pair in path.steps.windows(2) {
        let [before, after] = pair else { continue };
        let kept = units::mul_div_down(after.prices_raw[0], units::WAD_ONE, before.prices_raw[0]).unwrap_or(U256::MAX);
        if kept < steepest.0 {
            steepest = (kept, after.hour);
        }
    }
    path.start_secs.saturating_add(steepest.1.saturating_mul(HOUR_SECS))
}

/// What became of the scheduled change of a threshold.
enum Threshold {
    NotYet,
    Waiting(Scheduled),
    Done,
}

fn move_threshold(stage: &mut Stage, threshold: Threshold, step: &Step) -> Result<Threshold, Failure> {
    let governance = stage.system.governance;
    match threshold {
        Threshold::NotYet if step.hour >= THRESHOLD_HOUR => {
            let call = IVault::setThresholdCall {
                token: stage.system.collaterals[0].token,
                thresholdBps: U256::from(set::LOWERED_THRESHOLD_BPS),
                rampSecs: U256::from(set::RAMP_SECS),
            };
            let proposal = Proposal::named("threshold").call(stage.system.vault, &call);
            let scheduled = governance.schedule(&mut stage.chain, proposal)?;
            stage.note("timelock: a lower WETH threshold is scheduled, 80% to 77%");
            Ok(Threshold::Waiting(scheduled))
        }
        Threshold::Waiting(scheduled) if stage.chain.now_secs() >= scheduled.ready_at_secs => {
            governance.execute(&mut stage.chain, scheduled)?;
            stage.note("timelock: executed, the threshold falls over three days");
            Ok(Threshold::Done)
        }
        other => Ok(other),
    }
}

fn play_hour(stage: &mut Stage, step: &Step, away: &std::ops::Range<u64>) -> Result<Hour, Failure> {
    let begin_secs = stage.chain.now_secs();
    let fills_before = stage.ledger.fills.len();
    let mut hour = Hour::begin(begin_secs, step.prices_raw);
    keepers::record_prices(stage)?;
    hour.add(keepers::scan(stage, step.prices_raw)?);
    let mut now_secs = begin_secs;
    let mut scanned_secs = begin_secs;
    let end_secs = begin_secs.saturating_add(HOUR_SECS);
    while !stage.running()?.is_empty() {
        now_secs = now_secs.saturating_add(LOOK_SECS);
        if now_secs >= end_secs {
            break;
        }
        stage.chain.advance_to(now_secs)?;
        hour.restarted = hour.restarted.saturating_add(keepers::restart_stale(stage)?);
        if !away.contains(&now_secs) {
            buyers::buy(stage)?;
        }
        if now_secs.saturating_sub(scanned_secs) >= SCAN_SECS {
            scanned_secs = now_secs;
            keepers::record_prices(stage)?;
            hour.add(keepers::scan(stage, step.prices_raw)?);
        }
    }
    hour.running = stage.running()?.len();
    hour.see_fills(stage, fills_before);
    Ok(hour)
}

/// What anyone may do: bad debt that has waited long enough is covered every hour, and what the surplus has above its buffer is
/// distributed at the end of each day.
fn settle(stage: &mut Stage, step: &Step) -> Result<(), Failure> {
    let (anyone, reserve) = (stage.people.dao, stage.system.reserve);
    if stage.chain.would_succeed(anyone, reserve, &IReserve::coverCall {})? {
        stage.chain.send("cover", anyone, reserve, &IReserve::coverCall {})?;
        stage.note("bad debt is covered by stakers and lenders");
    }
    let ends_day = step.hour.wrapping_rem(DAY_HOURS) == DAY_HOURS.saturating_sub(1);
    if ends_day && stage.chain.would_succeed(anyone, reserve, &IReserve::distributeCall {})? {
        stage.chain.send("distribute", anyone, reserve, &IReserve::distributeCall {})?;
        if stage.ledger.reserve.to_stakers_raw.is_zero() {
            stage.note("the surplus is above its buffer: what is more goes to the stakers daily, over a week");
        }
    }
    Ok(())
}

/// Brings the index to the present, asks everything, and compares.
fn close(mut stage: Stage, table: &mut Table) -> Result<Played, Failure> {
    stage.chain.send("accrue", stage.people.keeper, stage.system.vault, &IVault::accrueCall {})?;
    stage.hear();
    table.notes(&stage.record)?;
    let readings = Readings {
        previewed_due_raw: stage.previewed_due_raw,
        ..Readings::take(&stage.chain, &stage.system, &stage.ledger, &stage.people)?
    };
    let identities = identities::check(&stage.ledger, &readings, stage.system.vault);
    Ok(Played {
        gas: stage.chain.gas().rows(),
        system: stage.system,
        people: stage.people,
        ledger: stage.ledger,
        readings,
        record: stage.record,
        identities,
        keeper_tally: stage.keeper_tally,
        buyer_tally: stage.buyer_tally,
        taker_tally: stage.taker_tally,
    })
}
