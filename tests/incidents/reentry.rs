//! Calls back into the system in the middle of a take: read-only ones too. dForce and others lost millions to a view that
//! answered while its numbers were half changed.

use crate::{
    functions::{Function, Subjects, functions},
    scene::{liquidate, n, take},
};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolError;
use interface::{IAuction, IReserve, IShared, IVault};
use support::{
    NativeWorld, Observation, Revert, System,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL},
    doubles::ITestToken,
    native::ITaker,
    system::{USD, WBTC, WETH},
};

/// Who is called back. It has money, collateral, a vault with debt, shares of the pool, a stake that may be taken out, and it owns
/// every contract and is the guardian of both that have one.
const TAKER: Address = RIVAL;

/// A running sale of Alice's ether; with a loss also bad debt that waits to be covered. `is_short`: the price has fallen so far that
/// whoever takes the whole lot leaves a loss.
fn scene(with_loss: bool, is_short: bool) -> (System, Subjects) {
    let mut world = NativeWorld::default();
    world.make_taker(TAKER);
    let mut system = System::set_up(Box::new(world));
    let at = system.at;
    let rules = IReserve::Rules {
        bufferRaw: n(1_000 * USD),
        stakersBps: n(5_000),
        dripSecs: n(3_600),
        cooldownSecs: n(7_200),
        windowSecs: n(200_000),
        patienceSecs: U256::ZERO,
    };
    system.must(OWNER, at.reserve, &IReserve::setRulesCall { newRules: rules });
    system.must(OWNER, at.reserve, &IReserve::setTreasuryCall { newTreasury: OWNER });
    for (token, amount) in [(at.weth.token, 100 * WETH), (at.wbtc.token, WBTC)] {
        system.must(OPERATOR, token, &ITestToken::mintCall { to: TAKER, amountRaw: n(amount) });
    }
    for (staker, dollars) in [(LENDER, 40_000), (TAKER, 1_000)] {
        system.must(staker, at.reserve, &IReserve::stakeCall { amountRaw: n(dollars * USD), staker });
    }
    let lend = interface::IPool::depositCall { assets: n(10_000 * USD), receiver: TAKER };
    system.must(TAKER, at.pool, &lend);
    let all = IReserve::announceUnstakeCall { shares: n(1_000 * USD * 1_000_000) };
    system.must(TAKER, at.reserve, &all);
    system.must(LENDER, at.pool, &interface::IPool::approveCall { spender: TAKER, value: U256::MAX });
    system.wait(8_000);
    system.refresh_prices();

    let sold_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    let own_id = system.open_indebted(TAKER, &[(at.weth, 20 * WETH)], 1_000 * USD);
    let offered_id = system.must(BOB, at.vault, &IVault::openCall {});
    system.must(BOB, at.vault, &IVault::offerVaultCall { vaultId: offered_id, to: TAKER });
    if with_loss {
        let lost_id = system.open_indebted(BOB, &[(at.wbtc, WBTC)], 27_000 * USD);
        system.set_price(at.wbtc, 10_000);
        system.must(KEEPER, at.auction, &liquidate(at.wbtc, lost_id));
        system.wait(400);
        system.must(BUYER, at.auction, &take(U256::ONE, U256::MAX, BUYER));
        assert!(!system.books().badDebtRaw.is_zero());
    }
    system.set_price(at.weth, if is_short { 200 } else { 1_700 });
    system.must(KEEPER, at.auction, &liquidate(at.weth, sold_id));
    if is_short {
        system.wait(400);
    }
    for contract in [at.oracle, at.auction] {
        let call = IAuction::setGuardianCall { newGuardian: TAKER };
        system.must(OWNER, contract, &call);
    }
    for contract in [at.oracle, at.vault, at.auction, at.pool, at.reserve] {
        system.must(OWNER, contract, &IShared::transferOwnershipCall { newOwner: TAKER });
        system.must(TAKER, contract, &IShared::acceptOwnershipCall {});
        system.must(TAKER, contract, &IShared::transferOwnershipCall { newOwner: TAKER });
    }
    let auction_id = system.ask(at.auction, &IAuction::auctionCountCall {});
    (system, Subjects { caller: TAKER, sold_id, own_id, offered_id, auction_id })
}

/// A take of a part of the lot, or of all of it, whose recipient is called back.
fn buy(system: &mut System, auction_id: U256, max_lot_raw: U256) {
    let call = IAuction::takeCall { data: Bytes::from_static(&[1]), ..take(auction_id, max_lot_raw, TAKER) };
    system.must(BUYER, system.at.auction, &call);
}

/// Has the taker call `target` in the callback of a take; what came back.
fn buy_and_call(
    system: &mut System,
    auction_id: U256,
    max_lot_raw: U256,
    target: Address,
    data: Vec<u8>,
) -> Result<Vec<u8>, Revert> {
    system.must(OPERATOR, TAKER, &ITaker::armCall { target, callData: data.into() });
    buy(system, auction_id, max_lot_raw);
    let succeeded = system.ask(TAKER, &ITaker::lastCall {}).callSucceeded;
    let returned = system.ask(TAKER, &ITaker::lastReturnedCall {}).to_vec();
    if succeeded { Ok(returned) } else { Err(Revert(returned)) }
}

/// What a view answers in the middle of a take, of a part and of a last one that books a loss, is what it answers before or after; or it
/// refuses as locked.
#[test]
fn no_view_answers_a_number_that_is_true_neither_before_nor_after_the_take() {
    for (is_short, max_lot_raw) in [(false, n(1_000_000_000)), (true, U256::MAX)] {
        let all = functions(&scene(false, is_short).0);
        let mut locked = Vec::new();
        for view in all.iter().filter(|function| function.is_view) {
            let (mut system, subjects) = scene(false, is_short);
            let data = view.call(&system, &subjects);
            let before = system.world.view(view.contract, &data);
            let inside = buy_and_call(&mut system, subjects.auction_id, max_lot_raw, view.contract, data.clone());
            let after = system.world.view(view.contract, &data);
            if inside == Err(reentered()) {
                locked.push(view.full_name());
            } else {
                let is_true = inside == before || inside == after;
                assert!(
                    is_true,
                    "{}: {before:02x?} before, {inside:02x?} inside, {after:02x?} after",
                    view.full_name()
                );
            }
            if is_short {
                assert!(
                    !system.books().badDebtRaw.is_zero() || system.books().surplusRaw.is_zero(),
                    "a loss was booked"
                );
            }
        }
        // The auction contract's own views of sales all refuse: it is the one in the middle of a change.
        for name in ["sale", "status", "quote", "cureCost", "onSale", "list", "count", "bidding", "refundOf"] {
            assert!(
                locked.contains(&format!("IAuction.{name}")),
                "{name} answered in the middle of a take: {locked:?}"
            );
        }
    }
}

/// What is left of a call and a take: everything that can be seen, and everything that is stored but what the taker itself keeps.
type Left = (Observation, Vec<(Address, U256, U256)>);

fn left(system: &System) -> Left {
    let stored = system.world.whole_storage().expect("the native world tells");
    (system.observe(), stored.into_iter().filter(|(account, ..)| *account != TAKER).collect())
}

/// What only the contracts may call among themselves, what is set once, and what there is nothing to do for in these scenes.
const NEVER_DONE: [&str; 23] = [
    "IVault.fund",
    "IVault.defund",
    "IVault.fundSurplus",
    "IVault.drawSurplus",
    "IVault.writeDown",
    "IVault.startLiquidation",
    "IVault.releaseSlice",
    "IVault.settleTake",
    "IVault.sellSlice",
    "IVault.payReward",
    // Its vault holds something.
    "IVault.realiseBadDebt",
    "IVault.setModules",
    "IReserve.queueBadDebt",
    // No round of stakes is closed; who collects asks no other contract but the asset.
    "IReserve.collect",
    // Nobody signs here.
    "IPool.permit",
    // The sale is by a falling price and is not stale; the vault is safe again.
    "IAuction.bid",
    "IAuction.settle",
    "IAuction.withdrawRefund",
    "IAuction.withdrawSlice",
    "IAuction.liquidate",
    "IAuction.restart",
    // Nobody owns the lens.
    "ILens.transferOwnership",
    "ILens.acceptOwnership",
];

/// How a call in a callback ended.
#[derive(Debug, PartialEq, Eq)]
enum Inside {
    Done,
    Refused,
}

/// Makes one call before a take, after it, and in the middle of it, and compares what is left; answers whether it took effect at all.
fn compare(function: &Function, with_loss: bool) -> bool {
    let max_lot_raw = n(WETH / 10);
    let [(mut plain, subjects), (mut first, _), (mut last, _), (mut inside, _)] =
        [(); 4].map(|()| scene(with_loss, false));
    let name = function.full_name();
    let data = function.call(&plain, &subjects);
    buy(&mut plain, subjects.auction_id, max_lot_raw);

    let done_first = first.world.execute(TAKER, function.contract, &data);
    // A call may be one after which the take is another one, or none.
    let call = IAuction::takeCall { data: Bytes::from_static(&[1]), ..take(subjects.auction_id, max_lot_raw, TAKER) };
    let bought_after = first.send(BUYER, first.at.auction, &call).is_ok();
    buy(&mut last, subjects.auction_id, max_lot_raw);
    let done_last = last.world.execute(TAKER, function.contract, &data);

    let answer = buy_and_call(&mut inside, subjects.auction_id, max_lot_raw, function.contract, data);
    let ended = if answer.is_ok() { Inside::Done } else { Inside::Refused };
    if function.contract == inside.at.auction {
        assert_eq!(answer, Err(reentered()), "{name}");
    }
    match ended {
        Inside::Done => {
            let as_first = done_first.is_ok() && bought_after && left(&first) == left(&inside);
            let as_last = done_last.is_ok() && left(&last) == left(&inside);
            assert!(as_first || as_last, "{name} in the middle left something else than before or after");
        }
        Inside::Refused => {
            assert_eq!(left(&plain), left(&inside), "{name} was refused and left something");
            let is_locked = answer == Err(reentered());
            let as_elsewhere =
                [&done_first, &done_last].into_iter().any(|done| done.as_ref().err() == answer.as_ref().err());
            assert!(
                is_locked || as_elsewhere,
                "{name} was refused by {answer:?}, before {done_first:?}, after {done_last:?}"
            );
        }
    }
    done_first.is_ok() || done_last.is_ok()
}

/// A callback into any function that changes something: it does what it would have done before or after the take, or it is refused and
/// does nothing; in the auction contract everything is.
#[test]
fn a_callback_into_every_other_entry_point_does_what_it_does_before_or_after_the_take() {
    let all = functions(&scene(false, false).0);
    let changing: Vec<&Function> = all.iter().filter(|function| !function.is_view).collect();
    assert!(changing.len() > 60, "{} functions", changing.len());
    let mut never = Vec::new();
    for function in changing {
        let is_done = [false, true].map(|with_loss| compare(function, with_loss));
        if is_done == [false, false] {
            never.push(function.full_name());
        }
    }
    let mut expected: Vec<String> = NEVER_DONE.map(str::to_owned).into();
    never.sort();
    expected.sort();
    assert_eq!(never, expected, "what takes no effect before or after a take shows nothing");
}

/// What whoever is locked out gets.
fn reentered() -> Revert {
    Revert(IShared::Reentered {}.abi_encode())
}
