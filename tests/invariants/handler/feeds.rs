//! What the owner sets for feeds, what the guardian freezes, and the pokes of anybody.

use super::{Handler, Kind, Step, step};
use crate::seen::Seen;
use alloy_primitives::{Address, U256};
use interface::IOracle;
use support::{
    System,
    actors::{OWNER, RIVAL, STRANGER},
    system::{Asset, GRACE_SECS, HEARTBEAT_SECS, WAD},
};

impl Handler {
    pub(super) fn poke(&mut self, system: &System) -> Step {
        let at = system.at;
        let asset = self.random.pick(&[at.usd.token, at.weth.token, at.wbtc.token, at.weth.token, at.oracle]);
        step(Kind::Poke, STRANGER, at.oracle, &IOracle::pokeCall { asset })
    }

    /// Settings of the oracle contract, within and outside of their bounds.
    pub(super) fn set_feeds(&mut self, system: &System, seen: &Seen) -> Step {
        let (at, kind) = (system.at, Kind::Feeds);
        let (oracle, asset) = (at.oracle, self.asset(system).0);
        let price_wad =
            seen.prices.iter().find(|(name, ..)| *name == asset.name).map_or(U256::ZERO, |(_, price, ..)| *price);
        if let Some((priced_twice, _)) = self.second {
            let set = system.ask(oracle, &IOracle::settingsCall { asset: priced_twice.token });
            if set.second.is_zero() && self.random.one_in(2) {
                return self.set_second(system, priced_twice);
            }
        }
        match self.random.between(0, 11) {
            0 | 1 => {
                let grace = U256::from(self.random.pick(&[GRACE_SECS, GRACE_SECS, 60, 14_400, 14_401]));
                let feed = if self.random.one_in(5) { Address::ZERO } else { at.sequencer };
                step(kind, OWNER, oracle, &IOracle::setSequencerCall { uptimeFeed: feed, graceSecs: grace })
            }
            2 | 3 => {
                // Around the present price, too narrow for the next crash, upside down, or off.
                let (min_wad, max_wad) = match self.random.between(0, 3) {
                    0 => (price_wad, price_wad / U256::from(2)),
                    1 => (U256::ZERO, U256::ZERO),
                    _ => (price_wad / U256::from(3), price_wad * U256::from(2)),
                };
                let call = IOracle::setBandCall { asset: asset.token, minWad: min_wad, maxWad: max_wad };
                step(kind, OWNER, oracle, &call)
            }
            4 | 5 => {
                let (jump, sigmas, hold) = self.random.pick(&[(2_000, 3, 600), (1_000, 0, 60), (99, 1, 60), (0, 0, 0)]);
                let call = IOracle::setBreakerCall {
                    asset: asset.token,
                    jumpBps: U256::from(jump),
                    sigmas: U256::from(sigmas),
                    holdSecs: U256::from(hold),
                };
                step(kind, OWNER, oracle, &call)
            }
            6 | 7 => {
                // The dollar's feed is a rate of about one.
                let rate_feed = if self.random.one_in(3) { Address::ZERO } else { at.usd.feed };
                let age = self.random.pick(&[700_000, 10_000_000, 1_000]);
                let call = IOracle::setRateCall {
                    asset: asset.token,
                    rateFeed: rate_feed,
                    heartbeatSecs: U256::from(HEARTBEAT_SECS),
                    snapshotRateWad: U256::from(WAD),
                    snapshotAtSecs: U256::from(seen.time_secs - age),
                    growthBps: U256::from(self.random.pick(&[0_u64, 100, 5_001])),
                };
                step(kind, OWNER, oracle, &call)
            }
            8 => {
                let call = IOracle::setGuardianCall { newGuardian: self.random.pick(&[RIVAL, RIVAL, Address::ZERO]) };
                step(kind, OWNER, oracle, &call)
            }
            9 | 10 => {
                // The guardian may freeze; that and more the owner; what is shut down needs a new feed.
                let caller = self.random.pick(&[OWNER, RIVAL]);
                let level = U256::from(self.random.pick(&[1_u64, 1, 0, 2, 3]));
                step(kind, caller, oracle, &IOracle::setStopCall { asset: asset.token, level })
            }
            _ => self.set_second(system, asset),
        }
    }

    fn set_second(&mut self, system: &System, asset: Asset) -> Step {
        let (soft, hard) = self.random.pick(&[(100, 500), (300, 300), (500, 100)]);
        let is_off = self.random.one_in(6);
        let (asset, aggregator) = match self.second {
            Some((asset, second)) if !is_off => (asset, second),
            Some((asset, _)) => (asset, Address::ZERO),
            None => (asset, Address::ZERO),
        };
        let call = IOracle::setSecondCall {
            asset: asset.token,
            aggregator,
            heartbeatSecs: U256::from(HEARTBEAT_SECS),
            softBps: U256::from(soft),
            hardBps: U256::from(hard),
        };
        step(Kind::Feeds, OWNER, system.at.oracle, &call)
    }
}

/// Takes back a setting that keeps a price from being used; none where it is not for a setting.
pub(super) fn heal_settings(system: &System, asset: Asset, status: u64) -> Option<Step> {
    let (at, token, none) = (system.at, asset.token, U256::ZERO);
    let owner = |call: Step| Some(call);
    match status {
        1 => {
            let heartbeat = U256::from(HEARTBEAT_SECS);
            let call = IOracle::setFeedCall { asset: token, aggregator: asset.feed, heartbeatSecs: heartbeat };
            owner(step(Kind::Feeds, OWNER, at.oracle, &call))
        }
        2 => {
            let call = IOracle::setSequencerCall { uptimeFeed: at.sequencer, graceSecs: U256::from(GRACE_SECS) };
            owner(step(Kind::Feeds, OWNER, at.oracle, &call))
        }
        12 => {
            let call = IOracle::setBandCall { asset: token, minWad: none, maxWad: none };
            owner(step(Kind::Feeds, OWNER, at.oracle, &call))
        }
        17 => {
            let call = IOracle::setBreakerCall { asset: token, jumpBps: none, sigmas: none, holdSecs: none };
            owner(step(Kind::Feeds, OWNER, at.oracle, &call))
        }
        18 => {
            let call = IOracle::setRateCall {
                asset: token,
                rateFeed: Address::ZERO,
                heartbeatSecs: none,
                snapshotRateWad: none,
                snapshotAtSecs: none,
                growthBps: none,
            };
            owner(step(Kind::Feeds, OWNER, at.oracle, &call))
        }
        19 => owner(step(Kind::Feeds, OWNER, at.oracle, &IOracle::setStopCall { asset: token, level: none })),
        20 => {
            let call = IOracle::setFeedCall { asset: token, aggregator: Address::ZERO, heartbeatSecs: none };
            owner(step(Kind::Feeds, OWNER, at.oracle, &call))
        }
        _ => None,
    }
}
