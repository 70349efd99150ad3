//! What no failure of others can stop: repaying and adding collateral never ask the oracle.

use alloy_primitives::U256;
use interface::{IOracle, IVault};
use support::{
    System,
    actors::{ALICE, OPERATOR, OWNER},
    doubles::IScriptedFeed,
    system::{GRACE_SECS, HEARTBEAT_SECS, USD, WETH},
};

support::scenarios! {
    both {
        repay_and_deposit_work_while_every_feed_is_dead,
        repay_and_deposit_work_while_the_sequencer_is_down_and_through_its_grace,
    }
    native {
        repay_and_deposit_work_without_any_feed,
        what_needs_a_price_is_refused_with_the_oracles_reason,
        nothing_leaves_against_debt_while_the_sequencer_is_down_or_in_its_grace,
    }
}

fn saves_itself(system: &mut System) {
    let at = system.at;
    let deposit =
        IVault::depositCall { vaultId: U256::from(1), collateral: at.weth.token, amountRaw: U256::from(WETH) };
    system.must(ALICE, at.vault, &deposit);
    system.must(ALICE, at.vault, &IVault::repayCall { vaultId: U256::from(1), amountRaw: U256::from(1_000 * USD) });
    system.fund(1);
    system.give_surplus(1);
}

fn repay_and_deposit_work_while_every_feed_is_dead(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    system.wait(HEARTBEAT_SECS + 1);
    saves_itself(system);
    for feed in [at.usd.feed, at.weth.feed, at.wbtc.feed, at.sequencer] {
        system.must(
            OPERATOR,
            feed,
            &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::BurnAllGas },
        );
    }
    saves_itself(system);
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(1) }), U256::from(8_000 * USD));
}

fn repay_and_deposit_work_while_the_sequencer_is_down_and_through_its_grace(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let now = system.world.time_secs();
    system.set_sequencer(false, now);
    saves_itself(system);
    system.wait(GRACE_SECS);
    let now = system.world.time_secs();
    system.set_sequencer(true, now);
    saves_itself(system);
}

fn repay_and_deposit_work_without_any_feed(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    for asset in [at.usd, at.weth, at.wbtc] {
        let removed = IOracle::setFeedCall {
            asset: asset.token,
            aggregator: alloy_primitives::Address::ZERO,
            heartbeatSecs: U256::ZERO,
        };
        system.must(OWNER, at.oracle, &removed);
    }
    saves_itself(system);
}

fn what_needs_a_price_is_refused_with_the_oracles_reason(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let unreadable = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    let id = U256::from(1);
    system.refused(
        ALICE,
        at.vault,
        &IVault::borrowCall { vaultId: id, amountRaw: U256::from(1), to: ALICE },
        &unreadable,
    );
    let withdraw = IVault::withdrawCall { vaultId: id, collateral: at.weth.token, amountRaw: U256::from(1), to: ALICE };
    system.refused(ALICE, at.vault, &withdraw, &unreadable);
    let start = IVault::startLiquidationCall { vaultId: id, collateral: at.weth.token, roomRaw: U256::MAX };
    system.refused(at.auction, at.vault, &start, &unreadable);
    system.ask_refused(at.vault, &IVault::healthFactorCall { vaultId: id }, &unreadable);
    system.ask_refused(at.vault, &IVault::accountCall { vaultId: id }, &unreadable);
    system.ask_refused(at.vault, &IVault::priceRayCall { collateral: at.weth.token }, &unreadable);
}

fn nothing_leaves_against_debt_while_the_sequencer_is_down_or_in_its_grace(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 1_000 * USD);
    let withdraw =
        IVault::withdrawCall { vaultId: U256::from(1), collateral: at.weth.token, amountRaw: U256::from(1), to: ALICE };
    let borrow = IVault::borrowCall { vaultId: U256::from(1), amountRaw: U256::from(1), to: ALICE };
    let down = system.world.time_secs();
    system.set_sequencer(false, down);
    let refusal = IOracle::SequencerDown { sinceSecs: U256::from(down) };
    system.refused(ALICE, at.vault, &withdraw, &refusal);
    system.refused(ALICE, at.vault, &borrow, &refusal);
    system.wait(10);
    let back = system.world.time_secs();
    system.set_sequencer(true, back);
    for waited in [0, GRACE_SECS] {
        system.wait(waited);
        let grace = IOracle::SequencerGrace {
            upSinceSecs: U256::from(back),
            graceSecs: U256::from(GRACE_SECS),
            nowSecs: system.now(),
        };
        system.refused(ALICE, at.vault, &withdraw, &grace);
        system.refused(ALICE, at.vault, &borrow, &grace);
    }
    system.wait(1);
    system.must(ALICE, at.vault, &withdraw);
    system.must(ALICE, at.vault, &borrow);
}
