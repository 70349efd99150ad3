//! What the vault contract says of the surplus and the bad debt, and moving the debt asset there.

use common::{Outcome, ask, emit, tell, token};
use interface::{IReserve, IVault};
use kernel::{stakes::Stakes, waterfall};
use stylus_sdk::prelude::*;
use units::Raw;

use crate::storage::Reserve;

impl Reserve {
    /// The vault contract's books, brought to this moment.
    pub(crate) fn books(&self) -> Outcome<IVault::Books> {
        ask(self.vm(), self.vault_address(), IVault::booksCall {}).map(|(books,)| books)
    }

    /// The bad debt that waits for the stakers and the lenders.
    pub(crate) fn unpaid(&self) -> Outcome<Raw> {
        self.books().map(|books| unpaid_in(&books))
    }

    /// Moves the debt asset to the vault contract, as surplus; it pays for bad debt at once.
    pub(crate) fn pay_surplus(&self, amount_raw: Raw) -> Outcome<()> {
        let vault = self.vault_address();
        token::push(self.vm(), self.debt_asset(), vault, amount_raw.0)?;
        tell(self.vm(), vault, IVault::fundSurplusCall { amountRaw: amount_raw.0 })
    }

    /// Stores the stakes after something was taken from them. Where they have ended, all shares are void from now on, and
    /// what is left over, which is answered, is to become surplus.
    pub(crate) fn store_or_end(&mut self, stakes: &Stakes) -> Outcome<Raw> {
        let Some(leftover_raw) = stakes.ended() else {
            self.store_stakes(stakes)?;
            return Ok(Raw::ZERO);
        };
        self.begin_round()?;
        emit!(self.vm(), IReserve::StakesEnded { leftoverRaw: leftover_raw });
        Ok(leftover_raw)
    }
}

/// What of the bad debt in the books the surplus cannot pay.
pub(crate) fn unpaid_in(books: &IVault::Books) -> Raw {
    waterfall::unpaid(Raw(books.badDebtRaw), Raw(books.surplusRaw))
}
