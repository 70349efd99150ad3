//! What bidders do in an English auction: bid, be outbid, win. What was bid stays in this contract until it is settled or withdrawn,
//! and is counted here: the balance of the token is never asked.

use alloy_primitives::{Address, U256};
use common::{
    Outcome,
    call::try_tell,
    emit, refuse, token,
    words::{address_in, word_of},
};
use interface::IAuction;
use kernel::{
    curve::{Curve, Uptime},
    english::{Phase, Standing, end_after_bid, ends_at, least_bid_up, phase},
    stop::Act,
    take::Slice,
};
use stylus_sdk::{
    prelude::*,
    stylus_core::{AccountAccess, MessageAccess},
};
use units::{Raw, Ray, Secs, try_add};

use crate::{
    sales::{Bid, Opened},
    storage::{Auction, DEBT_ASSET, REFUNDS, SLICES, slice_key},
    takers::{Sold, sell_call},
};

/// The bids of an auction at this moment.
pub(crate) struct Bids {
    pub(crate) best: Option<Bid>,
    pub(crate) phase: Phase,
    pub(crate) ends_at: Secs,
    /// The least next bid.
    pub(crate) least: Ray,
}

impl Auction {
    /// Bids for the lot: at `bid_ray` the caller gets as much of it as what is due buys, and pays what that costs now. Whoever led
    /// before may withdraw what it paid. Answers what the bidder would get, and what it has paid.
    pub fn bid(&mut self, auction_id: U256, bid_ray: U256) -> Outcome<(U256, U256)> {
        let (opened, bids) = self.open_bidding(auction_id)?;
        if bid_ray < bids.least.0 {
            return Err(refuse!(IAuction::BidTooLow { bidRay: bid_ray, minRay: bids.least }));
        }
        let price = Ray(bid_ray);
        let slice = self.slice(&opened.sale, price, U256::MAX)?;
        let bidder = self.vm().msg_sender();
        let standing = Standing { price, ends_at: end_after_bid(bids.ends_at, self.now(), opened.terms.step)? };
        let (previous_bidder, refunded_raw) = match &bids.best {
            Some(best) => (best.bidder, best.owed_raw),
            None => (Address::ZERO, Raw::ZERO),
        };
        self.store_bid(auction_id, &Bid { bidder, owed_raw: slice.owed_raw, standing })?;
        self.add_refund(previous_bidder, refunded_raw)?;
        emit!(
            self.vm(),
            IAuction::BidPlaced {
                auctionId: auction_id,
                bidder,
                bidRay: price,
                sliceRaw: slice.slice_raw,
                owedRaw: slice.owed_raw,
                endsAtSecs: standing.ends_at,
                previousBidder: previous_bidder,
                refundedRaw: refunded_raw,
            },
        );
        token::pull(self.vm(), self.debt_asset(), bidder, slice.owed_raw.0)?;
        Ok((slice.slice_raw.0, slice.owed_raw.0))
    }

    /// Ends an English auction whose bidding is over: the best bidder gets its slice, and the vault what was paid for it. Anyone may,
    /// unless bids were stopped since it began.
    pub fn settle(&mut self, auction_id: U256) -> Outcome<()> {
        let opened = self.opened_english(auction_id)?;
        let bids = self.bidding_of(auction_id, &opened)?;
        let Some(best) = bids.best else {
            return Err(refuse!(IAuction::NoBid { auctionId: auction_id }));
        };
        if self.now() < bids.ends_at {
            return Err(refuse!(IAuction::BiddingNotEnded { auctionId: auction_id, endsAtSecs: bids.ends_at }));
        }
        // However late: what a stop has kept others from bidding for is not won by waiting.
        if bids.phase == Phase::Stale || self.stored_stop().interrupts(opened.sale.started_at) {
            return Err(refuse!(IAuction::NeedsRestart { auctionId: auction_id }));
        }
        let slice = self.slice(&opened.sale, best.standing.price, U256::MAX)?;
        self.erase_bid(auction_id)?;
        let sold = Sold { taker: best.bidder, recipient: best.bidder, price: best.standing.price, slice };
        let outgo = self.book_sale(auction_id, &opened, &sold)?;
        // The vault pulls it from here, as it does from any taker.
        token::allow(self.vm(), self.debt_asset(), self.vault_address(), best.owed_raw.0)?;
        let here = self.vm().contract_address();
        let paid_here = Sold { taker: here, ..sold };
        if try_tell(self.vm(), self.vault_address(), sell_call(&opened, &paid_here, &outgo)).is_ok() {
            return Ok(());
        }
        // Somebody that the collateral's token refuses has won. Nobody could settle then, and its bid would cost it nothing.
        self.keep_slice(auction_id, best.bidder, &opened, slice.slice_raw)?;
        self.sell(&opened, &Sold { recipient: here, ..paid_here }, &outgo)
    }

    /// Pays out what the caller has won of a collateral and could not receive. Nothing stops it.
    pub fn withdraw_slice(&mut self, collateral: Address, to: Address) -> Outcome<U256> {
        let bidder = self.vm().msg_sender();
        self.require_recipient(to)?;
        let key = slice_key(bidder, self.listing(collateral).number)?;
        let kept_raw = SLICES.get(self, key);
        if kept_raw.is_zero() {
            return Err(refuse!(IAuction::NoSlice { bidder, collateral }));
        }
        SLICES.set(self, key, U256::ZERO);
        emit!(self.vm(), IAuction::SliceWithdrawn { bidder, collateral, to, amountRaw: kept_raw });
        token::push(self.vm(), collateral, to, kept_raw)?;
        Ok(kept_raw)
    }

    /// What somebody has won of a collateral, could not receive, and has not withdrawn.
    pub fn slice_of(&self, bidder: Address, collateral: Address) -> Outcome<U256> {
        Ok(SLICES.get(self, slice_key(bidder, self.listing(collateral).number)?))
    }

    /// Pays out what the caller was outbid with. Nothing stops it.
    pub fn withdraw_refund(&mut self, to: Address) -> Outcome<U256> {
        let bidder = self.vm().msg_sender();
        self.require_recipient(to)?;
        let amount_raw = self.refund_of(bidder)?;
        if amount_raw.is_zero() {
            return Err(refuse!(IAuction::NoRefund { bidder }));
        }
        REFUNDS.set(self, word_of(bidder), U256::ZERO);
        emit!(self.vm(), IAuction::RefundWithdrawn { bidder, to, amountRaw: amount_raw });
        token::push(self.vm(), self.debt_asset(), to, amount_raw)?;
        Ok(amount_raw)
    }

    /// The best bid of a running English auction; `TakesNoBids` where it is none.
    pub fn bidding(&self, auction_id: U256) -> Outcome<IAuction::Bidding> {
        let opened = self.opened_english(auction_id)?;
        let best = self.stored_bid(auction_id)?;
        let ends_at = ends_at(&opened.terms, opened.sale.started_at, best.map(|best| best.standing).as_ref())?;
        let Some(best) = best else {
            return Ok(IAuction::Bidding { endsAtSecs: ends_at.widen(), ..IAuction::Bidding::default() });
        };
        let slice = self.slice(&opened.sale, best.standing.price, U256::MAX)?;
        Ok(IAuction::Bidding {
            bidder: best.bidder,
            bidRay: best.standing.price.0,
            sliceRaw: slice.slice_raw.0,
            owedRaw: best.owed_raw.0,
            endsAtSecs: ends_at.widen(),
        })
    }

    /// What somebody was outbid with and has not withdrawn.
    pub fn refund_of(&self, bidder: Address) -> Outcome<U256> {
        Ok(REFUNDS.get(self, word_of(bidder)))
    }

    /// What the least next bid for the whole lot would get and owe, and that bid; the refusals of `bid`.
    pub(crate) fn least_bid(&self, auction_id: U256) -> Outcome<(Slice, Ray)> {
        let (opened, bids) = self.open_bidding(auction_id)?;
        Ok((self.slice(&opened.sale, bids.least, U256::MAX)?, bids.least))
    }

    /// The bids of an auction at this moment. Asks for the sequencer's state only where bids or a winner hang on it.
    pub(crate) fn bidding_of(&self, auction_id: U256, opened: &Opened) -> Outcome<Bids> {
        let Opened { sale, terms, start, .. } = opened;
        let best = self.stored_bid(auction_id)?;
        let standing = best.map(|best| best.standing);
        let phase_with = |uptime| phase(terms, sale.started_at, standing.as_ref(), self.now(), uptime);
        let mut phase = phase_with(Uptime::Unbroken)?;
        if !phase.needs_restart() {
            phase = phase_with(self.uptime_since(sale.started_at)?)?;
        }
        Ok(Bids {
            best,
            phase,
            ends_at: ends_at(terms, sale.started_at, standing.as_ref())?,
            least: least_bid_up(terms, start.floor, standing.as_ref())?,
        })
    }

    /// Makes a bid that came to nothing a refund, and says so.
    pub(crate) fn release_bid(&mut self, auction_id: U256) -> Outcome<()> {
        let Some(best) = self.stored_bid(auction_id)? else {
            return Ok(());
        };
        self.erase_bid(auction_id)?;
        self.add_refund(best.bidder, best.owed_raw)?;
        emit!(
            self.vm(),
            IAuction::BidReleased { auctionId: auction_id, bidder: best.bidder, refundedRaw: best.owed_raw },
        );
        Ok(())
    }

    /// Refuses with `BiddingEnded` where somebody has won and can have the lot settled, sequencer or not. What a stop has interrupted
    /// nobody has won.
    pub(crate) fn require_not_won(&self, auction_id: U256, opened: &Opened) -> Outcome<()> {
        let Some(best) = self.stored_bid(auction_id)? else {
            return Ok(());
        };
        let standing = Some(&best.standing);
        let started_at = opened.sale.started_at;
        let is_interrupted = self.stored_stop().interrupts(started_at);
        let uptime = if is_interrupted { Uptime::Broken } else { Uptime::Unbroken };
        match phase(&opened.terms, started_at, standing, self.now(), uptime)? {
            Phase::Won => Err(ended(auction_id, best.standing.ends_at)),
            Phase::Open | Phase::Overdue | Phase::Stale => Ok(()),
        }
    }

    /// An English auction that takes bids now; the refusals of `bid` but for the bid itself.
    fn open_bidding(&self, auction_id: U256) -> Outcome<(Opened, Bids)> {
        self.require_running(Act::Take)?;
        let opened = self.opened_english(auction_id)?;
        let bids = self.bidding_of(auction_id, &opened)?;
        if self.now() >= bids.ends_at {
            return Err(ended(auction_id, bids.ends_at));
        }
        if bids.phase != Phase::Open {
            return Err(refuse!(IAuction::NeedsRestart { auctionId: auction_id }));
        }
        Ok((opened, bids))
    }

    fn keep_slice(&mut self, auction_id: U256, bidder: Address, opened: &Opened, amount_raw: Raw) -> Outcome<()> {
        let key = slice_key(bidder, opened.sale.number)?;
        let sum_raw = try_add(SLICES.get(self, key), amount_raw.0)?;
        SLICES.set(self, key, sum_raw);
        emit!(
            self.vm(),
            IAuction::SliceKept { auctionId: auction_id, bidder, collateral: opened.collateral, amountRaw: amount_raw },
        );
        Ok(())
    }

    fn opened_english(&self, auction_id: U256) -> Outcome<Opened> {
        let opened = self.opened(auction_id)?;
        if opened.terms.curve != Curve::English {
            return Err(refuse!(IAuction::TakesNoBids { auctionId: auction_id }));
        }
        Ok(opened)
    }

    fn add_refund(&mut self, bidder: Address, amount_raw: Raw) -> Outcome<()> {
        if !amount_raw.is_zero() {
            let sum_raw = try_add(self.refund_of(bidder)?, amount_raw.0)?;
            REFUNDS.set(self, word_of(bidder), sum_raw);
        }
        Ok(())
    }

    fn debt_asset(&self) -> Address {
        address_in(DEBT_ASSET.get(self))
    }
}

fn ended(auction_id: U256, ended_at: Secs) -> common::Refusal {
    refuse!(IAuction::BiddingEnded { auctionId: auction_id, endedAtSecs: ended_at })
}
