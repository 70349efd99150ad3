//! What buyers do: take a slice, use it, pay for it.

use alloy_primitives::{Address, Bytes, U256};
use common::{Outcome, Refusal, ask, call::try_tell, emit, refuse, tell, words::address_in};
use interface::{IAuction, IAuctionTaker, IOracle, IVault};
use kernel::{
    curve::{Terms, Uptime, needs_restart, price_at},
    split::{Split, divide},
    stop::Act,
    take::{Offer, Slice, take},
};
use stylus_sdk::{
    prelude::*,
    stylus_core::{AccountAccess, MessageAccess},
};
use units::{Raw, Ray};

use crate::{
    errors,
    storage::{Auction, ORACLE, Sale},
};

/// An auction at this moment.
pub(crate) struct Moment {
    pub(crate) price: Ray,
    pub(crate) needs_restart: bool,
}

/// An auction as a buyer finds it.
pub(crate) struct Offered {
    /// Where it needed a restart, as the restart leaves it.
    pub(crate) sale: Sale,
    pub(crate) price: Ray,
    /// The oracle's price a restart begins from; none where it needs no restart.
    restarts_from: Option<Ray>,
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
        let Offered { sale, price, restarts_from } = self.offered(auction_id)?;
        if price.0 > max_price_ray {
            return Err(refuse!(IAuction::PriceAboveLimit { priceRay: price, limitRay: max_price_ray }));
        }
        self.require_recipient(recipient)?;
        let slice = self.slice(&sale, price, max_lot_raw)?;
        let payment = divide(slice.owed_raw, sale.debt_raw);
        let taker = self.vm().msg_sender();
        if let Some(oracle_price) = restarts_from {
            self.complete_restart(auction_id, &sale, oracle_price, taker)?;
        }

        let (returned_lot_raw, unpaid_debt_raw) = self.store_take(auction_id, &sale, &slice, &payment)?;
        let (lot_left_raw, due_left_raw) =
            if slice.is_last() { (Raw::ZERO, Raw::ZERO) } else { (slice.lot_left_raw, slice.due_left_raw) };
        emit!(
            self.vm(),
            IAuction::SliceTaken {
                auctionId: auction_id,
                taker,
                recipient,
                sliceRaw: slice.slice_raw,
                owedRaw: slice.owed_raw,
                priceRay: price,
                lotLeftRaw: lot_left_raw,
                dueLeftRaw: due_left_raw,
            },
        );
        if slice.is_last() {
            emit!(
                self.vm(),
                IAuction::AuctionEnded {
                    auctionId: auction_id,
                    vaultId: sale.vault_id,
                    returnedLotRaw: returned_lot_raw,
                    unpaidDebtRaw: unpaid_debt_raw,
                },
            );
        }

        let (vault, vault_id, collateral) = (self.vault_address(), sale.vault_id, sale.collateral);
        let (slice_raw, owed_raw) = (slice.slice_raw.0, slice.owed_raw.0);
        let release = IVault::releaseSliceCall { vaultId: vault_id, collateral, amountRaw: slice_raw, to: recipient };
        tell(self.vm(), vault, release)?;
        if !data.is_empty() {
            let call =
                IAuctionTaker::onSpillwayTakeCall { taker, collateral, sliceRaw: slice_raw, owedRaw: owed_raw, data };
            self.call_back(recipient, call)?;
        }
        let settle = IVault::settleTakeCall {
            vaultId: vault_id,
            collateral,
            payer: taker,
            principalRaw: payment.principal_raw.0,
            penaltyRaw: payment.penalty_raw.0,
            returnedLotRaw: returned_lot_raw.0,
            unpaidDebtRaw: unpaid_debt_raw.0,
        };
        tell(self.vm(), vault, settle)?;
        Ok((slice_raw, owed_raw))
    }

    /// What an auction costs now, and whether it can only go on after a restart. Refuses where the sequencer's state cannot
    /// be read.
    pub(crate) fn moment(&self, sale: &Sale, terms: &Terms) -> Outcome<Moment> {
        let (is_up, since_secs) = ask(self.vm(), address_in(ORACLE.get(self)), IOracle::sequencerStatusCall {})?;
        let uptime = Uptime::since_start(is_up, since_secs, sale.started_at);
        let elapsed = self.now().try_since(sale.started_at)?;
        let price = price_at(terms, &sale.start, elapsed)?;
        let needs_restart = needs_restart(terms, &sale.start, elapsed, price, uptime)?;
        Ok(Moment { price, needs_restart })
    }

    /// An auction as a take at this moment finds it; the refusals of `take` and, where it needs a restart, of `restart`.
    pub(crate) fn offered(&self, auction_id: U256) -> Outcome<Offered> {
        self.require_running(Act::Take)?;
        let sale = self.stored_sale(auction_id)?;
        let terms = self.stored_sale_terms(auction_id)?;
        let moment = self.moment(&sale, &terms)?;
        if !moment.needs_restart {
            return Ok(Offered { sale, price: moment.price, restarts_from: None });
        }
        self.require_running(Act::Restart)?;
        let (sale, oracle_price) = self.begun_again(&sale, &terms)?;
        Ok(Offered {
            // Every curve is at its top in its first second.
            price: sale.start.top,
            sale,
            restarts_from: Some(oracle_price),
        })
    }

    /// What a take of up to `max_lot_raw` gets and owes at a price.
    pub(crate) fn slice(&self, sale: &Sale, price: Ray, max_lot_raw: U256) -> Outcome<Slice> {
        let offer = Offer { lot_raw: sale.lot_raw, due_raw: sale.due_raw, price, min_due_raw: self.min_due() };
        take(&offer, Raw(max_lot_raw)).map_err(|refusal| errors::take(refusal, &offer, Raw(max_lot_raw)))
    }

    /// Stores what is left of a sale, or forgets it where it has ended; answers the lot and the debt that go back then.
    fn store_take(&mut self, auction_id: U256, sale: &Sale, slice: &Slice, payment: &Split) -> Outcome<(Raw, Raw)> {
        if slice.is_last() {
            self.end_sale(auction_id, sale)?;
            return Ok((slice.lot_left_raw, payment.debt_left_raw));
        }
        self.recount_due(sale.collateral, sale.due_raw, slice.due_left_raw)?;
        let left =
            Sale { lot_raw: slice.lot_left_raw, due_raw: slice.due_left_raw, debt_raw: payment.debt_left_raw, ..*sale };
        self.store_progress(auction_id, &left)?;
        Ok((Raw::ZERO, Raw::ZERO))
    }

    /// A slice that went to our own contracts would belong to nobody.
    fn require_recipient(&self, recipient: Address) -> Outcome<()> {
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
