//! Edges of amounts: one unit short, the bound of the penalty, decimals, and the limits of the words that are stored.

use crate::scene::{liquidate, n, sale, set_ratios, take};
use alloy_primitives::{B256, U256};
use interface::{IAuction, IPool, IReserve, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL},
    doubles::ITestToken,
    system::{USD, WAD, WETH, usual_reward, usual_terms},
};

const FIRST: U256 = U256::ONE;

fn on_sale(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(system.at.weth, 1_700);
    system.must(KEEPER, system.at.auction, &liquidate(system.at.weth, FIRST));
}

/// More than the lot is clamped and never refused; all of it but one unit is shrunk or refused by name, never left as dust.
#[test]
fn a_take_of_more_than_the_lot_or_of_a_unit_less_leaves_no_dust() {
    for asked in [U256::MAX, n(1_000_000 * WETH)] {
        let mut system = System::native();
        on_sale(&mut system);
        system.wait(500);
        let lot = sale(&system, FIRST).lotRaw;
        let taken = system.must(BUYER, system.at.auction, &take(FIRST, asked, BUYER));
        assert!(taken.sliceRaw <= lot && sale(&system, FIRST).lotRaw.is_zero());
    }
    let mut system = System::native();
    on_sale(&mut system);
    system.wait(500);
    // At this price the lot does not pay for what is due, so all but a unit would leave a unit of lot with much due.
    let before = sale(&system, FIRST);
    let taken = system.must(BUYER, system.at.auction, &take(FIRST, before.lotRaw - U256::ONE, BUYER));
    let left = sale(&system, FIRST);
    assert_eq!(left.lotRaw + taken.sliceRaw, before.lotRaw);
    assert!(left.dueRaw.is_zero() || left.dueRaw >= n(support::system::MIN_DUE_RAW), "{} left due", left.dueRaw);
}

/// The penalty at which a sale just does not lower the health, `HF / LT - 1`: in full there and above, and cut by a unit where the
/// collateral is worth a unit less.
#[test]
fn a_penalty_at_its_bound_is_kept_and_a_unit_beyond_it_is_cut() {
    // 100 weth carry 80%, the penalty is 10%: the bound is 10% where the collateral is worth 1.1 times the debt of 140,000. A unit of
    // the feed is a unit of the debt asset for 100 weth.
    let full = 14_000 * USD;
    for (answer, penalty) in [
        (154_000_000_001, full),
        (154_000_000_000, full),
        (153_999_999_999, full - 1),
        (153_999_999_998, full - 2),
        (153_000_000_000, full - 1_000 * USD),
    ] {
        let mut system = System::native();
        let at = system.at;
        system.open_indebted(ALICE, &[(at.weth, 100 * WETH)], 140_000 * USD);
        system.set_answer(at.weth, answer);
        system.must(KEEPER, at.auction, &liquidate(at.weth, FIRST));
        let sold = sale(&system, FIRST);
        assert_eq!(sold.debtRaw, n(140_000 * USD), "all of the debt: the target is out of reach");
        assert_eq!(sold.dueRaw - sold.debtRaw, n(penalty), "at {answer}");
    }
}

/// A penalty that its threshold does not allow cannot be set, to the unit.
#[test]
fn a_penalty_that_its_threshold_does_not_carry_cannot_be_set() {
    let mut system = System::native();
    set_ratios(&mut system, 7_500, 8_000, 2_500);
    let at = system.at;
    let more = IVault::setCollateralCall {
        token: at.weth.token,
        ltvBps: U256::from(7_500),
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(2_501),
        capRaw: n(WETH),
    };
    assert!(system.send(OWNER, at.vault, &more).is_err());
}

/// Collateral of 0, 6, 8, 18 and 24 decimals: the same value is worth the same, is sold, and what is not sold comes back.
#[test]
fn collateral_of_any_decimals_is_valued_sold_and_returned() {
    for decimals in [0_u8, 6, 8, 18, 24] {
        let mut system = System::native();
        let at = system.at;
        let token = system.world.deploy_token(support::TokenKind::Honest, decimals);
        let feed = system.world.deploy_feed(8);
        let asset = support::system::Asset { name: "other", token, feed };
        let whole = U256::from(10).pow(U256::from(decimals));
        system.set_price(asset, 2_000);
        let set = interface::IOracle::setFeedCall { asset: token, aggregator: feed, heartbeatSecs: n(86_400) };
        system.must(OWNER, at.oracle, &set);
        let list = IVault::setCollateralCall {
            token,
            ltvBps: n(7_500),
            thresholdBps: n(8_000),
            penaltyBps: n(1_000),
            capRaw: whole * n(1_000),
        };
        system.must(OWNER, at.vault, &list);
        let terms = support::system::usual_terms();
        system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: token, newTerms: terms });
        system.must(OPERATOR, token, &ITestToken::mintCall { to: ALICE, amountRaw: whole * n(10) });
        system.must(ALICE, token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
        let vault_id = system.must(ALICE, at.vault, &IVault::openCall {});
        let deposit = IVault::depositCall { vaultId: vault_id, collateral: token, amountRaw: whole * n(10) };
        system.must(ALICE, at.vault, &deposit);
        let borrow = IVault::borrowCall { vaultId: vault_id, amountRaw: n(14_000 * USD), to: ALICE };
        system.must(ALICE, at.vault, &borrow);
        assert_eq!(system.ask(at.vault, &IVault::accountCall { vaultId: vault_id }).thresholdValueWad, n(16_000 * WAD));
        system.set_price(asset, 1_700);
        system.must(KEEPER, at.auction, &liquidate(asset, vault_id));
        let sold = sale(&system, FIRST);
        assert!(sold.lotRaw > U256::ZERO, "{decimals} decimals");
        system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
        let held = system.ask(at.vault, &IVault::collateralOfCall { vaultId: vault_id, collateral: token });
        let bought = system.balance(token, BUYER);
        assert_eq!(held + bought, whole * n(10), "{decimals} decimals");
        assert!(bought > U256::ZERO, "{decimals} decimals");
    }
}

fn widest(bits: usize) -> U256 {
    (U256::ONE << bits) - U256::ONE
}

/// Collateral up to the width of a supply cap, on both sides of every width that a word of the vault contract has: kept whole, in its
/// seat or out of it, or refused.
#[test]
fn collateral_up_to_the_widest_cap_is_kept_whole_and_a_unit_more_is_refused() {
    let mut system = System::native();
    let at = system.at;
    let token = at.weth.token;
    let vault_id = system.must(RIVAL, at.vault, &IVault::openCall {});
    system.must(RIVAL, token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
    system.must(OPERATOR, token, &ITestToken::mintCall { to: RIVAL, amountRaw: U256::ONE << 128 });
    let cap = |cap_raw: U256| IVault::setCollateralCall {
        token,
        ltvBps: n(7_500),
        thresholdBps: n(8_000),
        penaltyBps: n(1_000),
        capRaw: cap_raw,
    };
    system.must(OWNER, at.vault, &cap(widest(120)));
    system.refused(OWNER, at.vault, &cap(U256::ONE << 120), &IShared::OutOfRange {});
    let deposit = |amount_raw| IVault::depositCall { vaultId: vault_id, collateral: token, amountRaw: amount_raw };
    let kept = |system: &System| {
        let held_raw = system.ask(at.vault, &IVault::collateralOfCall { vaultId: vault_id, collateral: token });
        (held_raw, system.ask(at.vault, &IVault::collateralCall { token }).totalRaw)
    };
    let sides = [64, 95, 96, 103, 104, 111, 112, 119].into_iter().flat_map(|bits| [widest(bits), U256::ONE << bits]);
    for amount_raw in sides.chain([widest(120)]) {
        system.must(RIVAL, at.vault, &deposit(amount_raw));
        assert_eq!(kept(&system), (amount_raw, amount_raw));
        let back = IVault::withdrawCall { vaultId: vault_id, collateral: token, amountRaw: amount_raw, to: RIVAL };
        system.must(RIVAL, at.vault, &back);
        assert_eq!(kept(&system), (U256::ZERO, U256::ZERO));
    }
    // Over the edge at once, by a unit to what is there, and from half-way where the seat ends.
    let beyond = |total_raw| IVault::CapExceeded { collateral: token, totalRaw: total_raw, capRaw: widest(120) };
    for amount_raw in [U256::ONE << 120, widest(128)] {
        system.refused(RIVAL, at.vault, &deposit(amount_raw), &beyond(amount_raw));
    }
    system.must(RIVAL, at.vault, &deposit(widest(112)));
    system.must(RIVAL, at.vault, &deposit(U256::ONE));
    system.must(RIVAL, at.vault, &deposit(widest(120) - (U256::ONE << 112)));
    assert_eq!(kept(&system), (widest(120), widest(120)));
    system.refused(RIVAL, at.vault, &deposit(U256::ONE), &beyond(U256::ONE << 120));
}

/// Lenders and gifts cannot fill the books so that nobody can repay: what they may bring ends far below the width of a field.
#[test]
fn what_lenders_and_gifts_bring_leaves_room_for_every_repayment() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.must(OWNER, at.pool, &IPool::setDepositCapCall { capRaw: U256::MAX });
    for actor in [LENDER, BUYER] {
        system.must(OPERATOR, at.usd.token, &ITestToken::mintCall { to: actor, amountRaw: U256::ONE << 96 });
        for spender in [at.pool, at.reserve] {
            system.must(actor, at.usd.token, &ITestToken::approveCall { spender, amountRaw: U256::MAX });
        }
    }
    let room_raw = system.ask(at.pool, &IPool::maxDepositCall { receiver: LENDER });
    system.must(LENDER, at.pool, &IPool::depositCall { assets: room_raw, receiver: LENDER });
    assert_eq!(system.books().fundedRaw, widest(94));
    let room_raw = widest(95) - system.books().cashRaw;
    let give = |amount_raw| IReserve::donateCall { amountRaw: amount_raw };
    system.refused(BUYER, at.reserve, &give(room_raw + U256::ONE), &IShared::OutOfRange {});
    system.must(BUYER, at.reserve, &give(room_raw));
    system.must(ALICE, at.vault, &IVault::repayCall { vaultId: vault_id, amountRaw: U256::MAX });
    assert_eq!(system.books().cashRaw, widest(95) + n(14_000 * USD));
}

/// The widths of the auction contract's own fields, each from both sides.
#[test]
fn what_is_set_for_sales_is_kept_up_to_the_width_of_its_field_and_refused_beyond() {
    let mut system = System::native();
    let at = system.at;
    let limits = |cap_raw, min_due_raw| IAuction::setLimitsCall { capRaw: cap_raw, minDueRaw: min_due_raw };
    let too_wide = IShared::OutOfRange {};
    system.must(OWNER, at.auction, &limits(widest(128), widest(88)));
    let set = system.ask(at.auction, &IAuction::limitsCall {});
    assert_eq!((set.capRaw, set.minDueRaw), (widest(128), widest(88)));
    system.refused(OWNER, at.auction, &limits(U256::ONE << 128, U256::ONE), &too_wide);
    system.refused(OWNER, at.auction, &limits(U256::ONE, U256::ONE << 88), &too_wide);

    let terms = |cap_raw| IAuction::setTermsCall {
        collateral: at.weth.token,
        newTerms: IAuction::Terms { capRaw: cap_raw, ..usual_terms() },
    };
    system.must(OWNER, at.auction, &terms(widest(96)));
    assert_eq!(system.ask(at.auction, &IAuction::termsCall { collateral: at.weth.token }).capRaw, widest(96));
    let error = IAuction::OutOfBounds {
        name: B256::right_padding_from(b"capRaw"),
        value: U256::ONE << 96,
        min: U256::ONE,
        max: widest(96),
    };
    system.refused(OWNER, at.auction, &terms(U256::ONE << 96), &error);

    let reward =
        |flat_raw| IAuction::setRewardCall { newReward: IAuction::Reward { flatRaw: flat_raw, ..usual_reward() } };
    system.must(OWNER, at.auction, &reward(widest(120)));
    assert_eq!(system.ask(at.auction, &IAuction::rewardCall {}).flatRaw, widest(120));
    system.refused(OWNER, at.auction, &reward(U256::ONE << 120), &too_wide);
}

/// Nobody buys for the zero address: the slice would be lost.
#[test]
fn a_slice_for_nobody_is_refused() {
    let mut system = System::native();
    on_sale(&mut system);
    let nobody = alloy_primitives::Address::ZERO;
    let error = IAuction::BadRecipient { recipient: nobody };
    system.refused(BUYER, system.at.auction, &take(FIRST, n(WETH), nobody), &error);
}

/// A token that keeps a fee is refused as a deposit by what arrived, so no vault holds less than it counts.
#[test]
fn a_token_that_takes_a_fee_is_refused() {
    let mut system = System::native();
    let at = system.at;
    let token = system.world.deploy_token(support::TokenKind::FeeOnTransfer(100), 18);
    let feed = system.world.deploy_feed(8);
    system.set_price(support::system::Asset { name: "fee", token, feed }, 2_000);
    let set = interface::IOracle::setFeedCall { asset: token, aggregator: feed, heartbeatSecs: n(86_400) };
    system.must(OWNER, at.oracle, &set);
    let list = IVault::setCollateralCall {
        token,
        ltvBps: n(7_500),
        thresholdBps: n(8_000),
        penaltyBps: n(1_000),
        capRaw: n(1_000 * WETH),
    };
    system.must(OWNER, at.vault, &list);
    system.must(OPERATOR, token, &ITestToken::mintCall { to: ALICE, amountRaw: n(10 * WETH) });
    system.must(ALICE, token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
    let vault_id = system.must(ALICE, at.vault, &IVault::openCall {});
    let deposit = IVault::depositCall { vaultId: vault_id, collateral: token, amountRaw: n(WETH) };
    let error = IVault::UnexpectedAmountReceived { token, expectedRaw: n(WETH), receivedRaw: n(WETH / 100 * 99) };
    system.refused(ALICE, at.vault, &deposit, &error);
}
