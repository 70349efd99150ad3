//! The numbers of other engines, carried over in `tests/vectors` of the repository: ours must be the same to the unit.
//!
//! Each file names repository, commit and function it comes from. Each test checks every vector of its files, and says
//! how many there are, so that a lost file or an empty list fails.

use std::path::Path;

use serde_json::Value;
use spillway_kernel::curve::{self, Curve, Start, Terms, Uptime};
use spillway_kernel::health::{self, Holding};
use spillway_kernel::take::{Offer, Refusal, SliceRad, take, take_rad};
use spillway_kernel::{incentive, interest, ramp};
use units::{Bps, RAY_ONE, Raw, Ray, Secs, U256, Wad};

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

/// The vectors of a file, `count` of them.
fn vectors(name: &str, count: usize) -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/vectors/{name}.json"));
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
