//! The numbers of other engines, carried over in `tests/vectors` of the repository: ours must be the same to the unit.
//!
//! Each file names repository, commit and function it comes from; `README.md` beside them lists the groups, those that
//! do not apply too. Each test checks every vector of its files, and says how many there are, so that a lost file or an
//! empty list fails.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;
use spillway_kernel::curve::{self, Curve, Start, Terms, Uptime};
use spillway_kernel::english::{Standing, least_bid_up};
use spillway_kernel::health::{self, Holding};
use spillway_kernel::liquidation::{self, Others, Position, Rule, debt_to_target_up, due_up};
use spillway_kernel::shares::Fund;
use spillway_kernel::stakes::{Stakes, Staking};
use spillway_kernel::take::{Offer, Refusal, SliceRad, take, take_rad};
use spillway_kernel::{incentive, interest, ramp};
use units::{Bps, RAY_ONE, Raw, Ray, Secs, Shares, U256, WAD_ONE, Wad, mul_div_down, mul_div_up};

/// One vector: what goes in, what must come out.
struct Vector(Value);

impl Vector {
    fn text(&self, side: &str, name: &str) -> &str {
        self.0[side][name].as_str().unwrap_or_else(|| panic!("{side}.{name} is missing in {}", self.0))
    }

    fn word(&self, name: &str) -> U256 {
        U256::from_str_radix(self.text("in", name), 10).unwrap()
    }

    fn small(&self, name: &str) -> u64 {
        self.text("in", name).parse().unwrap()
    }

    fn ray(&self, name: &str) -> Ray {
        Ray(self.word(name))
    }

    fn out(&self, name: &str) -> U256 {
        U256::from_str_radix(self.text("out", name), 10).unwrap()
    }
}

/// Where the files are.
fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"))
}

/// The vectors of a file, `count` of them.
fn vectors(name: &str, count: usize) -> Vec<Vector> {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let group: Value = serde_json::from_str(&text).unwrap();
    let vectors: Vec<_> = group["vectors"].as_array().unwrap().iter().cloned().map(Vector).collect();
    assert_eq!(vectors.len(), count, "{name}");
    vectors
}

#[test]
fn linear_prices_are_makers() {
    for vector in vectors("dss.abaci.linear", 66).iter().chain(&vectors("dss.abaci.linear.tests", 11)) {
        let price = curve::linear_down(vector.ray("top"), Secs(vector.small("tau")), Secs(vector.small("dur")));
        assert_eq!(price, Ok(Ray(vector.out("price"))), "{}", vector.0);
    }
}

#[test]
fn stairs_are_makers() {
    for vector in vectors("dss.abaci.stairstep", 72).iter().chain(&vectors("dss.abaci.tests", 2)) {
        let (step, elapsed) = (Secs(vector.small("step")), Secs(vector.small("dur")));
        let price = curve::stairs_down(vector.ray("top"), vector.ray("cut"), step, elapsed);
        assert_eq!(price, Ok(Ray(vector.out("price"))), "{}", vector.0);
    }
}

#[test]
fn exponential_prices_are_makers() {
    for vector in &vectors("dss.abaci.exponential", 72) {
        let price = curve::exponential_down(vector.ray("top"), vector.ray("cut"), Secs(vector.small("dur")));
        assert_eq!(price, Ok(Ray(vector.out("price"))), "{}", vector.0);
    }
    for vector in &vectors("dss.abaci.halflife.tests", 5) {
        let price = curve::exponential_down(vector.ray("top"), vector.ray("cut"), Secs(vector.small("dur"))).unwrap();
        assert!(price.0.abs_diff(vector.out("price_approx")) <= vector.out("abs_tolerance"), "{}", vector.0);
    }
}

#[test]
fn the_index_is_makers() {
    for vector in &vectors("dss.jug.drip", 8) {
        let index = interest::index_after_up(interest::INDEX_START, vector.ray("duty"), Secs(vector.small("dt")));
        assert_eq!(index, Ok(Ray(vector.out("rate"))), "{}", vector.0);
    }
}

#[test]
fn takes_are_makers() {
    for vector in vectors("dss.clip.take", 44).iter().chain(&vectors("dss.clip.take.tests", 6)) {
        let (tab, lot, price) = (vector.word("tab_rad"), vector.word("lot_wad"), vector.ray("price_ray"));
        let (chost, asked) = (vector.word("chost_rad"), vector.word("amt_wad"));
        let in_rad = take_rad(tab, lot, price, chost, asked);
        // The contracts' take counts in whole base units. Maker's amounts are whole in rad, so with a rad as the base
        // unit, and a price that is 10^27 larger, it must give the same.
        let price = Ray(price.0.checked_mul(RAY_ONE).unwrap());
        let offer = Offer { lot_raw: Raw(lot), due_raw: Raw(tab), price, min_due_raw: Raw(chost) };
        let in_units = take(&offer, Raw(asked));
        match vector.text("out", "result") {
            "ok" => {
                let (slice, owed_rad) = (vector.out("slice_wad"), vector.out("owe_rad"));
                assert_eq!(in_rad, Ok(SliceRad { slice, owed_rad }), "{}", vector.0);
                let taken = in_units.unwrap();
                assert_eq!((taken.slice_raw, taken.owed_raw), (Raw(slice), Raw(owed_rad)), "{}", vector.0);
                assert_eq!(taken.is_last(), vector.text("out", "auction") == "closed", "{}", vector.0);
                if taken.is_last() {
                    // Maker clears an ended auction; what is left of the lot goes to the vault's owner where it is paid.
                    let returned = if taken.due_left_raw.is_zero() { taken.lot_left_raw } else { Raw::ZERO };
                    assert_eq!(returned, Raw(vector.out("collateral_returned_to_usr")), "{}", vector.0);
                } else {
                    assert_eq!(taken.lot_left_raw, Raw(vector.out("lot_after")), "{}", vector.0);
                    assert_eq!(taken.due_left_raw, Raw(vector.out("tab_after")), "{}", vector.0);
                }
            }
            "Clipper/no-partial-purchase" => {
                assert_eq!(in_rad, Err(Refusal::PartTooLarge), "{}", vector.0);
                assert_eq!(in_units, Err(Refusal::PartTooLarge), "{}", vector.0);
            }
            other => panic!("unknown result {other}"),
        }
    }
}

#[test]
fn an_auction_needs_a_restart_where_makers_does() {
    for vector in &vectors("dss.clip.status.tests", 4) {
        assert_eq!(vector.text("in", "curve"), "linear");
        let cusp = vector.word("cusp_ray") / Bps(1).to_ray().0;
        let terms = Terms {
            curve: Curve::Linear,
            cut: Ray::ZERO,
            step: Secs(vector.small("tau_s")),
            buffer: Bps(10_000),
            tail: Secs(vector.small("tail_s")),
            cusp: Bps::try_narrow(cusp).unwrap(),
            floor: Bps(100),
            cap: Raw::MAX,
        };
        assert_eq!(terms.cusp.to_ray(), vector.ray("cusp_ray"));
        // Maker has no floor: ours is out of the way.
        let start = Start { top: vector.ray("top_ray"), floor: Ray(U256::ONE) };
        let elapsed = Secs(vector.small("elapsed_s"));
        let price = curve::price_at(&terms, &start, elapsed).unwrap();
        let needs_restart = curve::needs_restart(&terms, &start, elapsed, price, Uptime::Unbroken);
        assert_eq!(needs_restart, Ok(vector.text("out", "needsRedo") == "true"), "{}", vector.0);
    }
}

#[test]
fn rewards_are_makers() {
    for vector in &vectors("dss.clip.incentive.tests", 6) {
        let (due, lot, min_due) = (vector.word("tab_rad"), vector.word("lot_wad"), vector.word("chost_rad"));
        // In rad all amounts are 10^27 larger, so the price of a base unit is too.
        let price = Ray(vector.word("feedPrice_ray") * RAY_ONE);
        let is_worth = incentive::is_worth_a_reward(Raw(due), Raw(lot), price, Raw(min_due));
        let share = Wad(vector.word("chip_wad"));
        let full = incentive::reward_down(Raw(vector.word("tip_rad")), share, Raw(due)).unwrap();
        // Maker asks on a restart only.
        let reward = if vector.text("in", "is_redo") == "1" && !is_worth { Raw::ZERO } else { full };
        assert_eq!(reward, Raw(vector.out("coin_rad")), "{}", vector.0);
    }
}

/// GEB bids amounts: first what is paid for 100 of the lot, up to 50, then what of the lot is taken for those 50. Ours are prices,
/// so an amount for all of the lot is that price for a unit of it, and 50 for a part of the lot is the price at which 50 buys the part.
#[test]
fn bids_are_gebs() {
    let terms = Terms {
        curve: Curve::English,
        cut: Ray(RAY_ONE * U256::from(105) / U256::from(100)),
        step: Secs(1),
        buffer: Bps(0),
        tail: Secs(60),
        cusp: Bps(0),
        floor: Bps(100),
        cap: Raw::MAX,
    };
    let lot = U256::from(100) * WAD_ONE;
    let due = U256::from(50) * WAD_ONE;
    for vector in &vectors("geb.englishAuction.tests", 8) {
        let (previous, new) = (vector.word("previous"), vector.word("new"));
        let is_increase = vector.text("in", "phase") == "increase";
        let price = |amount: U256| {
            let (paid, bought) = if is_increase { (amount, lot) } else { (due, amount) };
            Ray(mul_div_down(paid, RAY_ONE, bought).unwrap())
        };
        let standing = (!previous.is_zero()).then(|| Standing { price: price(previous), ends_at: Secs(1) });
        let least = least_bid_up(&terms, Ray(U256::ONE), standing.as_ref()).unwrap();
        // GEB lets a bid for all there is to pay be a smaller step; ours has no such bid, because prices go on from there.
        let is_last_step = is_increase && new == due && price(new) < least;
        let accepted = price(new) >= least || is_last_step;
        assert_eq!(accepted, vector.text("out", "accepted") == "true", "{}", vector.0);
        assert_eq!(is_last_step, vector.0["note"].as_str().is_some_and(|note| note.contains("below 5%")));
        // At its price a bid pays, and gets, what GEB says.
        let offer = Offer { lot_raw: Raw(lot), due_raw: Raw(due), price: price(new), min_due_raw: Raw::ZERO };
        let bought = take(&offer, Raw(lot)).unwrap();
        let (owed, slice) = if is_increase { (new, lot) } else { (due, new) };
        assert_eq!(bought.owed_raw, Raw(owed), "{}", vector.0);
        // The price of a part has 27 digits, so the part itself is missed by less than one in 10^27 of it, here a unit.
        assert!(bought.slice_raw.0.abs_diff(slice) <= U256::ONE, "{}", vector.0);
    }
}

#[test]
fn values_and_health_factors_are_aaves() {
    let wad_of = |price_1e8: U256| Wad(price_1e8 * U256::from(10_000_000_000_u64));
    let base = U256::from(10_000_000_000_u64);
    for vector in &vectors("aave_v3.healthFactor", 14) {
        let holding = |amount: &str, decimals, price: &str, threshold: &str| Holding {
            amount_raw: Raw(vector.word(amount)),
            decimals,
            price_wad: wad_of(vector.word(price)),
            ltv: Bps(0),
            threshold: Bps(vector.small(threshold)),
        };
        let holdings =
            [holding("coll1_1e18", 18, "price1_1e8", "lt1_bps"), holding("coll2_1e6", 6, "price2_1e8", "lt2_bps")];
        // Aave counts in 10^-8 of its base currency; our values in wad, brought to that, are its values.
        let values = holdings.map(|holding| health::weighted_value_down(&holding, Bps(10_000)).unwrap().0 / base);
        assert_eq!(values[0] + values[1], vector.out("totalCollateralBase"), "{}", vector.0);
        let debt = health::debt_value_up(Raw(vector.word("debt_1e6")), 6, wad_of(vector.word("debtPrice_1e8")));
        let debt = (debt.unwrap().0 + base - U256::ONE) / base;
        assert_eq!(debt, vector.out("totalDebtBase"), "{}", vector.0);
        // From the same values our health factor is Aave's, which rounds half up once more before it rounds down.
        let carried = values[0] * holdings[0].threshold.widen() + values[1] * holdings[1].threshold.widen();
        let health = health::health_factor(Wad(carried), Wad(debt * U256::from(10_000)));
        assert_eq!(health, Wad(vector.out("hf_wad")), "{}", vector.0);
    }
}

#[test]
fn ramps_are_eulers() {
    for vector in &vectors("euler_evk.ltvRamp", 3) {
        let start = Secs(1_700_000_000);
        let ramp = ramp::Ramp {
            from: Bps(vector.small("initialLTV_1e4")),
            to: Bps(vector.small("targetLTV_1e4")),
            start,
            end: Secs(start.0 + vector.small("rampDuration_s")),
        };
        let threshold = ramp::threshold_at(&ramp, Secs(start.0 + vector.small("elapsed_s")));
        assert_eq!(threshold.map(Bps::widen), Ok(vector.out("ltv_1e4")), "{}", vector.0);
    }
}

#[test]
fn ramps_are_gearboxes_on_the_way_down_and_immediate_on_the_way_up() {
    let (mut fell, mut rose) = (0, 0);
    for vector in &vectors("gearbox_v3.liquidationThresholdRamp.tests", 6) {
        let start = Secs(1_700_000_000);
        let elapsed: i64 = vector.text("in", "elapsed_s").parse().unwrap();
        let ramp = ramp::Ramp {
            from: Bps(vector.small("ltInitial_bps")),
            to: Bps(vector.small("ltFinal_bps")),
            start,
            end: Secs(start.0 + vector.small("duration_s")),
        };
        let threshold = ramp::threshold_at(&ramp, Secs(start.0.checked_add_signed(elapsed).unwrap())).unwrap();
        if ramp.to < ramp.from {
            assert_eq!(threshold.widen(), vector.out("lt_bps"), "{}", vector.0);
            fell += 1;
        } else {
            // Gearbox lets a threshold rise slowly too. Ours rises at once, which makes no vault less safe.
            assert_eq!(threshold, ramp.to, "{}", vector.0);
            assert!(threshold.widen() >= vector.out("lt_bps"), "{}", vector.0);
            rose += 1;
        }
    }
    assert_eq!((fell, rose), (2, 4));
}

/// Maker's `bark` as our sizing: a rule under which any sale is of everything, and a threshold and a price of nothing, so
/// that lot and debt go in the same proportion. Maker's debt is counted in units of the index, so ours is in 10^-18 of
/// that, in which the room `floor(room * 10^18 / rate)` is whole.
#[test]
fn what_fits_into_the_room_is_makers_but_for_dust() {
    let mut outcomes = BTreeMap::new();
    for vector in vectors("dss.dog.bark", 30).iter().chain(&vectors("dss.dog.bark.tests", 7)) {
        let (ink, art, rate) = (vector.word("ink_wad"), vector.word("art_wad"), vector.word("rate_ray"));
        let (chop, dust) = (vector.word("chop_wad"), vector.word("dust_rad"));
        let room = vector.word("Hole_rad").min(vector.word("hole_rad"));
        let position = Position {
            threshold_value_wad: Wad(ink * vector.word("spot_ray")),
            debt_value_wad: Wad(art * rate),
            debt_raw: Raw(art * WAD_ONE),
            collateral_raw: Raw(ink),
            price: Ray(U256::ONE),
            threshold: Bps(0),
            penalty: Bps::try_narrow((chop - WAD_ONE) / units::WAD_PER_BPS).unwrap(),
            others: Others::None,
        };
        assert_eq!(position.penalty.to_wad().0 + WAD_ONE, chop, "the penalty is whole basis points");
        let min_debt_raw = Raw(mul_div_up(dust, WAD_ONE, rate).unwrap());
        let target_health_wad = Bps(10_500).to_wad();
        let rule = Rule { target_health_wad, whole_share: Bps(0), min_debt_raw };
        let room_raw = Raw(mul_div_down(room, WAD_ONE, rate).unwrap());
        let sized = liquidation::size(&position, &rule, room_raw);
        let whole_due_raw = due_up(position.debt_raw, position.penalty.to_wad()).unwrap();
        let outcome = match (vector.text("out", "result"), sized) {
            ("Dog/not-unsafe", sized) => {
                assert_eq!(sized, Err(liquidation::Refusal::Healthy), "{}", vector.0);
                "healthy"
            }
            ("Dog/dusty-auction-from-partial-liquidation", sized) => {
                assert!(matches!(sized, Err(liquidation::Refusal::NoRoom { .. })), "{}", vector.0);
                "too little room"
            }
            ("ok", Ok(sizing)) if whole_due_raw <= room_raw => {
                assert!(sizing.is_whole && vector.out("dart_wad") == art, "{}", vector.0);
                assert_eq!(sizing.lot_raw, Raw(vector.out("dink_wad")), "{}", vector.0);
                "whole"
            }
            ("ok", Ok(sizing)) if vector.out("dart_wad") < art => {
                // In Maker's unit the debt is Maker's; so is the lot, but for what a unit of debt is worth of it.
                assert_eq!(sizing.debt_raw.0 / WAD_ONE, vector.out("dart_wad"), "{}", vector.0);
                let more = sizing.lot_raw.0 - vector.out("dink_wad");
                assert!(more <= ink / art + U256::ONE, "{}", vector.0);
                "a part"
            }
            ("ok", sized) => {
                // What would be left is dust. Maker sells all of it, above the room; ours leaves as much as is no dust,
                // or refuses where less than that would be sold.
                assert_eq!(vector.out("dart_wad"), art, "{}", vector.0);
                match sized {
                    Ok(sizing) => {
                        let left_raw = position.debt_raw.try_sub(sizing.debt_raw).unwrap();
                        assert_eq!(left_raw, min_debt_raw, "{}", vector.0);
                        assert!(sizing.due_raw <= room_raw, "{}", vector.0);
                        "a part that leaves the minimum"
                    }
                    Err(refusal) => {
                        assert!(matches!(refusal, liquidation::Refusal::NoRoom { .. }), "{}", vector.0);
                        "no room where Maker goes above it"
                    }
                }
            }
            (result, sized) => panic!("{result} against {sized:?}: {}", vector.0),
        };
        *outcomes.entry(outcome).or_insert(0) += 1;
        // What is due is Maker's in rad, rounded up where Maker's is rounded down.
        if vector.text("out", "result") == "ok" {
            let debt = vector.out("dart_wad") * rate;
            let due = due_up(Raw(debt), position.penalty.to_wad()).unwrap().0;
            let more = due - vector.out("tab_rad");
            assert_eq!(more, U256::from(debt * chop % WAD_ONE != U256::ZERO), "{}", vector.0);
        }
    }
    let expected = [
        ("a part", 14),
        ("a part that leaves the minimum", 3),
        ("healthy", 2),
        ("no room where Maker goes above it", 7),
        ("too little room", 1),
        ("whole", 10),
    ];
    assert_eq!(outcomes, BTreeMap::from(expected));
}

/// With the debt's value times 10^18 as the debt value, and Aave's health factor of that as what is carried, nothing is lost.
/// The debt in Aave's unit, 10^-27 of a base unit, is not whole; rounded down it is less than one such unit less, and the
/// two roundings up of ours add less than one more. So we are within one of these units, and at most all of the debt.
#[test]
fn the_debt_that_restores_the_target_is_aaves() {
    let mut clamped = 0;
    for vector in &vectors("aave_v4.debtToTargetHF", 14) {
        let value = vector.word("totalDebtValueRay");
        let (unit, price) = (vector.word("debtAssetUnit"), vector.word("debtAssetPrice"));
        let bonus = Bps(vector.small("liquidationBonus_bps"));
        let position = Position {
            threshold_value_wad: Wad(value * vector.word("healthFactor_wad")),
            debt_value_wad: Wad(value * WAD_ONE),
            debt_raw: Raw(mul_div_down(value, unit, price * WAD_ONE).unwrap()),
            collateral_raw: Raw::MAX,
            price: Ray(RAY_ONE),
            threshold: Bps(vector.small("collateralFactor_bps")),
            penalty: Bps(bonus.0 - 10_000),
            others: Others::None,
        };
        let target = Wad(vector.word("targetHealthFactor_wad"));
        let ours = debt_to_target_up(&position, target, position.penalty.to_wad()).unwrap();
        let theirs = vector.out("debtRayToTarget");
        if theirs > position.debt_raw.0 {
            // No sale reaches the target: Aave cuts at all of the debt in the next step.
            assert_eq!(ours, position.debt_raw, "{}", vector.0);
            clamped += 1;
        } else {
            assert!(ours.0.abs_diff(theirs) <= U256::ONE, "{ours:?} {}", vector.0);
        }
    }
    assert_eq!(clamped, 8);
}

/// Morpho adds three terms of `e^y - 1`, `y` the rate times the seconds; ours compounds every second, `(1 + x)^n - 1`.
/// Ours is larger by at most the terms that Morpho leaves out, `y^4 / 24 * 5 / (5 - y)` for `y < 5`, and the three units it
/// rounds down; and smaller by at most what seconds lose against no time at all, `e^y * y * x / 2`, as `ln(1 + x) >= x - x^2 / 2`.
/// Ours rounds up: one unit more. In wad all of that, so each bound is rounded up by one.
#[test]
fn compounding_is_within_the_terms_that_morpho_leaves_out() {
    let wad = WAD_ONE;
    for vector in &vectors("morpho.wTaylorCompounded", 9) {
        let (rate, seconds) = (vector.word("ratePerSecond_wad"), vector.small("seconds"));
        let factor = Ray(RAY_ONE + rate * U256::from(1_000_000_000_u64));
        let index = interest::index_after_up(interest::INDEX_START, factor, Secs(seconds)).unwrap();
        let ours = (index.0 - RAY_ONE).div_ceil(U256::from(1_000_000_000_u64));
        let theirs = vector.out("e^(nx)-1_wad");
        let y = rate * U256::from(seconds);
        assert!(y < U256::from(5) * wad);
        let fourth = mul_div_up(mul_div_up(y, y, wad).unwrap(), mul_div_up(y, y, wad).unwrap(), wad).unwrap();
        let left_out = mul_div_up(fourth, U256::from(5) * wad, U256::from(24) * (U256::from(5) * wad - y)).unwrap();
        let most = theirs + left_out + U256::from(5);
        let power = wad + theirs + left_out + U256::from(3);
        let by_seconds = mul_div_up(mul_div_up(power, y, wad).unwrap(), rate, wad * U256::from(2)).unwrap();
        let least = theirs.saturating_sub(by_seconds + U256::ONE);
        assert!((least..=most).contains(&ours), "{ours} not from {least} to {most}: {}", vector.0);
    }
}

#[test]
fn shares_and_what_they_are_worth_are_morphos() {
    for vector in &vectors("morpho.sharesMath", 10) {
        let fund = Fund { assets_raw: Raw(vector.word("totalAssets")), shares: Shares(vector.word("totalShares")) };
        let (assets_raw, shares) = (Raw(vector.word("x")), Shares(vector.word("x")));
        assert_eq!(fund.shares_down(assets_raw), Ok(Shares(vector.out("toSharesDown"))), "{}", vector.0);
        assert_eq!(fund.shares_up(assets_raw), Ok(Shares(vector.out("toSharesUp"))), "{}", vector.0);
        assert_eq!(fund.assets_down(shares), Ok(Raw(vector.out("toAssetsDown"))), "{}", vector.0);
        assert_eq!(fund.assets_up(shares), Ok(Raw(vector.out("toAssetsUp"))), "{}", vector.0);
    }
}

/// Liquity keeps a product of all losses and divides each deposit by it; our stakers have shares. What is left of a deposit is
/// the same: of a sole depositor's to the unit, because `floor(total * (left + 1) / (total + 1))` is `left` where that is not more.
/// Of two stakers in equal parts each has half of what is left, less at most a unit.
#[test]
fn what_a_loss_leaves_of_a_stake_is_liquitys() {
    let now = Secs(1_700_000_000);
    for vector in &vectors("liquity_v2.stabilityPoolPS", 3) {
        let (total, loss) = (Raw(vector.word("totalDeposits")), Raw(vector.word("debtToOffset")));
        let left = vector.out("compoundedDeposit_of_sole_depositor");
        let none = Stakes::default();
        let Staking { shares, stakes: sole, .. } = none.stake(total, Raw::ZERO, now).unwrap();
        assert_eq!(
            sole.with_slashed(loss, now).unwrap().worth_of_down(shares, Raw::ZERO, now),
            Ok(Raw(left)),
            "{}",
            vector.0
        );
        // A loss that still waits counts as much as one that was covered.
        assert_eq!(sole.worth_of_down(shares, loss, now), Ok(Raw(left)), "{}", vector.0);

        let half = Raw(total.0 / U256::from(2));
        let Staking { shares: first, stakes: one, .. } = none.stake(half, Raw::ZERO, now).unwrap();
        let Staking { shares: second, stakes: two, .. } = one.stake(half, Raw::ZERO, now).unwrap();
        let both = two.with_slashed(loss, now).unwrap();
        for shares in [first, second] {
            let worth = both.worth_of_down(shares, Raw::ZERO, now).unwrap().0;
            assert!(left / U256::from(2) - worth <= U256::ONE, "{worth} {}", vector.0);
        }
    }
}

/// The table of `README.md` beside the files: each group, and how many of its vectors are carried.
fn listed() -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (group, rest) = row.split_once("` | ").expect("a group");
        let (carried, why) = rest.split_once(" | ").expect("how many are carried");
        assert!(why.len() > 20, "{group}: no reason is given");
        (group.to_owned(), carried.split(' ').next().unwrap().parse().expect("a number"))
    })
    .collect()
}

#[test]
fn the_list_of_groups_names_every_file_and_every_file_is_checked() {
    let mut listed = listed();
    listed.retain(|_, carried| *carried > 0);
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let group: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(group["id"], name.as_str());
        for key in ["repo", "commit", "file", "function", "provenance"] {
            assert!(group[key].as_str().is_some_and(|text| !text.is_empty()), "{name} does not say its {key}");
        }
        let count = group["vectors"].as_array().unwrap().len();
        // Each test states the number itself, so that neither list can shrink unseen.
        let call = format!("vectors(\"{name}\", {count})");
        assert!(include_str!("vectors.rs").contains(&call), "no test has {call}");
        found.insert(name, count);
    }
    assert_eq!(found, listed);
}
