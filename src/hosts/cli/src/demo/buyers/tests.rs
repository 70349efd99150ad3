//! The buyer's contract on the chain: what it earns, and whom it refuses. Needs the built contracts and the artifacts.

use super::*;
use crate::{
    chain::Artifacts,
    demo::{
        keepers,
        prices::{PRICE_DECIMALS, PricePath, Step},
        story,
        system::Code,
    },
};
use std::path::Path;

/// The stage after a fall of a quarter, with auctions that have run for ten minutes: the price is below the market.
fn in_a_crash() -> Stage {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap();
    let artifacts = Artifacts::in_folder(root.join("target/solidity"));
    let code = Code::read(&root.join("target/wasm"), &artifacts).unwrap_or_else(|failure| panic!("{failure}"));
    let step = |hour, eth, btc| Step { hour, prices_raw: [tokens(eth, PRICE_DECIMALS), tokens(btc, PRICE_DECIMALS)] };
    let steps = vec![step(0, 200, 8_000), step(1, 150, 6_000)];
    let path = PricePath { source: "test".into(), kind: "made up".into(), start_secs: 1_000_000_000, steps };
    let mut stage = story::set_up(&path, &code).unwrap();
    let crashed = path.steps[1];
    stage.begin_hour(path.start_secs, &crashed).unwrap();
    assert!(keepers::scan(&mut stage, crashed.prices_raw).unwrap().started > 0);
    let now_secs = stage.chain.now_secs();
    stage.chain.advance_to(now_secs + 600).unwrap();
    stage
}

fn take_of(auction_id: u64, min_profit_raw: u64) -> Taker::takeCall {
    Taker::takeCall {
        auctionId: U256::from(auction_id),
        maxLotRaw: U256::MAX,
        maxPriceRay: U256::MAX,
        minProfitRaw: U256::from(min_profit_raw),
    }
}

fn refusal(stage: &mut Stage, from: Address, call: &Taker::takeCall) -> String {
    let taker = stage.system.taker;
    match stage.chain.send("take by callback", from, taker, call) {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_slice_is_sold_in_the_callback_and_the_profit_stays_with_the_taker() {
    let mut stage = in_a_crash();
    let (arbitrageur, taker, debt_asset) = (stage.people.arbitrageur, stage.system.taker, stage.system.debt_asset);
    let held = |stage: &Stage, holder| stage.chain.ask(debt_asset, &Token::balanceOfCall { holder }).unwrap();
    assert_eq!(held(&stage, taker), U256::ZERO, "it begins with nothing");
    let vault_before_raw = held(&stage, stage.system.vault);
    let profit_raw = stage.chain.send("take by callback", arbitrageur, taker, &take_of(1, 1)).unwrap();
    stage.hear();
    let fill = stage.ledger.fills.last().unwrap().clone();
    assert_eq!((fill.auction_id, fill.taker), (U256::from(1), taker));
    assert_eq!(held(&stage, taker), profit_raw);
    assert_eq!(held(&stage, stage.system.vault), vault_before_raw.checked_add(fill.owed_raw).unwrap());

    let withdrawn_raw =
        stage.chain.send("withdraw", arbitrageur, taker, &Taker::withdrawCall { to: arbitrageur }).unwrap();
    assert_eq!((withdrawn_raw, held(&stage, arbitrageur), held(&stage, taker)), (profit_raw, profit_raw, U256::ZERO));
}

#[test]
fn the_taker_refuses_whoever_is_not_its_owner() {
    let mut stage = in_a_crash();
    let stranger = stage.people.keeper;
    assert_eq!(
        refusal(&mut stage, stranger, &take_of(1, 1)),
        format!("take by callback: NotOwner {{ caller: {stranger:?} }}")
    );
    let (taker, call) = (stage.system.taker, Taker::withdrawCall { to: stranger });
    assert!(!stage.chain.would_succeed(stranger, taker, &call).unwrap());
}

#[test]
fn a_profit_below_the_least_undoes_the_whole_take() {
    let mut stage = in_a_crash();
    let arbitrageur = stage.people.arbitrageur;
    let said = refusal(&mut stage, arbitrageur, &take_of(1, u64::MAX));
    assert!(said.starts_with("take by callback: ProfitTooSmall { profitRaw: "), "{said}");
    assert!(said.ends_with(&format!("minProfitRaw: {} }}", u64::MAX)), "{said}");
    stage.hear();
    assert!(stage.ledger.fills.is_empty());
}

#[test]
fn a_slice_that_a_stranger_sends_to_the_taker_is_not_sold() {
    let mut stage = in_a_crash();
    let (buyer, taker, auction) = (stage.people.buyer, stage.system.taker, stage.system.auction);
    let call = IAuction::takeCall {
        auctionId: U256::from(1),
        maxLotRaw: U256::MAX,
        maxPriceRay: U256::MAX,
        recipient: taker,
        data: alloy_primitives::Bytes::from_static(&[1]),
    };
    let said = match stage.chain.send("take", buyer, auction, &call) {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.to_string(),
    };
    assert_eq!(said, format!("take: UnexpectedCallback {{ caller: {auction:?}, taker: {buyer:?} }}"));
}

#[test]
fn only_the_auction_may_call_back() {
    let mut stage = in_a_crash();
    let (stranger, taker) = (stage.people.keeper, stage.system.taker);
    let call = Taker::onSpillwayTakeCall {
        taker,
        collateral: stage.system.collaterals[0].token,
        sliceRaw: U256::ONE,
        owedRaw: U256::ONE,
        data: alloy_primitives::Bytes::new(),
    };
    let said = match stage.chain.send("call back", stranger, taker, &call) {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.to_string(),
    };
    assert_eq!(said, format!("call back: UnexpectedCallback {{ caller: {stranger:?}, taker: {taker:?} }}"));
}
