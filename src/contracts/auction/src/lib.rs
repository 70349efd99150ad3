//! The auction contract: starts, prices, sells, restarts and closes the auctions of unsafe vaults' collateral, at a falling price or
//! by bids.
//!
//! Lots and payments stay with the vault contract, which it tells what to move; it holds nothing but what was bid. Sizes come from
//! there, prices from `kernel::curve`, bids from `kernel::english`, slices from `kernel::take`. What each function promises stands in `abi/IAuction.sol`,
//! how storage is laid out in `README.md`.
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

use alloc::vec::Vec;

use alloy_primitives::Address;
use interface::IAuction;

// What users call.
mod bidders;
mod cures;
mod keepers;
mod parameters;
mod takers;
mod views;

// What those are built from.
mod errors;
mod running;
mod sales;
mod storage;

pub use storage::Auction;

common::routes! {
    Auction {
        constructor(owner: Address, vault: Address);
        anytime {
            // One word that no change leaves half-done.
            IAuction::vaultCall => vault();
        }
        views {
            IAuction::statusCall => status(auction_id);
            IAuction::quoteCall => quote(auction_id, max_lot_raw);
            IAuction::cureCostCall => cure_cost(auction_id);
            IAuction::saleCall => sale(auction_id);
            IAuction::biddingCall => bidding(auction_id);
            IAuction::refundOfCall => refund_of(bidder);
            IAuction::sliceOfCall => slice_of(bidder, collateral);
            IAuction::saleTermsCall => sale_terms(auction_id);
            IAuction::listCall => list(offset, limit);
            IAuction::countCall => count();
            IAuction::auctionCountCall => auction_count();
            IAuction::onSaleCall => on_sale(collateral);
            IAuction::termsCall => terms(collateral);
            IAuction::rewardCall => reward();
            IAuction::saleRewardCall => sale_reward(auction_id);
            IAuction::saleMinDueCall => sale_min_due(auction_id);
            IAuction::limitsCall => limits();
            IAuction::stopCall => stop();
            IAuction::takesChangedAtCall => takes_changed_at();
            IAuction::guardianCall => guardian();
        }
        writes {
            IAuction::liquidateCall => liquidate(vault_id, collateral, keeper);
            IAuction::takeCall => take(auction_id, max_lot_raw, max_price_ray, recipient, data);
            IAuction::restartCall => restart(auction_id, keeper);
            IAuction::cureCall => cure(auction_id, max_pay_raw);
            IAuction::bidCall => bid(auction_id, bid_ray);
            IAuction::settleCall => settle(auction_id);
            IAuction::withdrawRefundCall => withdraw_refund(to);
            IAuction::withdrawSliceCall => withdraw_slice(collateral, to);
            // The owner
            IAuction::setTermsCall => set_terms(collateral, new_terms);
            IAuction::setRewardCall => set_reward(new_reward);
            IAuction::setLimitsCall => set_limits(cap_raw, min_due_raw);
            IAuction::setGuardianCall => set_guardian(new_guardian);
            // The owner, and the guardian in one direction
            IAuction::setStopCall => set_stop(level);
        }
    }
}
