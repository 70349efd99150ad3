//! An oracle that answers less than it was asked for is not believed about the rest.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolValue;
use interface::{ILens, IShared, IVault};
use support::{
    Contract, NativeWorld, System,
    actors::{ALICE, KEEPER, LENDER, OPERATOR, OWNER},
    doubles::ITestToken,
    native::IAnswers,
    system::{USD, WAD, WETH, constructor},
};

const FIRST: U256 = U256::ONE;

/// What an oracle would answer to `prices`: this many, of a dollar each.
fn prices(count: usize) -> Bytes {
    vec![U256::from(WAD); count].abi_encode().into()
}

/// The same to `ranges`.
fn ranges(count: usize) -> Bytes {
    vec![(U256::from(WAD), U256::from(WAD)); count].abi_encode().into()
}

#[test]
fn an_oracle_that_answers_too_few_prices_has_failed() {
    let mut world = NativeWorld::default();
    let oracle = world.deploy_answers();
    let mut system = System::set_up(Box::new(world));
    let at = system.at;
    let arguments = constructor(&(OWNER, at.usd.token, oracle).abi_encode_params());
    let vault = system.world.deploy_contract(Contract::Vault, &arguments).expect("there is code at the oracle");
    let lens = constructor(&(vault, at.auction).abi_encode_params());
    let lens = system.world.deploy_contract(Contract::Lens, &lens).expect("there is code at both");
    // The auction contract of the scene, a lender and a keeper stand for the modules.
    let modules = IVault::setModulesCall { auctionContract: at.auction, poolContract: LENDER, reserveContract: KEEPER };
    system.must(OWNER, vault, &modules);
    let list = IVault::setCollateralCall {
        token: at.weth.token,
        ltvBps: U256::from(7_500),
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(1_000),
        capRaw: U256::from(1_000 * WETH),
    };
    system.must(OWNER, vault, &list);
    let limits = IVault::setLimitsCall { ceilingRaw: U256::from(1_000 * USD), minDebtRaw: U256::ZERO };
    system.must(OWNER, vault, &limits);
    for (actor, token) in [(ALICE, at.weth.token), (LENDER, at.usd.token)] {
        system.must(actor, token, &ITestToken::approveCall { spender: vault, amountRaw: U256::MAX });
    }
    // As the pool does: the tokens first, then the booking.
    let bring = ITestToken::transferCall { to: vault, amountRaw: U256::from(1_000 * USD) };
    system.must(LENDER, at.usd.token, &bring);
    system.must(LENDER, vault, &IVault::fundCall { amountRaw: U256::from(1_000 * USD) });
    system.must(ALICE, vault, &IVault::openCall {});
    let deposit = IVault::depositCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: U256::from(100 * WETH) };
    system.must(ALICE, vault, &deposit);
    let answer = |system: &mut System, answer| {
        system.must(OPERATOR, oracle, &IAnswers::answerWithCall { answer });
    };
    let borrow = IVault::borrowCall { vaultId: FIRST, amountRaw: U256::from(75 * USD), to: ALICE };
    let withdraw = IVault::withdrawCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: U256::ONE, to: ALICE };
    let start =
        IVault::startLiquidationCall { vaultId: FIRST, collateral: at.weth.token, roomRaw: U256::from(100 * USD) };
    let refusal = IShared::CallFailed { target: oracle };

    // One price where two were asked for, none, three, and half of a word.
    let odd = [prices(1), prices(0), prices(3), prices(2).slice(..100), Bytes::new()];
    for bytes in &odd {
        answer(&mut system, bytes.clone());
        system.refused(ALICE, vault, &borrow, &refusal);
    }
    // With both it lends up to 75 dollars against a hundred.
    answer(&mut system, prices(2));
    system.must(ALICE, vault, &borrow);
    for bytes in &odd {
        answer(&mut system, bytes.clone());
        system.refused(ALICE, vault, &withdraw, &refusal);
        system.ask_refused(vault, &IVault::accountCall { vaultId: FIRST }, &refusal);
    }
    // One range, none, three; and half of one, and one and a half.
    for bytes in [ranges(1), ranges(0), ranges(3), prices(1), prices(3)] {
        answer(&mut system, bytes);
        system.refused(at.auction, vault, &start, &refusal);
        system.ask_refused(vault, &IVault::priceRayCall { collateral: at.weth.token }, &refusal);
        let preview = ILens::previewLiquidationCall { vaultId: FIRST, collateral: at.weth.token };
        system.ask_refused(lens, &preview, &refusal);
    }
    // With both ranges the vault is safe by one and by the other.
    answer(&mut system, ranges(2));
    let safe =
        IVault::Healthy { vaultId: FIRST, healthWad: U256::from(100 * 80) * U256::from(WAD) / U256::from(7_500) };
    system.refused(at.auction, vault, &start, &safe);
}
