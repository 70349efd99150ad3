//! Several calls in one, and deposits by signature.

use super::tokens::{arm, with_token};
use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, SolError, SolStruct, SolValue};
use interface::{IErc20Permit::permitCall, IShared, IVault};
use support::{
    Revert, System, TokenKind,
    actors::{ALICE, LENDER, OPERATOR, STRANGER},
    doubles::ITestToken,
    permits::{self, CHAIN_ID, Permit},
    system::{USD, WETH, event},
};

support::scenarios! {
    both {
        several_calls_in_one_do_what_they_do_one_by_one,
        the_first_refusal_is_the_refusal_of_all,
        a_callback_between_several_calls_meets_the_lock,
        a_deposit_with_a_permit_that_fails_needs_an_allowance,
    }
    native {
        several_calls_are_the_callers_own,
        what_is_no_call_of_the_vault_is_refused_without_a_reason,
        no_calls_do_nothing_and_calls_may_nest,
        a_permit_calls_no_token_that_is_not_listed,
        a_repayment_with_a_permit_that_fails_needs_an_allowance,
    }
}

const ONE: U256 = U256::ONE;

fn together(calls: &[Vec<u8>]) -> IVault::multicallCall {
    IVault::multicallCall { calls: calls.iter().cloned().map(Bytes::from).collect() }
}

fn deposit(collateral: Address, amount_raw: u128) -> Vec<u8> {
    IVault::depositCall { vaultId: ONE, collateral, amountRaw: U256::from(amount_raw) }.abi_encode()
}

fn borrow(dollars: u128, to: Address) -> Vec<u8> {
    IVault::borrowCall { vaultId: ONE, amountRaw: U256::from(dollars * USD), to }.abi_encode()
}

fn several_calls_in_one_do_what_they_do_one_by_one(system: &mut System) {
    let at = system.at;
    let calls = [
        IVault::openCall {}.abi_encode(),
        deposit(at.weth.token, 10 * WETH),
        borrow(9_000, ALICE),
        IVault::collateralsOfCall { vaultId: ONE }.abi_encode(),
        IVault::repayCall { vaultId: ONE, amountRaw: U256::from(1_000 * USD) }.abi_encode(),
    ];
    let answers = system.must(ALICE, at.vault, &together(&calls));
    let expected = [
        ONE.abi_encode(),
        Vec::new(),
        Vec::new(),
        vec![at.weth.token].abi_encode(),
        U256::from(1_000 * USD).abi_encode(),
    ];
    assert_eq!(answers, expected.map(Bytes::from));
    let (id, lent, repaid) = (ONE, U256::from(9_000 * USD), U256::from(1_000 * USD));
    assert_eq!(
        system.events(),
        [
            event(at.vault, &IVault::VaultOpened { vaultId: id, owner: ALICE }),
            event(
                at.vault,
                &IVault::CollateralDeposited {
                    vaultId: id,
                    collateral: at.weth.token,
                    payer: ALICE,
                    amountRaw: U256::from(10 * WETH),
                }
            ),
            event(at.vault, &IVault::Borrowed { vaultId: id, to: ALICE, amountRaw: lent, shares: lent }),
            event(at.vault, &IVault::Repaid { vaultId: id, payer: ALICE, amountRaw: repaid, shares: repaid }),
        ]
    );
    let debt = system.ask(at.vault, &IVault::debtOfCall { vaultId: ONE });
    assert_eq!(debt, U256::from(8_000 * USD));
    // The lock is open again.
    system.must(LENDER, at.vault, &IVault::accrueCall {});
}

fn the_first_refusal_is_the_refusal_of_all(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    let calls = [deposit(at.weth.token, WETH), borrow(100, ALICE), borrow(3_000, ALICE), borrow(1, Address::ZERO)];
    let wad = U256::from(WETH);
    let refusal =
        IVault::BorrowingPowerExceeded { debtValueWad: U256::from(3_100) * wad, ltvValueWad: U256::from(3_000) * wad };
    system.refused(ALICE, at.vault, &together(&calls), &refusal);
    system.must(ALICE, at.vault, &together(&calls[..2]));
}

fn a_callback_between_several_calls_meets_the_lock(system: &mut System) {
    let token = with_token(system, TokenKind::Reentering);
    let vault = system.at.vault;
    let several = together(&[deposit(token, 1), deposit(token, 1)]);
    for callback in [several.abi_encode(), deposit(token, 1), IVault::accountCall { vaultId: ONE }.abi_encode()] {
        arm(system, token, callback);
        let calls = system.ask(token, &ITestToken::callsCall {});
        system.must(ALICE, vault, &several);
        assert_eq!(system.ask(token, &ITestToken::callsCall {}), calls + U256::from(2));
        assert!(!system.ask(token, &ITestToken::lastSucceededCall {}));
        assert_eq!(system.ask(token, &ITestToken::lastReturnedCall {}), IShared::Reentered {}.abi_encode());
    }
    let held = system.ask(vault, &IVault::collateralOfCall { vaultId: ONE, collateral: token });
    assert_eq!(held, U256::from(6));
}

fn several_calls_are_the_callers_own(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    let refusal = IVault::NotVaultOwner { caller: STRANGER, vaultId: ONE };
    system.refused(STRANGER, at.vault, &together(&[borrow(100, STRANGER)]), &refusal);
}

fn what_is_no_call_of_the_vault_is_refused_without_a_reason(system: &mut System) {
    let vault = system.at.vault;
    for call in [Vec::new(), vec![1, 2, 3], vec![0xde, 0xad, 0xbe, 0xef], IVault::depositCall::SELECTOR.to_vec()] {
        let calls = together(&[IVault::openCall {}.abi_encode(), call]);
        let before = system.observe();
        assert_eq!(system.send(ALICE, vault, &calls), Err(Revert(Vec::new())));
        assert_eq!(system.observe(), before);
    }
}

fn no_calls_do_nothing_and_calls_may_nest(system: &mut System) {
    let vault = system.at.vault;
    assert_eq!(system.must(ALICE, vault, &together(&[])), Vec::<Bytes>::new());
    let inner = together(&[IVault::openCall {}.abi_encode(), IVault::openCall {}.abi_encode()]);
    let open = IVault::openCall {}.abi_encode();
    system.must(ALICE, vault, &together(&[inner.abi_encode(), open]));
    assert_eq!(system.ask(vault, &IVault::vaultCountCall {}), U256::from(3));
}

fn with_permit(collateral: Address, amount_raw: u128, permit: &permitCall) -> IVault::depositWithPermitCall {
    IVault::depositWithPermitCall {
        vaultId: ONE,
        collateral,
        amountRaw: U256::from(amount_raw),
        deadlineSecs: permit.deadlineSecs,
        v: permit.v,
        r: permit.r,
        s: permit.s,
    }
}

/// A permit whose signature is nobody's.
fn unsigned() -> permitCall {
    permitCall {
        owner: ALICE,
        spender: ALICE,
        amountRaw: ONE,
        deadlineSecs: U256::MAX,
        v: 27,
        r: B256::ZERO,
        s: B256::ZERO,
    }
}

fn a_deposit_with_a_permit_that_fails_needs_an_allowance(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    let call = with_permit(weth, WETH, &unsigned());
    let failed = IShared::TransferFailed { token: weth, from: STRANGER, to: vault, amountRaw: U256::from(WETH) };
    system.refused(STRANGER, vault, &call, &failed);
    system.must(ALICE, vault, &call);
    let said =
        IVault::CollateralDeposited { vaultId: ONE, collateral: weth, payer: ALICE, amountRaw: U256::from(WETH) };
    assert_eq!(system.events(), [event(vault, &said)]);
}

fn a_permit_calls_no_token_that_is_not_listed(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[]);
    for collateral in [system.at.usd.token, system.at.auction, vault] {
        let refusal = IVault::UnknownCollateral { collateral };
        system.refused(ALICE, vault, &with_permit(collateral, 1, &unsigned()), &refusal);
    }
}

fn a_repayment_with_a_permit_that_fails_needs_an_allowance(system: &mut System) {
    let (vault, usd) = (system.at.vault, system.at.usd.token);
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 500 * USD);
    let permit = unsigned();
    let call = |amount: u128| IVault::repayWithPermitCall {
        vaultId: ONE,
        amountRaw: U256::from(amount),
        deadlineSecs: permit.deadlineSecs,
        v: permit.v,
        r: permit.r,
        s: permit.s,
    };
    let failed = IShared::TransferFailed { token: usd, from: STRANGER, to: vault, amountRaw: U256::from(USD) };
    system.refused(STRANGER, vault, &call(USD), &failed);
    assert_eq!(system.must(LENDER, vault, &call(600 * USD)), U256::from(500 * USD), "no more than is owed");
    let repaid = U256::from(500 * USD);
    let said = IVault::Repaid { vaultId: ONE, payer: LENDER, amountRaw: repaid, shares: repaid };
    assert_eq!(system.events(), [event(vault, &said)]);
    system.refused(LENDER, vault, &call(USD), &IVault::NoDebt { vaultId: ONE });
}

/// A permit for the vault, as a wallet signs it for the token in Solidity on the chain.
fn signed(system: &System, token: Address, signer: &PrivateKeySigner, nonce: u64, amount_raw: u128) -> permitCall {
    let (owner, spender, deadline) = (signer.address(), system.at.vault, system.now() + U256::from(1_000));
    let domain = permits::domain("Test", token, CHAIN_ID);
    let message = Permit { owner, spender, value: U256::from(amount_raw), nonce: U256::from(nonce), deadline };
    let signature = signer.sign_hash_sync(&message.eip712_signing_hash(&domain)).expect("signed");
    permitCall {
        owner,
        spender,
        amountRaw: U256::from(amount_raw),
        deadlineSecs: deadline,
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    }
}

#[test]
fn a_permit_stands_for_the_allowance_and_one_that_is_used_already_does_not_block() {
    let mut system = System::wasm();
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    let signer = PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key");
    let holder = signer.address();
    system.must(OPERATOR, weth, &ITestToken::mintCall { to: holder, amountRaw: U256::from(3 * WETH) });
    system.open_vault(ALICE, &[]);
    let operator = IVault::setOperatorCall { vaultId: ONE, operator: holder, allowed: true };
    system.must(ALICE, vault, &operator);

    let permit = signed(&system, weth, &signer, 0, WETH);
    system.must(holder, vault, &with_permit(weth, WETH, &permit));
    assert_eq!(system.balance(weth, holder), U256::from(2 * WETH));

    // Somebody sees the next one on its way and uses it first.
    let permit = signed(&system, weth, &signer, 1, WETH);
    system.must(STRANGER, weth, &permit);
    system.must(holder, vault, &with_permit(weth, WETH, &permit));
    assert_eq!(system.balance(weth, holder), U256::from(WETH));

    // The allowance is used up, and neither an old permit nor one for another amount gives a new one.
    let failed = IShared::TransferFailed { token: weth, from: holder, to: vault, amountRaw: U256::from(WETH) };
    system.refused(holder, vault, &with_permit(weth, WETH, &permit), &failed);
    let other = signed(&system, weth, &signer, 2, WETH - 1);
    system.refused(holder, vault, &with_permit(weth, WETH, &other), &failed);
    let held = system.ask(vault, &IVault::collateralOfCall { vaultId: ONE, collateral: weth });
    assert_eq!(held, U256::from(2 * WETH));
}

#[test]
fn a_permit_repays_debt_without_an_allowance_before() {
    let mut system = System::wasm();
    let (vault, usd) = (system.at.vault, system.at.usd.token);
    let signer = PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key");
    let holder = signer.address();
    system.must(OPERATOR, usd, &ITestToken::mintCall { to: holder, amountRaw: U256::from(900 * USD) });
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 800 * USD);
    let permit = signed(&system, usd, &signer, 0, 300 * USD);
    let call = IVault::repayWithPermitCall {
        vaultId: ONE,
        amountRaw: permit.amountRaw,
        deadlineSecs: permit.deadlineSecs,
        v: permit.v,
        r: permit.r,
        s: permit.s,
    };
    assert_eq!(system.must(holder, vault, &call), permit.amountRaw);
    assert_eq!(system.balance(usd, holder), U256::from(600 * USD));
    assert_eq!(system.ask(vault, &IVault::debtOfCall { vaultId: ONE }), U256::from(500 * USD));
}
