//! What buyers do at a falling price: take a slice, use it, pay for it.

use alloy_primitives::{Address, Bytes, U256};
use common::{Outcome, Refusal, ask, call::try_tell, emit, refuse, tell, words::address_in};
use interface::{IAuction, IAuctionTaker, IOracle, IVault};
use kernel::{
    curve::{Curve, Uptime, needs_restart, price_at},
    split::{Split, divide},
    stop::Act,
    take::{Offer, Slice, take},
};
use stylus_sdk::{
    prelude::*,
    stylus_core::{AccountAccess, MessageAccess},
};
use units::{Raw, Ray, Secs};

use crate::{
    errors,
    sales::{Opened, Sale},
    storage::{Auction, ORACLE},
};

/// An auction as a buyer finds it.
pub(crate) struct Offered {
    /// Where it needed a restart, as the restart leaves it.
    pub(crate) opened: Opened,
    pub(crate) price: Ray,
    needs_restart: bool,
}

/// Who buys a slice, who gets it, and at what price.
pub(crate) struct Sold {
    pub(crate) taker: Address,
    pub(crate) recipient: Address,
    pub(crate) price: Ray,
    pub(crate) slice: Slice,
}

/// What a purchase leaves to be done by the vault.
pub(crate) struct Outgo {
    pub(crate) payment: Split,
    pub(crate) returned_lot_raw: Raw,
    pub(crate) unpaid_debt_raw: Raw,
    pub(crate) is_last: bool,
}

impl Auction {
    /// Buys up to `max_lot_raw` at the present price, if that is at most `max_price_ray`. An auction that needs a restart is
    /// started again first, with the buyer as its keeper, and its price is the fresh one. The slice goes to `recipient`,
    /// which is called where there is `data`, and then the caller pays. Answers what was bought and what was paid.
    pub fn take(
        &mut self,
        auction_id: U256,
        max_lot_raw: U256,
        max_price_ray: U256,
        recipient: Address,
        data: Bytes,
    ) -> Outcome<(U256, U256)> {
        let Offered { opened, price, needs_restart } = self.offered(auction_id)?;
        if price.0 > max_price_ray {
            return Err(refuse!(IAuction::PriceAboveLimit { priceRay: price, limitRay: max_price_ray }));
        }
        self.require_recipient(recipient)?;
        let slice = self.slice(&opened.sale, price, max_lot_raw)?;
        let taker = self.vm().msg_sender();
        if needs_restart {
            self.complete_restart(auction_id, &opened, taker)?;
        }
        let sold = Sold { taker, recipient, price, slice };
        let outgo = self.book_sale(auction_id, &opened, &sold)?;
        let (slice_raw, owed_raw) = (slice.slice_raw.0, slice.owed_raw.0);
        if data.is_empty() {
            self.sell(&opened, &sold, &outgo)?;
            return Ok((slice_raw, owed_raw));
        }
        let (vault, vault_id, collateral) = (self.vault_address(), opened.sale.vault_id, opened.collateral);
        let release = IVault::releaseSliceCall { vaultId: vault_id, collateral, amountRaw: slice_raw, to: recipient };
        tell(self.vm(), vault, release)?;
        let call =
            IAuctionTaker::onSpillwayTakeCall { taker, collateral, sliceRaw: slice_raw, owedRaw: owed_raw, data };
        self.call_back(recipient, call)?;
        let settle = IVault::settleTakeCall {
            vaultId: vault_id,
            collateral,
            payer: taker,
            principalRaw: outgo.payment.principal_raw.0,
            penaltyRaw: outgo.payment.penalty_raw.0,
            returnedLotRaw: outgo.returned_lot_raw.0,
            unpaidDebtRaw: outgo.unpaid_debt_raw.0,
            isLast: outgo.is_last,
        };
        tell(self.vm(), vault, settle)?;
        Ok((slice_raw, owed_raw))
    }

    /// Whether an auction can only go on after a restart, and what it costs now: of an English one, the least next bid.
    pub(crate) fn moment(&self, auction_id: U256, opened: &Opened) -> Outcome<(bool, Ray)> {
        if opened.terms.curve == Curve::English {
            let bidding = self.bidding_of(auction_id, opened)?;
            return Ok((bidding.phase.needs_restart(), bidding.least));
        }
        let Opened { sale, terms, start, .. } = opened;
        let elapsed = self.now().try_since(sale.started_at)?;
        let price = price_at(terms, start, elapsed)?;
        let mut is_stale = needs_restart(terms, start, elapsed, price, Uptime::Unbroken)?;
        // In its first second a price has not fallen, so no buyer can have missed anything.
        if !is_stale && elapsed > Secs(0) {
            is_stale = self.uptime_since(sale.started_at)? == Uptime::Broken;
        }
        Ok((is_stale, price))
    }

    /// Whether buyers could buy ever since a moment: takes were not stopped, and the sequencer was up. Refuses where the sequencer's
    /// state cannot be read.
    pub(crate) fn uptime_since(&self, started_at: Secs) -> Outcome<Uptime> {
        if self.stored_stop().interrupts(started_at) {
            return Ok(Uptime::Broken);
        }
        let (is_up, since_secs) = ask(self.vm(), address_in(ORACLE.get(self)), IOracle::sequencerStatusCall {})?;
        Ok(Uptime::since_start(is_up, since_secs, started_at))
    }

    /// An auction as a take at this moment finds it; the refusals of `take` and, where it needs a restart, of `restart`.
    pub(crate) fn offered(&self, auction_id: U256) -> Outcome<Offered> {
        self.require_running(Act::Take)?;
        let opened = self.opened(auction_id)?;
        if opened.terms.curve == Curve::English {
            return Err(refuse!(IAuction::TakesBids { auctionId: auction_id }));
        }
        let (needs_restart, price) = self.moment(auction_id, &opened)?;
        if !needs_restart {
            return Ok(Offered { opened, price, needs_restart });
        }
        self.require_running(Act::Restart)?;
        let opened = self.begun_again(&opened, self.fresh_price(&opened)?)?;
        // Every curve is at its top in its first second.
        Ok(Offered { opened, price: opened.start.top, needs_restart })
    }

    /// What a take of up to `max_lot_raw` gets and owes at a price.
    pub(crate) fn slice(&self, sale: &Sale, price: Ray, max_lot_raw: U256) -> Outcome<Slice> {
        // Only a part can leave too little, so who asks for the whole lot pays for no look at the minimum.
        let is_part = max_lot_raw < sale.lot_raw.0;
        let min_due_raw = if is_part { self.rules_of(sale).min_due_raw } else { Raw::ZERO };
        let offer = Offer { lot_raw: sale.lot_raw, due_raw: sale.due_raw, price, min_due_raw };
        take(&offer, Raw(max_lot_raw)).map_err(|refusal| errors::take(refusal, &offer, Raw(max_lot_raw)))
    }

    /// Stores what is left of an auction, or forgets it where it has ended, and says so; answers what the vault has to do.
    pub(crate) fn book_sale(&mut self, auction_id: U256, opened: &Opened, sold: &Sold) -> Outcome<Outgo> {
        let (sale, slice) = (&opened.sale, &sold.slice);
        let payment = divide(slice.owed_raw, sale.debt_raw);
        let is_last = slice.is_last();
        let left =
            Sale { lot_raw: slice.lot_left_raw, due_raw: slice.due_left_raw, debt_raw: payment.debt_left_raw, ..*sale };
        let (lot_left_raw, due_left_raw) = if is_last { (Raw::ZERO, Raw::ZERO) } else { (left.lot_raw, left.due_raw) };
        if is_last {
            self.end_sale(auction_id, sale)?;
        } else {
            self.recount_due(sale.number, sale.due_raw, left.due_raw)?;
            self.store_progress(auction_id, &left)?;
        }
        emit!(
            self.vm(),
            IAuction::SliceTaken {
                auctionId: auction_id,
                taker: sold.taker,
                recipient: sold.recipient,
                sliceRaw: slice.slice_raw,
                owedRaw: slice.owed_raw,
                priceRay: sold.price,
                lotLeftRaw: lot_left_raw,
                dueLeftRaw: due_left_raw,
            },
        );
        if !is_last {
            return Ok(Outgo { payment, returned_lot_raw: Raw::ZERO, unpaid_debt_raw: Raw::ZERO, is_last });
        }
        emit!(
            self.vm(),
            IAuction::AuctionEnded {
                auctionId: auction_id,
                vaultId: sale.vault_id,
                returnedLotRaw: left.lot_raw,
                unpaidDebtRaw: left.debt_raw,
            },
        );
        Ok(Outgo { payment, returned_lot_raw: left.lot_raw, unpaid_debt_raw: left.debt_raw, is_last })
    }

    /// Has the vault hand out the slice, pull the payment and take back what is left, in one call.
    pub(crate) fn sell(&self, opened: &Opened, sold: &Sold, outgo: &Outgo) -> Outcome<()> {
        tell(self.vm(), self.vault_address(), sell_call(opened, sold, outgo))
    }

    /// Takes an auction that has ended off the list and out of the counts.
    pub(crate) fn end_sale(&mut self, auction_id: U256, sale: &Sale) -> Outcome<()> {
        self.strike_off(auction_id, sale.number, sale.due_raw)?;
        Ok(self.erase_sale(auction_id)?)
    }

    /// What went to the vault contract or to this one would belong to nobody, or to somebody else.
    pub(crate) fn require_recipient(&self, recipient: Address) -> Outcome<()> {
        if recipient.is_zero() || recipient == self.vault_address() || recipient == self.vm().contract_address() {
            return Err(refuse!(IAuction::BadRecipient { recipient }));
        }
        Ok(())
    }

    /// Lets the recipient use its slice. Its reason to fail is passed on; without one, or without code, `CallbackFailed`.
    fn call_back(&self, recipient: Address, call: IAuctionTaker::onSpillwayTakeCall) -> Outcome<()> {
        if self.vm().code_size(recipient) == 0 {
            return Err(refuse!(IAuction::CallbackFailed { recipient }));
        }
        match try_tell(self.vm(), recipient, call) {
            Ok(_) => Ok(()),
            Err(reason) if reason.is_empty() => Err(refuse!(IAuction::CallbackFailed { recipient })),
            Err(reason) => Err(Refusal(reason)),
        }
    }
}

/// What the vault is told to do for a purchase.
pub(crate) fn sell_call(opened: &Opened, sold: &Sold, outgo: &Outgo) -> IVault::sellSliceCall {
    IVault::sellSliceCall {
        vaultId: opened.sale.vault_id,
        collateral: opened.collateral,
        sliceRaw: sold.slice.slice_raw.0,
        to: sold.recipient,
        payer: sold.taker,
        principalRaw: outgo.payment.principal_raw.0,
        penaltyRaw: outgo.payment.penalty_raw.0,
        returnedLotRaw: outgo.returned_lot_raw.0,
        unpaidDebtRaw: outgo.unpaid_debt_raw.0,
        isLast: outgo.is_last,
    }
}
