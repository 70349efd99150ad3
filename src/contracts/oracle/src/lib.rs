//! The oracle: turns Chainlink-style feeds into prices in USD, or refuses them by name.
//!
//! It stores which feeds price which asset, and what was seen of them. Every price is read from the feeds at the moment it is
//! asked for; whether what they say may be used is decided by `kernel`. What each function promises stands in
//! `abi/IOracle.sol`.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(feature = "export-abi"), deny(missing_docs))]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic
    )
)]

extern crate alloc;

use alloy_primitives::Address;
use common::{Outcome, ownership};
use interface::IOracle;

// Reading: one feed, all of an asset, and what is answered from it.
mod feeds;
mod observation;
mod prices;
mod quotes;

// Writing: what the owner sets, what anyone may record.
mod parameters;
mod poke;

mod errors;
mod storage;

pub use storage::Oracle;

common::routes! {
    Oracle {
        constructor(owner: Address);
        // Nothing here is ever half-done, so nothing has to wait for the lock.
        anytime {
            IOracle::priceCall => price(asset);
            IOracle::pricesCall => prices(assets);
            IOracle::rangesCall => ranges(assets);
            IOracle::peekCall => peek(asset);
            IOracle::reportCall => report(asset);
            IOracle::recordedCall => recorded(asset);
            IOracle::volatilityCall => volatility(asset, horizon_secs);
            IOracle::sequencerStatusCall => sequencer_status();
            IOracle::feedCall => feed(asset);
            IOracle::settingsCall => settings(asset);
            IOracle::sequencerCall => sequencer();
            IOracle::guardianCall => guardian();
            IOracle::getQuoteCall => get_quote(base_amount, base, quote);
            IOracle::getQuotesCall => get_quotes(base_amount, base, quote);
            IOracle::nameCall => name();
        }
        views {}
        writes {
            IOracle::pokeCall => poke(asset);
            IOracle::setFeedCall => set_feed(asset, aggregator, heartbeat_secs);
            IOracle::setSequencerCall => set_sequencer(uptime_feed, grace_secs);
            IOracle::setBandCall => set_band(asset, min_wad, max_wad);
            IOracle::setSecondCall => set_second(asset, aggregator, heartbeat_secs, soft_bps, hard_bps);
            IOracle::setBreakerCall => set_breaker(asset, jump_bps, sigmas, hold_secs);
            IOracle::setRateCall => set_rate(asset, rate_feed, heartbeat_secs, snapshot_rate_wad, snapshot_at_secs, growth_bps);
            IOracle::setGuardianCall => set_guardian(new_guardian);
            IOracle::setStopCall => set_stop(asset, level);
        }
    }
}

impl Oracle {
    /// Names the owner. Until it sets feeds, every price is refused.
    pub fn constructor(&mut self, owner: Address) -> Outcome<()> {
        ownership::begin(self, owner)
    }
}
