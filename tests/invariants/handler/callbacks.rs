//! What a buyer does between getting its slice and the payment: anything it can, with money, shares, an allowance and a role of its own.

use super::{Handler, Kind, Step, step};
use crate::seen::Seen;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use interface::{IAuction, IOracle, IVault};
use support::{
    System,
    actors::{KEEPER, RIVAL, STRANGER},
    native::ITaker,
};

/// Who is called back: it lends, bids and buys too, and is the guardian now and then.
pub(crate) const TAKER: Address = RIVAL;

impl Handler {
    /// Tells the taker what to do the next time it is called back.
    pub(super) fn arm(&mut self, system: &System, seen: &Seen) -> Step {
        let at = system.at;
        let mut inner = match self.random.between(0, 11) {
            0 | 1 => self.lend(system, seen),
            2 | 3 => self.insure(system, seen),
            4 => self.repay(system, seen),
            5 => self.deposit(system, seen),
            6 => self.withdraw(system, seen),
            7 => self.poke(system),
            8 => self.bidding(system, seen),
            9 => {
                let auction_id = seen.auction_count;
                let call = IAuction::restartCall { auctionId: auction_id, keeper: KEEPER };
                step(Kind::Restart { auction_id }, KEEPER, at.auction, &call)
            }
            10 => step(Kind::Accrue, STRANGER, at.vault, &IVault::accrueCall {}),
            _ => self.trespass(system, seen),
        };
        if inner.calldata.get(..4) == Some(IOracle::setStopCall::SELECTOR.as_slice()) {
            // The taker is the guardian now and then.
            inner.kind = Kind::Feeds;
        }
        inner.from = TAKER;
        let call = ITaker::armCall { target: inner.to, callData: inner.calldata.clone().into() };
        self.armed = Some(Box::new(inner));
        step(Kind::Arm, STRANGER, TAKER, &call)
    }
}
