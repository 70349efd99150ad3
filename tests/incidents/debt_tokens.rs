//! Debt assets that break what one may believe of an ERC-20, in everything that moves them.

use crate::scene::{liquidate, n, take, usd};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError};
use interface::{IAuction, IShared, IVault};
use support::{
    NativeWorld, System, TokenKind,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL},
    doubles::ITestToken,
    system::{Coins, RAY, USD, USUAL_COINS, WETH},
};

/// A sale at a falling price, a sale by bids, an unsafe vault, and a vault that is safe.
const FALLING: U256 = U256::ONE;
const BY_BIDS: U256 = U256::from_limbs([2, 0, 0, 0]);
const UNSAFE: U256 = U256::from_limbs([3, 0, 0, 0]);
const SAFE: U256 = U256::from_limbs([4, 0, 0, 0]);

/// Something that moves the debt asset: who calls what, and which way how much goes.
struct Act {
    name: &'static str,
    caller: Address,
    contract: Address,
    data: Vec<u8>,
    from: Address,
    to: Address,
    amount_raw: U256,
}

/// The scene with such a debt asset: both sales running, the buyer outbid by the rival in the second, and bidding over.
fn staged(kind: TokenKind) -> System {
    let mut world = NativeWorld::default();
    let at = System::set_up_with(&mut world, &Coins { debt: kind, ..USUAL_COINS });
    let mut system = System::with(Box::new(world), at);
    for owner in [ALICE, BOB, ALICE] {
        system.open_indebted(owner, &[(at.weth, 10 * WETH)], 14_000 * USD);
    }
    system.open_indebted(ALICE, &[(at.weth, 100 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_700);
    system.must(KEEPER, at.auction, &liquidate(at.weth, FALLING));
    let english = IAuction::Terms {
        curve: n(4),
        cutRay: n(RAY / 100 * 105),
        stepSecs: n(300),
        bufferBps: U256::ZERO,
        tailSecs: n(600),
        cuspBps: U256::ZERO,
        floorBps: n(8_000),
        ..USUAL_COINS.terms()
    };
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: english });
    system.must(KEEPER, at.auction, &liquidate(at.weth, BY_BIDS));
    for bidder in [BUYER, RIVAL] {
        // The token that returns nothing has no answer to read.
        let approve = ITestToken::approveCall { spender: at.auction, amountRaw: U256::MAX };
        system.world.execute(bidder, at.usd.token, &approve.abi_encode()).expect("a token lets one approve");
    }
    for (bidder, dollars) in [(BUYER, 1_400), (RIVAL, 1_500)] {
        system.must(bidder, at.auction, &bid(dollars));
    }
    system
}

fn bid(dollars: u128) -> IAuction::bidCall {
    IAuction::bidCall { auctionId: BY_BIDS, bidRay: n(dollars * (RAY / WETH * USD)) }
}

fn act<C: SolCall>(
    name: &'static str,
    [caller, contract]: [Address; 2],
    call: C,
    moved: (Address, Address, U256),
) -> Act {
    let (from, to, amount_raw) = moved;
    Act { name, caller, contract, data: call.abi_encode(), from, to, amount_raw }
}

/// Everything that moves the debt asset between a person and the system, but settling.
fn acts(system: &System) -> Vec<Act> {
    let at = system.at;
    let part = n(WETH);
    let ask = |call: IAuction::quoteCall| system.ask(at.auction, &call).owedRaw;
    let owed = ask(IAuction::quoteCall { auctionId: FALLING, maxLotRaw: part });
    let cost = system.ask(at.auction, &IAuction::cureCostCall { auctionId: FALLING });
    let refund = system.ask(at.auction, &IAuction::refundOfCall { bidder: BUYER });
    let lot = system.ask(at.auction, &IAuction::saleCall { auctionId: BY_BIDS }).lotRaw;
    let bid_raw = (lot * n(1_600 * USD)).div_ceil(n(WETH));
    let preview = interface::ILens::previewLiquidationCall { vaultId: UNSAFE, collateral: at.weth.token };
    let reward = system.ask(at.lens, &preview).rewardRaw;
    let borrow = IVault::borrowCall { vaultId: SAFE, amountRaw: usd(100), to: ALICE };
    let repay = IVault::repayCall { vaultId: SAFE, amountRaw: usd(100) };
    let cure = IAuction::cureCall { auctionId: FALLING, maxPayRaw: U256::MAX };
    let withdraw = IAuction::withdrawRefundCall { to: BUYER };
    vec![
        act("repay", [LENDER, at.vault], repay, (LENDER, at.vault, usd(100))),
        act("take", [BUYER, at.auction], take(FALLING, part, BUYER), (BUYER, at.vault, owed)),
        act("cure", [LENDER, at.auction], cure, (LENDER, at.vault, cost)),
        act("bid", [BUYER, at.auction], bid(1_600), (BUYER, at.auction, bid_raw)),
        act("borrow", [ALICE, at.vault], borrow, (at.vault, ALICE, usd(100))),
        act("liquidate", [KEEPER, at.auction], liquidate(at.weth, UNSAFE), (at.vault, KEEPER, reward)),
        act("withdrawRefund", [BUYER, at.auction], withdraw, (at.auction, BUYER, refund)),
    ]
}

/// Settling, once bidding is over.
fn settling(system: &mut System) -> Act {
    let at = system.at;
    let owed = system.ask(at.auction, &IAuction::biddingCall { auctionId: BY_BIDS }).owedRaw;
    system.wait(600);
    act("settle", [KEEPER, at.auction], IAuction::settleCall { auctionId: BY_BIDS }, (at.auction, at.vault, owed))
}

/// That the act is refused with exactly this, and changes nothing.
#[track_caller]
fn refused(system: &mut System, act: &Act, error: &impl SolError) {
    let before = system.world.whole_storage();
    let refusal = system.world.execute(act.caller, act.contract, &act.data).expect_err(act.name);
    assert_eq!(refusal, support::revert_of(error), "{}", act.name);
    assert_eq!(before, system.world.whole_storage(), "{} was refused and changed something", act.name);
}

/// That the act moves what it says, of which `fee_raw` does not arrive; and that the vault contract still holds what it counts.
#[track_caller]
fn done(system: &mut System, act: &Act, fee_raw: U256) {
    let token = system.at.usd.token;
    let before = (system.balance(token, act.from), system.balance(token, act.to));
    let sent = system.world.execute(act.caller, act.contract, &act.data);
    sent.unwrap_or_else(|refusal| panic!("{}: {refusal:?}", act.name));
    assert_eq!(before.0 - system.balance(token, act.from), act.amount_raw, "{}", act.name);
    assert_eq!(system.balance(token, act.to) - before.1, act.amount_raw - fee_raw, "{}", act.name);
    assert_eq!(system.balance(token, system.at.vault), system.books().cashRaw, "{}", act.name);
}

/// Does each act in a scene of its own, and settles in another.
fn each(kind: TokenKind, check: impl Fn(&mut System, &Act)) {
    for index in 0..acts(&staged(kind)).len() {
        let mut system = staged(kind);
        let act = acts(&system).swap_remove(index);
        check(&mut system, &act);
    }
    let mut system = staged(kind);
    let act = settling(&mut system);
    check(&mut system, &act);
}

#[test]
fn a_debt_asset_that_returns_nothing_works_in_everything() {
    each(TokenKind::NoReturn, |system, act| done(system, act, U256::ZERO));
}

#[test]
fn a_debt_asset_that_returns_false_is_refused_in_everything_and_nothing_is_booked() {
    each(TokenKind::FalseReturning, |system, act| {
        let token = system.at.usd.token;
        let refuse = |refuses| ITestToken::setRefusesCall { refuses };
        system.must(OPERATOR, token, &refuse(true));
        let error = IShared::TransferFailed { token, from: act.from, to: act.to, amountRaw: act.amount_raw };
        refused(system, act, &error);
        // What was refused can be done once the token moves again.
        system.must(OPERATOR, token, &refuse(false));
        done(system, act, U256::ZERO);
    });
}

/// What comes in must come whole; what goes out is booked as it leaves, and the fee is the receiver's loss.
#[test]
fn a_debt_asset_that_begins_to_take_a_fee_brings_nothing_in_and_leaves_the_books_whole() {
    each(TokenKind::FeeOnTransfer(0), |system, act| {
        let at = system.at;
        system.must(OPERATOR, at.usd.token, &ITestToken::setFeeCall { feeBps: n(100) });
        let fee_raw = act.amount_raw / n(100);
        if [at.vault, at.auction].contains(&act.to) {
            let received_raw = act.amount_raw - fee_raw;
            let (token, expected_raw) = (at.usd.token, act.amount_raw);
            let error =
                IVault::UnexpectedAmountReceived { token, expectedRaw: expected_raw, receivedRaw: received_raw };
            refused(system, act, &error);
        } else {
            done(system, act, fee_raw);
        }
    });
}
