//! What the vault contract stores: the slots, and what each word of them says.
//!
//! It is here and not in the vault's crate because two contracts read these words: the vault from its storage, and the lens
//! from what `extsload` gave it. A function here takes words and gives values of `kernel`, or the other way round; where a
//! word lies is [`Slot::at`] and [`Map::at`]. The table of all fields is in the vault's `README.md`.
//!
//! A number too wide for its field is refused as `OutOfRange`. The largest: all amounts of the debt asset `2^96 - 1` base
//! units, which is 79 billion whole tokens of 18 decimals, but a minimum debt, `2^88 - 1`; a supply cap and what one vault
//! holds of a collateral `2^120 - 1`.

use alloy_primitives::{Address, U256};
use kernel::{books::Books, interest::YearlyCurve, liquidation::Rule, ramp::Ramp};
use units::{Bps, OutOfRange, Raw, Ray, Secs, Shares, Wad};

use crate::{
    storage::{Map, Slot},
    words::{Field, address_in, pack, word_of},
};

// Slots 0 and 1 are the owner's, see `crate::ownership`.
/// The token that is lent, its decimals, and the least a vault may owe: [`Lent`].
pub const LENT: Slot = Slot::new(2);
/// The oracle, and the most that all vaults may owe together after a loan: [`Pricing`].
pub const PRICING: Slot = Slot::new(3);
/// The auction contract, and the debt on auction: [`Selling`].
pub const SELLING: Slot = Slot::new(4);
/// The pool contract.
pub const POOL: Slot = Slot::new(5);
/// The reserve contract.
pub const RESERVE: Slot = Slot::new(6);
/// How many vaults were opened, and how many collaterals are listed: [`Counts`].
pub const COUNTS: Slot = Slot::new(7);
/// The cash, what was lent, and the second of the last accrual: the first word of [`books`] and of the [`yearly_curve`].
pub const CASH: Slot = Slot::new(8);
/// The shares of all debt and their index: the second word of [`books`] and of the [`yearly_curve`].
pub const DEBT: Slot = Slot::new(9);
/// The rule by which sales are sized, and the bad debt: [`Sizing`].
pub const SIZING: Slot = Slot::new(10);
/// By vault: its owner, and how often it has changed hands: [`Head`].
pub const HEADS: Map = Map::new(11);
/// By vault: what it owes, which collaterals it holds, and how much of one of them: [`Contents`].
pub const CONTENTS: Map = Map::new(12);
/// By [`amount_key`]: how much a vault holds of the collaterals that have no seat in its [`Contents`].
pub const AMOUNTS: Map = Map::new(13);
/// By token: its number, the supply cap and what is held of it in all: [`Supply`]. Zero where it is not listed.
pub const SUPPLIES: Map = Map::new(14);
/// By number: the token and its parameters: [`Listing`].
pub const LISTINGS: Map = Map::new(15);
/// By number: from where and since when its liquidation threshold moves: [`Listing::ramp`].
pub const RAMPS: Map = Map::new(16);
/// By vault: to whom it is offered.
pub const OFFERS: Map = Map::new(17);
/// By [`operator_key`]: one where somebody may act for the owner.
pub const OPERATORS: Map = Map::new(18);

/// How many collaterals can be listed: a bit for each in [`Contents::held`].
pub const LISTED_MAX: u64 = 32;

const ASSET_DECIMALS: Field = Field::new(160, 8);
const MIN_DEBT: Field = Field::new(168, 88);

const CEILING: Field = Field::new(160, 96);

const ON_AUCTION: Field = Field::new(160, 96);

const BAD_DEBT: Field = Field::new(0, 96);
const TARGET_HEALTH: Field = Field::new(96, 64);
const WHOLE_SHARE: Field = Field::new(160, 16);

const VAULTS: Field = Field::new(0, 64);
const LISTED: Field = Field::new(64, 8);

const CASH_HELD: Field = Field::new(0, 96);
const FUNDED: Field = Field::new(96, 96);
const ACCRUED_AT: Field = Field::new(192, 40);
const KINK: Field = Field::new(232, 8);
const BASE: Field = Field::new(240, 16);

const ALL_SHARES: Field = Field::new(0, 96);
const INDEX: Field = Field::new(96, 112);
const SLOPE1: Field = Field::new(208, 16);
const SLOPE2: Field = Field::new(224, 16);
const RESERVE_SHARE: Field = Field::new(240, 16);

const TRANSFERS: Field = Field::new(224, 32);

const HELD: Field = Field::new(0, 32);
const SHARES: Field = Field::new(32, 96);
const SEAT: Field = Field::new(128, 8);
const SEAT_AMOUNT: Field = Field::new(136, 112);
const SALES: Field = Field::new(248, 8);

const OPERATED_VAULT: Field = Field::new(160, 64);

const NUMBER: Field = Field::new(0, 8);
const CAP: Field = Field::new(8, 120);
const TOTAL: Field = Field::new(128, 128);

const LTV: Field = Field::new(160, 16);
const PENALTY: Field = Field::new(176, 16);
const DECIMALS: Field = Field::new(192, 8);
const TARGET: Field = Field::new(200, 16);
const RAMP_END: Field = Field::new(216, 40);

const RAMP_FROM: Field = Field::new(0, 16);
const RAMP_START: Field = Field::new(16, 40);

/// The word of [`LENT`].
#[derive(Clone, Copy)]
pub struct Lent {
    /// The token that is lent.
    pub asset: Address,
    /// Its decimals.
    pub decimals: u8,
    /// The least a vault may owe unless it owes nothing.
    pub min_debt_raw: Raw,
}

impl Lent {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self {
            asset: address_in(word),
            decimals: ASSET_DECIMALS.get(word).saturating_to(),
            min_debt_raw: Raw(MIN_DEBT.get(word)),
        }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        let parts = [(ASSET_DECIMALS, U256::from(self.decimals)), (MIN_DEBT, self.min_debt_raw.0)];
        pack(word_of(self.asset), &parts)
    }
}

/// The word of [`PRICING`].
#[derive(Clone, Copy)]
pub struct Pricing {
    /// The oracle contract.
    pub oracle: Address,
    /// The most that all vaults together may owe after a loan.
    pub ceiling_raw: Raw,
}

impl Pricing {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self { oracle: address_in(word), ceiling_raw: Raw(CEILING.get(word)) }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        CEILING.put(word_of(self.oracle), self.ceiling_raw.0)
    }
}

/// The word of [`SELLING`].
#[derive(Clone, Copy)]
pub struct Selling {
    /// The auction contract; zero until it is named.
    pub auction: Address,
    /// The debt that left vaults for auctions and is not paid yet.
    pub on_auction_raw: Raw,
}

impl Selling {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self { auction: address_in(word), on_auction_raw: Raw(ON_AUCTION.get(word)) }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        ON_AUCTION.put(word_of(self.auction), self.on_auction_raw.0)
    }
}

/// The word of [`SIZING`]: what a start reads besides, and a rule is never zero, so bad debt never makes it a new word.
#[derive(Clone, Copy)]
pub struct Sizing {
    /// The debt that nobody owes any more and nothing has paid for yet.
    pub bad_debt_raw: Raw,
    /// The health a sale restores.
    pub target_health_wad: Wad,
    /// A sale of more than this share of a debt becomes a sale of all of it.
    pub whole_share: Bps,
}

impl Sizing {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self {
            bad_debt_raw: Raw(BAD_DEBT.get(word)),
            target_health_wad: Wad(TARGET_HEALTH.get(word)),
            whole_share: Bps(WHOLE_SHARE.get_u64(word)),
        }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        let parts = [
            (BAD_DEBT, self.bad_debt_raw.0),
            (TARGET_HEALTH, self.target_health_wad.0),
            (WHOLE_SHARE, self.whole_share.widen()),
        ];
        pack(U256::ZERO, &parts)
    }

    /// The rule by which sales are sized, with the minimum debt of [`Lent`].
    #[must_use]
    pub fn rule(&self, min_debt_raw: Raw) -> Rule {
        Rule { target_health_wad: self.target_health_wad, whole_share: self.whole_share, min_debt_raw }
    }
}

/// The word of [`COUNTS`].
#[derive(Clone, Copy)]
pub struct Counts {
    /// How many vaults were opened.
    pub vaults: U256,
    /// How many collaterals are listed.
    pub listed: u64,
}

impl Counts {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self { vaults: VAULTS.get(word), listed: LISTED.get_u64(word) }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        pack(U256::ZERO, &[(VAULTS, self.vaults), (LISTED, U256::from(self.listed))])
    }
}

/// The books as they were stored at the last accrual, from the words of [`CASH`] and [`DEBT`].
#[must_use]
pub fn books(cash: U256, debt: U256) -> Books {
    Books {
        cash_raw: Raw(CASH_HELD.get(cash)),
        funded_raw: Raw(FUNDED.get(cash)),
        accrued_at: Secs(ACCRUED_AT.get_u64(cash)),
        debt_shares: Shares(ALL_SHARES.get(debt)),
        index: Ray(INDEX.get(debt)),
    }
}

/// The words of [`CASH`] and [`DEBT`] with these books in them, and the curve as it was in `cash` and `debt`.
pub fn books_to_words(books: &Books, cash: U256, debt: U256) -> Result<(U256, U256), OutOfRange> {
    let cash_parts =
        [(CASH_HELD, books.cash_raw.0), (FUNDED, books.funded_raw.0), (ACCRUED_AT, books.accrued_at.widen())];
    let debt_parts = [(ALL_SHARES, books.debt_shares.0), (INDEX, books.index.0)];
    Ok((pack(cash, &cash_parts)?, pack(debt, &debt_parts)?))
}

/// The curve of the interest and the surplus' share of it, from the words of [`CASH`] and [`DEBT`].
///
/// It is beside the books because every accrual reads it, and no word has room for it alone.
#[must_use]
pub fn yearly_curve(cash: U256, debt: U256) -> YearlyCurve {
    YearlyCurve {
        base: Bps(BASE.get_u64(cash)),
        kink_percent: KINK.get_u64(cash),
        slope1: Bps(SLOPE1.get_u64(debt)),
        slope2: Bps(SLOPE2.get_u64(debt)),
        reserve: Bps(RESERVE_SHARE.get_u64(debt)),
    }
}

/// The words of [`CASH`] and [`DEBT`] with this curve in them, and the books as they were in `cash` and `debt`.
pub fn yearly_curve_to_words(curve: &YearlyCurve, cash: U256, debt: U256) -> Result<(U256, U256), OutOfRange> {
    let cash_parts = [(BASE, curve.base.widen()), (KINK, U256::from(curve.kink_percent))];
    let debt_parts =
        [(SLOPE1, curve.slope1.widen()), (SLOPE2, curve.slope2.widen()), (RESERVE_SHARE, curve.reserve.widen())];
    Ok((pack(cash, &cash_parts)?, pack(debt, &debt_parts)?))
}

/// The word of [`HEADS`]: who owns a vault, and how often it has changed hands.
#[derive(Clone, Copy)]
pub struct Head {
    /// Who owns it; zero where there is no such vault.
    pub owner: Address,
    /// How often it has changed hands.
    pub transfers: U256,
}

impl Head {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self { owner: address_in(word), transfers: TRANSFERS.get(word) }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        TRANSFERS.put(word_of(self.owner), self.transfers)
    }
}

/// The word of [`CONTENTS`]: what a vault owes and holds. All of it where it holds one collateral, as most do, so that what
/// borrowers do changes one word of their vault.
#[derive(Clone, Copy)]
pub struct Contents {
    /// Bit `n - 1` is set where it holds collateral number `n`, see [`numbers_in`].
    pub held: u64,
    /// The shares of its debt.
    pub shares: Shares,
    /// The number of the collateral whose amount is here; zero where none is. The others' are in [`AMOUNTS`].
    pub seat: u64,
    /// How much it holds of that.
    pub seat_raw: Raw,
    /// How many of its lots are on sale.
    pub sales: u64,
}

impl Contents {
    /// What the word says. A vault that owes and holds nothing is a word of zero.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self {
            held: HELD.get_u64(word),
            shares: Shares(SHARES.get(word)),
            seat: SEAT.get_u64(word),
            seat_raw: Raw(SEAT_AMOUNT.get(word)),
            sales: SALES.get_u64(word),
        }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        let parts = [
            (HELD, U256::from(self.held)),
            (SHARES, self.shares.0),
            (SEAT, U256::from(self.seat)),
            (SEAT_AMOUNT, self.seat_raw.0),
            (SALES, U256::from(self.sales)),
        ];
        pack(U256::ZERO, &parts)
    }

    /// Whether it holds collateral `number`.
    #[must_use]
    pub fn holds(&self, number: u64) -> bool {
        self.held & bit_of(number) != 0
    }

    /// Notes that it holds `amount_raw` of collateral `number`, here where there is a seat for it. Answers whether there is;
    /// where not, the amount belongs into [`AMOUNTS`]. A collateral keeps its place until nothing of it is left, but for an
    /// amount too large for the seat.
    pub fn note(&mut self, number: u64, amount_raw: Raw) -> bool {
        let has_seat = self.seat == number;
        let takes_seat = (has_seat || (self.seat == 0 && !self.holds(number))) && SEAT_AMOUNT.fits(amount_raw.0);
        if takes_seat || has_seat {
            self.seat_raw = if takes_seat { amount_raw } else { Raw::ZERO };
            self.seat = if self.seat_raw.is_zero() { 0 } else { number };
        }
        self.held = if amount_raw.is_zero() { self.held & !bit_of(number) } else { self.held | bit_of(number) };
        takes_seat
    }
}

/// The numbers of the collaterals in a vault's bits, in the order of listing.
pub fn numbers_in(held: u64) -> impl Iterator<Item = u64> {
    let mut left = held;
    core::iter::from_fn(move || {
        let lowest = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        (lowest < u64::BITS).then_some(u64::from(lowest).saturating_add(1))
    })
}

/// The bit of a collateral in [`Contents::held`]; numbers begin at one.
#[must_use]
pub fn bit_of(number: u64) -> u64 {
    u32::try_from(number).ok().and_then(|number| 1_u64.checked_shl(number.checked_sub(1)?)).unwrap_or(0)
}

/// Where the amount of collateral `number` of a vault is kept in [`AMOUNTS`]: `vault_id * 256 + number`.
pub fn amount_key(vault_id: U256, number: u64) -> Result<U256, OutOfRange> {
    Field::new(8, 248).put(U256::from(number), vault_id)
}

/// Where it is kept in [`OPERATORS`] whether `operator` may act for a vault's owner: the operator in the lowest 160 bits, the
/// vault in the next 64, and how often the vault has changed hands in the highest 32, so that a change of hands ends all.
pub fn operator_key(vault_id: U256, transfers: U256, operator: Address) -> Result<U256, OutOfRange> {
    pack(word_of(operator), &[(OPERATED_VAULT, vault_id), (TRANSFERS, transfers)])
}

/// The word of [`SUPPLIES`]: a collateral's number, what may be held of it in all, and what is, lots on sale included.
#[derive(Clone, Copy)]
pub struct Supply {
    /// Its number in the order of listing, from one; zero where it is not listed.
    pub number: u64,
    /// The most that deposits may lift the total to.
    pub cap_raw: Raw,
    /// What is held.
    pub total_raw: Raw,
}

impl Supply {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self { number: NUMBER.get_u64(word), cap_raw: Raw(CAP.get(word)), total_raw: Raw(TOTAL.get(word)) }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        pack(U256::from(self.number), &[(CAP, self.cap_raw.0), (TOTAL, self.total_raw.0)])
    }
}

/// The word of [`LISTINGS`]: a collateral's token and parameters.
#[derive(Clone, Copy)]
pub struct Listing {
    /// The token.
    pub token: Address,
    /// The share of its value one may borrow against.
    pub ltv: Bps,
    /// The penalty of its sales.
    pub penalty: Bps,
    /// The token's decimals.
    pub decimals: u8,
    /// The liquidation threshold, or what it will be when its ramp has arrived.
    pub target: Bps,
    /// When the ramp arrives. From then on [`RAMPS`] needs not be read.
    pub ramp_end: Secs,
}

impl Listing {
    /// What the word says.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        Self {
            token: address_in(word),
            ltv: Bps(LTV.get_u64(word)),
            penalty: Bps(PENALTY.get_u64(word)),
            decimals: DECIMALS.get(word).saturating_to(),
            target: Bps(TARGET.get_u64(word)),
            ramp_end: Secs(RAMP_END.get_u64(word)),
        }
    }

    /// The word that says it.
    pub fn to_word(&self) -> Result<U256, OutOfRange> {
        let parts = [
            (LTV, self.ltv.widen()),
            (PENALTY, self.penalty.widen()),
            (DECIMALS, U256::from(self.decimals)),
            (TARGET, self.target.widen()),
            (RAMP_END, self.ramp_end.widen()),
        ];
        pack(word_of(self.token), &parts)
    }

    /// The ramp of its threshold, where the word of [`RAMPS`] says from where and since when. Once the ramp has arrived
    /// that word makes no difference.
    #[must_use]
    pub fn ramp(&self, word: U256) -> Ramp {
        Ramp {
            from: Bps(RAMP_FROM.get_u64(word)),
            to: self.target,
            start: Secs(RAMP_START.get_u64(word)),
            end: self.ramp_end,
        }
    }
}

/// The word of [`RAMPS`] for a ramp whose end and target are in the [`Listing`].
pub fn ramp_to_word(ramp: &Ramp) -> Result<U256, OutOfRange> {
    pack(U256::ZERO, &[(RAMP_FROM, ramp.from.widen()), (RAMP_START, ramp.start.widen())])
}
