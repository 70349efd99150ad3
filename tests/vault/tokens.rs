//! Tokens that break what one may believe of an ERC-20, and callbacks into every entry point while a token moves.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};
use interface::{IShared, IVault};
use support::{
    System, TokenKind,
    actors::{ALICE, OPERATOR, OWNER},
    doubles::ITestToken,
    system::{WAD, event, flat_rate},
};

support::scenarios! {
    both {
        a_token_that_takes_a_fee_is_refused_when_it_arrives,
        a_token_that_returns_nothing_works,
        a_callback_from_a_token_is_refused_by_every_entry_point,
    }
    native {
        a_token_that_returns_false_is_refused,
        a_callback_may_read_what_no_change_leaves_half_done,
    }
}

/// A vault of Alice's, and a collateral of this kind with means and allowance for her.
pub(super) fn with_token(system: &mut System, kind: TokenKind) -> Address {
    let token = system.world.deploy_token(kind, 18);
    let listed = IVault::setCollateralCall {
        token,
        ltvBps: U256::from(5_000),
        thresholdBps: U256::from(6_000),
        penaltyBps: U256::ZERO,
        capRaw: U256::from(1_000 * WAD),
    };
    system.must(OWNER, system.at.vault, &listed);
    system.must(OPERATOR, token, &ITestToken::mintCall { to: ALICE, amountRaw: U256::from(1_000) });
    // The token that returns nothing breaks a caller that expects a bool, so its answer is not read here.
    let approve = ITestToken::approveCall { spender: system.at.vault, amountRaw: U256::MAX };
    system.world.execute(ALICE, token, &approve.abi_encode()).expect("a token lets one approve");
    system.open_vault(ALICE, &[]);
    token
}

fn deposit(token: Address, amount: u64) -> IVault::depositCall {
    IVault::depositCall { vaultId: U256::from(1), collateral: token, amountRaw: U256::from(amount) }
}

fn withdraw(token: Address, amount: u64) -> IVault::withdrawCall {
    IVault::withdrawCall { vaultId: U256::from(1), collateral: token, amountRaw: U256::from(amount), to: ALICE }
}

fn a_token_that_takes_a_fee_is_refused_when_it_arrives(system: &mut System) {
    let token = with_token(system, TokenKind::FeeOnTransfer(100));
    let refusal =
        IVault::UnexpectedAmountReceived { token, expectedRaw: U256::from(200), receivedRaw: U256::from(198) };
    system.refused(ALICE, system.at.vault, &deposit(token, 200), &refusal);
    // Where the fee rounds to nothing, it is an honest token.
    system.must(ALICE, system.at.vault, &deposit(token, 99));
}

fn a_token_that_returns_nothing_works(system: &mut System) {
    let token = with_token(system, TokenKind::NoReturn);
    system.must(ALICE, system.at.vault, &deposit(token, 200));
    system.must(ALICE, system.at.vault, &withdraw(token, 50));
    let said =
        IVault::CollateralWithdrawn { vaultId: U256::from(1), collateral: token, to: ALICE, amountRaw: U256::from(50) };
    assert_eq!(system.events(), [event(system.at.vault, &said)]);
    assert_eq!(system.balance(token, ALICE), U256::from(850));
}

fn a_token_that_returns_false_is_refused(system: &mut System) {
    let vault = system.at.vault;
    let token = with_token(system, TokenKind::FalseReturning);
    system.must(ALICE, vault, &deposit(token, 200));
    system.must(OPERATOR, token, &ITestToken::setRefusesCall { refuses: true });
    let refusal = IShared::TransferFailed { token, from: ALICE, to: vault, amountRaw: U256::from(5) };
    system.refused(ALICE, vault, &deposit(token, 5), &refusal);
    let refusal = IShared::TransferFailed { token, from: vault, to: ALICE, amountRaw: U256::from(6) };
    system.refused(ALICE, vault, &withdraw(token, 6), &refusal);
}

/// Everything the vault answers or does that a change in progress must not meet.
fn locked_calls(system: &System, token: Address) -> Vec<(&'static str, Vec<u8>)> {
    fn call<C: SolCall>(call: C) -> (&'static str, Vec<u8>) {
        (C::SIGNATURE, call.abi_encode())
    }
    let (one, to, at) = (U256::ONE, ALICE, system.at);
    let mut calls = vec![
        call(IVault::openCall {}),
        call(deposit(token, 1)),
        call(withdraw(token, 1)),
        call(IVault::borrowCall { vaultId: one, amountRaw: one, to }),
        call(IVault::repayCall { vaultId: one, amountRaw: one }),
        call(IVault::fundCall { amountRaw: one }),
        call(IVault::defundCall { amountRaw: one, to }),
        call(IVault::fundSurplusCall { amountRaw: one }),
        call(IVault::accrueCall {}),
        call(IVault::startLiquidationCall { vaultId: one, collateral: token, roomRaw: one }),
        call(IVault::releaseSliceCall { vaultId: one, collateral: token, amountRaw: one, to }),
        call(IVault::payRewardCall { keeper: to, amountRaw: one }),
        call(IVault::setThresholdCall { token, thresholdBps: one, rampSecs: one }),
        call(IVault::setLimitsCall { ceilingRaw: one, minDebtRaw: one }),
        call(IVault::setLiquidationRuleCall { targetHealthWad: one, wholeShareBps: one }),
        call(flat_rate(0)),
        call(IVault::setModulesCall { auctionContract: to, poolContract: to, reserveContract: to }),
        call(IVault::drawSurplusCall { amountRaw: one, to }),
        call(IVault::writeDownCall { amountRaw: one }),
        call(IVault::extsloadCall { slots: vec![Default::default()] }),
        call(IVault::sellSliceCall {
            vaultId: one,
            collateral: token,
            sliceRaw: one,
            to,
            payer: to,
            principalRaw: one,
            penaltyRaw: one,
            returnedLotRaw: one,
            unpaidDebtRaw: one,
            isLast: true,
        }),
        call(IVault::repayWithPermitCall {
            vaultId: one,
            amountRaw: one,
            deadlineSecs: one,
            v: 27,
            r: Default::default(),
            s: Default::default(),
        }),
    ];
    calls.extend([
        call(IVault::multicallCall { calls: vec![deposit(token, 1).abi_encode().into()] }),
        call(IVault::depositWithPermitCall {
            vaultId: one,
            collateral: token,
            amountRaw: one,
            deadlineSecs: one,
            v: 27,
            r: Default::default(),
            s: Default::default(),
        }),
        call(IVault::setOperatorCall { vaultId: one, operator: to, allowed: true }),
        call(IVault::offerVaultCall { vaultId: one, to }),
        call(IVault::acceptVaultCall { vaultId: one }),
        call(IVault::setCollateralCall { token, ltvBps: one, thresholdBps: one, penaltyBps: one, capRaw: one }),
        call(IVault::settleTakeCall {
            vaultId: one,
            collateral: token,
            payer: to,
            principalRaw: one,
            penaltyRaw: one,
            returnedLotRaw: one,
            unpaidDebtRaw: one,
            isLast: true,
        }),
        call(IShared::transferOwnershipCall { newOwner: to }),
        call(IShared::acceptOwnershipCall {}),
        call(IVault::accountCall { vaultId: one }),
        call(IVault::healthFactorCall { vaultId: one }),
        call(IVault::priceRayCall { collateral: at.weth.token }),
        call(IVault::debtOfCall { vaultId: one }),
        call(IVault::collateralOfCall { vaultId: one, collateral: token }),
        call(IVault::collateralsOfCall { vaultId: one }),
        call(IVault::collateralsCall {}),
        call(IVault::collateralCall { token }),
        call(IVault::booksCall {}),
    ]);
    calls
}

pub(super) fn arm(system: &mut System, token: Address, call_data: Vec<u8>) {
    let arm = ITestToken::armCall { target: system.at.vault, callData: Bytes::from(call_data), bubbles: false };
    system.must(OPERATOR, token, &arm);
}

fn a_callback_from_a_token_is_refused_by_every_entry_point(system: &mut System) {
    let token = with_token(system, TokenKind::Reentering);
    system.must(ALICE, system.at.vault, &deposit(token, 100));
    let reentered = IShared::Reentered {}.abi_encode();
    for (call, data) in locked_calls(system, token) {
        arm(system, token, data);
        // Coming in and going out.
        for _ in 0..2 {
            let calls = system.ask(token, &ITestToken::callsCall {});
            system.must(ALICE, system.at.vault, &deposit(token, 1));
            assert_eq!(system.ask(token, &ITestToken::callsCall {}), calls + U256::ONE);
            assert!(!system.ask(token, &ITestToken::lastSucceededCall {}), "{call} let a callback in");
            assert_eq!(system.ask(token, &ITestToken::lastReturnedCall {}), reentered, "{call}");
            system.must(ALICE, system.at.vault, &withdraw(token, 1));
            assert!(!system.ask(token, &ITestToken::lastSucceededCall {}), "{call} let a callback in");
            assert_eq!(system.ask(token, &ITestToken::lastReturnedCall {}), reentered, "{call}");
        }
    }
    // The lock is open again afterwards.
    system.must(ALICE, system.at.vault, &IVault::accrueCall {});
}

fn a_callback_may_read_what_no_change_leaves_half_done(system: &mut System) {
    let token = with_token(system, TokenKind::Reentering);
    let one = U256::ONE;
    let calls = [
        IVault::debtAssetCall {}.abi_encode(),
        IVault::oracleCall {}.abi_encode(),
        IVault::modulesCall {}.abi_encode(),
        IVault::vaultCountCall {}.abi_encode(),
        IVault::ownerOfCall { vaultId: one }.abi_encode(),
        IVault::isOperatorCall { vaultId: one, operator: ALICE }.abi_encode(),
        IVault::offeredToCall { vaultId: one }.abi_encode(),
        IShared::ownerCall {}.abi_encode(),
        IShared::pendingOwnerCall {}.abi_encode(),
    ];
    for data in calls {
        let expected = system.world.view(system.at.vault, &data).expect("it is a view");
        arm(system, token, data);
        system.must(ALICE, system.at.vault, &deposit(token, 1));
        assert!(system.ask(token, &ITestToken::lastSucceededCall {}));
        assert_eq!(system.ask(token, &ITestToken::lastReturnedCall {}), expected);
    }
}
