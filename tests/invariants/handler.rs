//! What actors do next: a handler that looks at the system and chooses one action of one of them, good, bad or hostile.
//!
//! The choice depends on the seed and on what can be seen, so two worlds that look the same get the same action.

use crate::{random::Random, seen::Seen, stops::is_stopped};
use alloy_primitives::{Address, B256, I256, U256, aliases::U80};
use alloy_sol_types::{SolCall, SolEvent};
use interface::{IAuction, IOracle, IReserve, IVault};
use std::collections::{BTreeMap, BTreeSet};
use support::{
    Done, Revert, System,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::{IScriptedFeed, ITestToken},
    system::{Asset, FEED_DOLLAR, RAY, USD, WAD, WBTC, WETH},
};

mod authority;
mod batches;
mod bidders;
mod callbacks;
mod feeds;
mod kind;
mod lenders;
mod ownership;
mod ruin;
mod stakers;

pub(crate) use callbacks::TAKER;
pub(crate) use kind::{Kind, Step};
pub(crate) use lenders::Lending;

/// Vaults beyond this many are not opened, so that each is met often.
const MAX_VAULTS: usize = 6;

/// The oracle's number for two sources that differ softly.
pub(crate) const DIFFER: u64 = 15;

/// What is counted of losses, and the events that tell of it.
const LOSSES: [(&str, B256); 4] = [
    ("bad debt", IVault::BadDebtRealised::SIGNATURE_HASH),
    ("stakers bore", IReserve::StakersSlashed::SIGNATURE_HASH),
    ("lenders bore", IReserve::LossPassedToLenders::SIGNATURE_HASH),
    ("round closed", IReserve::StakesClosed::SIGNATURE_HASH),
];

/// Whom owners name as operators.
pub(crate) const OPERATORS: [Address; 3] = [KEEPER, KEEPER, BOB];

fn step<C: SolCall>(kind: Kind, from: Address, to: Address, call: &C) -> Step {
    Step { kind, from, to, calldata: call.abi_encode(), call: C::SIGNATURE }
}

/// Lets time pass.
fn pass(secs: u64) -> Step {
    Step { kind: Kind::Wait(secs), from: Address::ZERO, to: Address::ZERO, calldata: Vec::new(), call: "time" }
}

/// Chooses actions and counts how they ended.
pub(crate) struct Handler {
    random: Random,
    ruin: Option<ruin::Ruin>,
    /// Whether the recipient of slices is a contract that can be told what to do.
    has_taker: bool,
    /// The collateral that is priced by two sources, and its second one.
    pub(crate) second: Option<(Asset, Address)>,
    /// What the recipient was told.
    armed: Option<Box<Step>>,
    /// Taken and refused actions by kind.
    pub(crate) counts: BTreeMap<&'static str, (u64, u64)>,
    /// The calls that were made, by contract and selector.
    pub(crate) called: BTreeSet<(Address, [u8; 4])>,
}

impl Handler {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            ruin: None,
            has_taker: false,
            second: None,
            armed: None,
            counts: BTreeMap::new(),
            called: BTreeSet::new(),
        }
    }

    /// The same where [`TAKER`] is a contract.
    pub(crate) fn with_taker(seed: u64) -> Self {
        Self { has_taker: true, ..Self::new(seed) }
    }

    /// Does a step.
    pub(crate) fn perform(&mut self, system: &mut System, step: &Step) -> Result<Done, Revert> {
        if let Some(selector) = step.calldata.first_chunk::<4>() {
            self.called.insert((step.to, *selector));
        }
        let ended = match step.kind {
            Kind::Wait(secs) => {
                system.wait(secs);
                Ok(Done { output: Vec::new(), logs: Vec::new(), gas_used: None })
            }
            _ => system.world.execute(step.from, step.to, &step.calldata),
        };
        let count = self.counts.entry(step.kind.name()).or_default();
        if ended.is_ok() {
            count.0 += 1
        } else {
            count.1 += 1
        }
        for log in ended.iter().flat_map(|done| &done.logs) {
            for (event, topic) in LOSSES {
                if log.topics.first() == Some(&topic) {
                    self.counts.entry(event).or_default().0 += 1;
                }
            }
        }
        if ended.as_ref().is_err_and(is_stopped) {
            self.counts.entry("what is stopped").or_default().1 += 1;
        }
        ended
    }

    /// Chooses what happens next. What only an owner may is done by whoever owns the contract by now.
    pub(crate) fn choose(&mut self, system: &System, seen: &Seen) -> Step {
        let mut step = self.choose_any(system, seen);
        let is_owners = matches!(step.kind, Kind::Parameter | Kind::Feeds | Kind::Stop | Kind::OfferContract);
        if is_owners && step.from == OWNER {
            step.from = ownership::owner_of(system, seen, step.to);
        }
        step
    }

    fn choose_any(&mut self, system: &System, seen: &Seen) -> Step {
        // An asset that was shut down is soon brought back; until then the debt of those who hold nothing else can be given up.
        if let Some(vault_id) = worthless(seen)
            && self.random.one_in(2)
        {
            return realise(system, vault_id);
        }
        // Left alone, feeds grow stale and everything that needs a price is refused from then on.
        let differs = seen.prices.iter().any(|(.., status)| *status == U256::from(DIFFER));
        if seen.prices.iter().any(|(.., status)| !status.is_zero() && *status != U256::from(DIFFER))
            && !self.random.one_in(3)
        {
            return self.heal(system, seen);
        }
        if differs {
            match self.random.between(0, 5) {
                0 => return self.heal(system, seen),
                1 => return self.liquidate(system, seen),
                _ => {}
            }
        }
        let is_time = if self.ruin.is_some() { !self.random.one_in(4) } else { self.random.one_in(80) };
        if is_time && let Some(step) = self.ruin(system, seen) {
            return step;
        }
        // Stopped for long, nothing would be sold any more.
        let holds = !system.ask(system.at.auction, &IAuction::stopCall {}).is_zero();
        if holds && self.random.one_in(5) {
            // The guardian tries too, and may not.
            let caller = self.random.pick(&[OWNER, OWNER, RIVAL]);
            return step(Kind::Stop, caller, system.at.auction, &IAuction::setStopCall { level: U256::ZERO });
        }
        if holds && self.random.one_in(3) {
            return match self.random.between(0, 4) {
                4 => self.bidding(system, seen),
                0 => self.liquidate(system, seen),
                1 => self.take(system, seen),
                2 => self.restart(system, seen),
                _ => self.cure(system, seen),
            };
        }
        let is_unsafe =
            seen.vaults.iter().any(|vault| matches!(&vault.health_wad, Ok(health) if *health < U256::from(WAD)));
        match self.random.between(0, 141) {
            // Where there is nothing to sell or to buy, it is tried now and then all the same.
            44..=52 if !is_unsafe && !self.random.one_in(6) => self.price(system, seen),
            53..=70 if seen.sales.is_empty() && !self.random.one_in(8) => self.borrow(system, seen),
            0..=3 if seen.vaults.len() < MAX_VAULTS => {
                step(Kind::Open, self.borrower(), system.at.vault, &IVault::openCall {})
            }
            0..=9 => self.deposit(system, seen),
            10..=12 => self.hand_over(system, seen),
            13..=18 => self.withdraw(system, seen),
            19..=20 => self.several(system, seen),
            21..=32 => self.borrow(system, seen),
            33..=39 => self.repay(system, seen),
            40..=43 => self.repay(system, seen),
            44..=52 => self.liquidate(system, seen),
            53..=64 => self.take(system, seen),
            65..=66 => self.cure(system, seen),
            67..=70 => self.restart(system, seen),
            71..=79 => self.price(system, seen),
            80 | 88 => self.stop(system),
            81..=87 => self.wait(seen),
            89..=90 => self.sequencer(system, seen),
            91..=92 => self.donate(system),
            93..=96 => self.parameter(system, seen),
            97 if self.random.one_in(3) => {
                let (vault_id, _) = self.vault(seen);
                realise(system, vault_id)
            }
            97 => step(Kind::Accrue, STRANGER, system.at.vault, &IVault::accrueCall {}),
            98..=109 => self.lend(system, seen),
            110..=118 => self.insure(system, seen),
            119..=127 => self.bidding(system, seen),
            128..=130 => self.poke(system),
            131..=133 => self.set_feeds(system, seen),
            134..=135 => self.hand_over_contract(system, seen),
            136..=138 if self.has_taker => self.arm(system, seen),
            139 => self.several(system, seen),
            _ => self.trespass(system, seen),
        }
    }

    /// Brings the first feed back that cannot be used.
    fn heal(&mut self, system: &System, seen: &Seen) -> Step {
        let (name, price_wad, _, status) = seen.prices.iter().find(|(.., status)| !status.is_zero()).expect("one is");
        if (3..=5).contains(&status.to::<u64>()) {
            return sequencer_step(system, true, seen.time_secs - 1_000_000, seen);
        }
        let (asset, usual) = match *name {
            "usd" => (system.at.usd, FEED_DOLLAR),
            "weth" => (system.at.weth, 2_000 * FEED_DOLLAR),
            _ => (system.at.wbtc, 40_000 * FEED_DOLLAR),
        };
        if let Some(step) = feeds::heal_settings(system, asset, status.to::<u64>()) {
            return step;
        }
        let known = i128::try_from((*price_wad / U256::from(10_000_000_000_u64)).to::<u128>()).expect("a price");
        if (14..=16).contains(&status.to::<u64>()) {
            // Within the soft limit of the first source, or a little beyond it.
            let second = system.ask(system.at.oracle, &IOracle::settingsCall { asset: asset.token }).second;
            let near = known / 1_000 * i128::from(self.random.between(980, 1_020));
            let answer = I256::try_from(near.max(1)).expect("small");
            return step(Kind::Price, OPERATOR, second, &IScriptedFeed::pushCall { answer });
        }
        let answer = I256::try_from(if known == 0 { usual } else { known }).expect("small");
        step(Kind::Price, OPERATOR, asset.feed, &IScriptedFeed::pushCall { answer })
    }

    fn borrower(&mut self) -> Address {
        self.random.pick(&[ALICE, BOB])
    }

    fn asset(&mut self, system: &System) -> (Asset, usize, u128) {
        self.random.pick(&[(system.at.weth, 0, WETH), (system.at.wbtc, 1, WBTC)])
    }

    /// A vault that is there, or now and then one that is not; and its owner, or now and then somebody else.
    fn vault(&mut self, seen: &Seen) -> (U256, Address) {
        let known = u64::try_from(seen.vaults.len()).expect("few");
        if known == 0 || self.random.one_in(40) {
            return (U256::from(known + 1), ALICE);
        }
        let id = self.random.between(1, known);
        let owner = seen.vaults[usize::try_from(id).expect("small") - 1].owner;
        // The keeper is an operator now and then.
        let other = if self.random.one_in(2) { STRANGER } else { KEEPER };
        (U256::from(id), if self.random.one_in(15) { other } else { owner })
    }

    /// Names or dismisses an operator, offers a vault, or accepts one.
    fn hand_over(&mut self, system: &System, seen: &Seen) -> Step {
        let (vault_id, caller) = self.vault(seen);
        let vault = system.at.vault;
        let offered_to = system.try_ask(vault, &IVault::offeredToCall { vaultId: vault_id }).unwrap_or_default();
        match self.random.between(0, 5) {
            // What is offered is accepted more often than not.
            3..=5 if !offered_to.is_zero() => {
                let caller = if self.random.one_in(6) { caller } else { offered_to };
                step(Kind::Accept, caller, vault, &IVault::acceptVaultCall { vaultId: vault_id })
            }
            0..=2 => {
                let operator = self.random.pick(&OPERATORS);
                let call = IVault::setOperatorCall { vaultId: vault_id, operator, allowed: !self.random.one_in(4) };
                step(Kind::Operator, caller, vault, &call)
            }
            _ => {
                let to = self.random.pick(&[ALICE, BOB, ALICE, BOB, Address::ZERO]);
                step(Kind::Offer, caller, vault, &IVault::offerVaultCall { vaultId: vault_id, to })
            }
        }
    }

    fn sale(&mut self, seen: &Seen) -> Option<usize> {
        let running = u64::try_from(seen.sales.len()).expect("few");
        (running > 0).then(|| usize::try_from(self.random.between(0, running - 1)).expect("small"))
    }

    fn deposit(&mut self, system: &System, seen: &Seen) -> Step {
        let (vault_id, owner) = self.vault(seen);
        let (asset, _, whole) = self.asset(system);
        let amount = self.random.part_of(if whole == WETH { 40 * WETH } else { 2 * WBTC });
        if self.random.one_in(8) {
            // Nobody here signs; by their allowances most of these go through all the same.
            let call = IVault::depositWithPermitCall {
                vaultId: vault_id,
                collateral: asset.token,
                amountRaw: U256::from(amount),
                deadlineSecs: U256::MAX,
                v: 27,
                r: B256::ZERO,
                s: B256::ZERO,
            };
            return step(Kind::Deposit, owner, system.at.vault, &call);
        }
        let call = IVault::depositCall { vaultId: vault_id, collateral: asset.token, amountRaw: U256::from(amount) };
        step(Kind::Deposit, owner, system.at.vault, &call)
    }

    fn withdraw(&mut self, system: &System, seen: &Seen) -> Step {
        let (vault_id, owner) = self.vault(seen);
        let (asset, index, _) = self.asset(system);
        let held = vault_at(seen, vault_id).map_or(0, |vault| vault.held_raw[index].to::<u128>());
        let amount = U256::from(self.random.part_of(held));
        let call = IVault::withdrawCall { vaultId: vault_id, collateral: asset.token, amountRaw: amount, to: owner };
        step(Kind::Withdraw { vault_id, index, amount_raw: amount }, owner, system.at.vault, &call)
    }

    fn borrow(&mut self, system: &System, seen: &Seen) -> Step {
        let (vault_id, owner) = self.vault(seen);
        let account = system.try_ask(system.at.vault, &IVault::accountCall { vaultId: vault_id });
        let room = account.map_or(5_000 * USD, |account| {
            // Debt asset at about a dollar: a wad of value is a millionth of a millionth of its base units.
            let room_wad = account.ltvValueWad.saturating_sub(account.debtValueWad);
            (room_wad / U256::from(1_000_000_000_000_u64)).saturating_to::<u128>()
        });
        // Greedy more often than not, or nobody would ever be liquidated.
        let amount = if self.random.one_in(2) {
            room / 100 * u128::from(self.random.between(90, 101))
        } else {
            self.random.part_of(room)
        };
        let call = IVault::borrowCall { vaultId: vault_id, amountRaw: U256::from(amount), to: owner };
        step(Kind::Borrow { vault_id }, owner, system.at.vault, &call)
    }

    fn repay(&mut self, system: &System, seen: &Seen) -> Step {
        let (vault_id, _) = self.vault(seen);
        let payer = self.random.pick(&[ALICE, BOB, LENDER, LENDER]);
        let owed = vault_at(seen, vault_id).map_or(0, |vault| vault.debt_raw.to::<u128>());
        let amount_raw = U256::from(self.random.part_of(owed));
        let kind = Kind::Repay { vault_id, amount_raw };
        if self.random.one_in(8) {
            let call = IVault::repayWithPermitCall {
                vaultId: vault_id,
                amountRaw: amount_raw,
                deadlineSecs: U256::MAX,
                v: 27,
                r: B256::ZERO,
                s: B256::ZERO,
            };
            return step(kind, payer, system.at.vault, &call);
        }
        let call = IVault::repayCall { vaultId: vault_id, amountRaw: amount_raw };
        step(kind, payer, system.at.vault, &call)
    }

    fn liquidate(&mut self, system: &System, seen: &Seen) -> Step {
        // Where two sources differ there is no one health, and it may be.
        let differs = seen.prices.iter().any(|(.., status)| *status == U256::from(DIFFER));
        let may_be_sold = |vault: &support::observe::VaultSeen| match &vault.health_wad {
            Ok(health) => *health < U256::from(WAD),
            Err(_) => differs && !vault.debt_raw.is_zero(),
        };
        let unsafe_ids: Vec<usize> = (0..seen.vaults.len()).filter(|index| may_be_sold(&seen.vaults[*index])).collect();
        let vault_id = match unsafe_ids.as_slice() {
            [] => self.vault(seen).0,
            ids => U256::from(self.random.pick(ids) + 1),
        };
        let held = vault_at(seen, vault_id).map_or([U256::ZERO; 2], |vault| vault.held_raw);
        let mut asset = self.asset(system).0;
        if held[0].is_zero() != held[1].is_zero() && !self.random.one_in(10) {
            asset = if held[0].is_zero() { system.at.wbtc } else { system.at.weth };
        }
        let call = IAuction::liquidateCall { vaultId: vault_id, collateral: asset.token, keeper: KEEPER };
        step(Kind::Liquidate { vault_id, collateral: asset.token }, KEEPER, system.at.auction, &call)
    }

    fn take(&mut self, system: &System, seen: &Seen) -> Step {
        // What was armed is used by somebody else's take, so that its purse tells what the take cost.
        let within = if self.random.one_in(2) { self.armed.take() } else { None };
        let buyer = if within.is_some() { BUYER } else { self.random.pick(&[BUYER, RIVAL]) };
        let recipient = match self.random.between(0, 24) {
            _ if within.is_some() => callbacks::TAKER,
            0 => system.at.vault,
            1..=5 => self.random.pick(&[KEEPER, LENDER]),
            _ => buyer,
        };
        let (auction_id, lot_raw, price_ray) = match self.sale(seen) {
            Some(index) if !self.random.one_in(40) => {
                let sale = &seen.sales[index];
                let price_ray = sale.status.as_ref().map_or(U256::ZERO, |status| status.1);
                (sale.auction_id, sale.sale.sale.lotRaw, price_ray)
            }
            _ => (seen.auction_count, U256::from(WETH), U256::from(RAY)),
        };
        let max_lot_raw = U256::from(self.random.part_of(lot_raw.to::<u128>()));
        let max_price_ray = match self.random.between(0, 9) {
            0 => price_ray.saturating_sub(U256::ONE),
            1 => price_ray,
            _ => U256::MAX,
        };
        let data = if within.is_some() { vec![1] } else { Vec::new() };
        let call = IAuction::takeCall {
            auctionId: auction_id,
            maxLotRaw: max_lot_raw,
            maxPriceRay: max_price_ray,
            recipient,
            data: data.into(),
        };
        let kind = Kind::Take { auction_id, max_lot_raw, max_price_ray, recipient, within };
        step(kind, buyer, system.at.auction, &call)
    }

    fn restart(&mut self, system: &System, seen: &Seen) -> Step {
        let stale = seen.sales.iter().find(|sale| matches!(sale.status, Ok((true, ..))));
        let auction_id = match (stale, self.sale(seen)) {
            (Some(sale), _) if !self.random.one_in(5) => sale.auction_id,
            (_, Some(index)) => seen.sales[index].auction_id,
            _ => seen.auction_count + U256::ONE,
        };
        let call = IAuction::restartCall { auctionId: auction_id, keeper: KEEPER };
        step(Kind::Restart { auction_id }, KEEPER, system.at.auction, &call)
    }

    /// Pays for the unsold lot of an auction: with any limit, with the very cost, or with a unit too little.
    fn cure(&mut self, system: &System, seen: &Seen) -> Step {
        let auction_id = match self.sale(seen) {
            Some(index) if !self.random.one_in(20) => seen.sales[index].auction_id,
            _ => seen.auction_count + U256::ONE,
        };
        let cost =
            system.try_ask(system.at.auction, &IAuction::cureCostCall { auctionId: auction_id }).unwrap_or_default();
        let max_pay_raw = match self.random.between(0, 5) {
            0 => cost.saturating_sub(U256::ONE),
            1 | 2 => cost,
            _ => U256::MAX,
        };
        let payer = self.random.pick(&[LENDER, LENDER, ALICE]);
        let call = IAuction::cureCall { auctionId: auction_id, maxPayRaw: max_pay_raw };
        step(Kind::Cure { auction_id, max_pay_raw }, payer, system.at.auction, &call)
    }

    /// The owner or the guardian stops sales, or tries what it may not; the owner names a guardian.
    fn stop(&mut self, system: &System) -> Step {
        let auction = system.at.auction;
        let any = IAuction::setStopCall { level: U256::from(self.random.between(0, 4)) };
        let more = IAuction::setStopCall { level: U256::from(self.random.between(1, 3)) };
        let is_guarded = !system.ask(auction, &IAuction::guardianCall {}).is_zero();
        match self.random.between(0, 9) {
            0..=4 if !is_guarded => {
                step(Kind::Parameter, OWNER, auction, &IAuction::setGuardianCall { newGuardian: RIVAL })
            }
            0 | 1 => {
                let call = IAuction::setGuardianCall { newGuardian: self.random.pick(&[RIVAL, Address::ZERO]) };
                step(Kind::Parameter, OWNER, auction, &call)
            }
            2 => step(Kind::Trespass, STRANGER, auction, &more),
            3..=5 => step(Kind::Stop, RIVAL, auction, &any),
            6 => step(Kind::Stop, OWNER, auction, &any),
            _ => step(Kind::Stop, OWNER, auction, &more),
        }
    }

    fn price(&mut self, system: &System, seen: &Seen) -> Step {
        let (asset, lowest, highest) = self.random.pick(&[
            (system.at.weth, 300, 6_000),
            (system.at.weth, 300, 6_000),
            (system.at.wbtc, 8_000, 120_000),
            (system.at.wbtc, 8_000, 120_000),
            (system.at.usd, 1, 1),
        ]);
        let known =
            seen.prices.iter().find(|(name, ..)| *name == asset.name).map_or(U256::ZERO, |(_, price, ..)| *price);
        let known = i128::try_from((known / U256::from(10_000_000_000_u64)).to::<u128>()).expect("a price");
        // Now and then a crash that no auction can keep up with.
        let (least, most) = if self.random.one_in(12) { (350, 700) } else { (780, 1_180) };
        let moved = known / 1_000 * i128::from(self.random.between(least, most));
        let answer = match self.random.between(0, 29) {
            0 => 0,
            1 => -1,
            _ if asset.name == "usd" => FEED_DOLLAR / 1_000 * i128::from(self.random.between(996, 1_004)),
            _ => moved.clamp(lowest * FEED_DOLLAR, highest * FEED_DOLLAR),
        };
        let call = IScriptedFeed::pushCall { answer: I256::try_from(answer).expect("small") };
        step(Kind::Price, OPERATOR, asset.feed, &call)
    }

    fn wait(&mut self, seen: &Seen) -> Step {
        // To a second before the end of a bidding or the edge of a staker's window, to it, or to a second after it.
        let ends = seen.bids.iter().flatten().map(|bid| bid.endsAtSecs);
        let windows = seen.reserve.stakes.iter().flat_map(|stake| [stake.fromSecs, stake.untilSecs]);
        let edges: Vec<u64> =
            ends.chain(windows).map(|at| at.saturating_to::<u64>()).filter(|at| *at > seen.time_secs).collect();
        if !edges.is_empty() && self.random.one_in(3) {
            let edge = self.random.pick(&edges);
            return pass(edge - seen.time_secs - 1 + self.random.between(0, 2));
        }
        let secs = match self.random.between(0, 9) {
            0 => 0,
            1 => self.random.between(10_000, 100_000),
            2..=7 if !seen.sales.is_empty() => self.random.between(1_000, 3_000),
            _ => self.random.between(1, 600),
        };
        pass(secs)
    }

    fn sequencer(&mut self, system: &System, seen: &Seen) -> Step {
        let is_up = !self.random.one_in(4);
        // Mostly it has been up for long, so that prices are not refused all the time.
        let age = if self.random.one_in(3) { self.random.between(0, 100) } else { 1_000_000 };
        sequencer_step(system, is_up, seen.time_secs - age, seen)
    }

    fn donate(&mut self, system: &System) -> Step {
        let (from, asset, most) = self.random.pick(&[
            (LENDER, system.at.usd, 1_000 * USD),
            (ALICE, system.at.weth, WETH),
            (BOB, system.at.wbtc, WBTC / 10),
        ]);
        let at = system.at;
        let to = self.random.pick(&[at.vault, at.auction, at.oracle, at.pool, at.reserve, at.pool, at.reserve]);
        let amount_raw = U256::from(self.random.part_of(most));
        let call = ITestToken::transferCall { to, amountRaw: amount_raw };
        step(Kind::Donate { token: asset.token, to, amount_raw }, from, asset.token, &call)
    }
}

fn sequencer_step(system: &System, is_up: bool, since_secs: u64, seen: &Seen) -> Step {
    let round = U80::from(seen.time_secs);
    let call = IScriptedFeed::setRoundCall {
        roundId: round,
        answer: if is_up { I256::ZERO } else { I256::ONE },
        startedAt: U256::from(since_secs),
        updatedAt: U256::from(seen.time_secs),
        answeredInRound: round,
    };
    step(Kind::Sequencer, OPERATOR, system.at.sequencer, &call)
}

fn vault_at(seen: &Seen, vault_id: U256) -> Option<&support::observe::VaultSeen> {
    let index = usize::try_from(vault_id.to::<u64>()).ok()?.checked_sub(1)?;
    seen.vaults.get(index)
}

fn realise(system: &System, vault_id: U256) -> Step {
    let call = IVault::realiseBadDebtCall { vaultId: vault_id };
    step(Kind::RealiseBadDebt { vault_id }, STRANGER, system.at.vault, &call)
}

/// A vault that owes something and holds nothing but assets that were shut down.
fn worthless(seen: &Seen) -> Option<U256> {
    let is_down = |name| seen.prices.iter().any(|price| price.0 == name && price.3 == U256::from(20));
    let downs = [is_down("weth"), is_down("wbtc")];
    let is_worthless = |vault: &support::observe::VaultSeen| {
        !vault.debt_raw.is_zero() && (0..2).all(|index| downs[index] || vault.held_raw[index].is_zero())
    };
    let index = seen.vaults.iter().position(is_worthless).filter(|_| downs.contains(&true))?;
    Some(U256::from(index + 1))
}
