//! Allowances by signature.

use crate::scene::{deposit, empty, number};
use alloy_primitives::{Address, B256, Signature, U256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{Eip712Domain, SolStruct};
use interface::IPool;
use support::{
    System,
    actors::{LENDER, RIVAL, STRANGER},
    permits::{self, CHAIN_ID, Permit},
    system::event,
};

support::scenarios! {
    both {
        a_permit_is_an_allowance_and_anyone_may_bring_it,
        the_twin_of_a_signature_is_refused,
        what_nobody_signed_is_refused,
    }
    native {
        a_permit_holds_until_its_deadline_and_not_after,
        a_permit_is_used_once,
        a_permit_of_somebody_else_is_refused,
        a_permit_for_another_contract_or_chain_is_refused,
        a_permit_for_the_zero_address_is_refused,
    }
}

fn key() -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key")
}

fn domain(contract: Address, chain_id: u64) -> Eip712Domain {
    permits::domain("Spillway Pool", contract, chain_id)
}

/// What the key's holder lets the rival take: the first time, for a thousand seconds.
fn permit(system: &System) -> Permit {
    let deadline = system.now() + number(1_000);
    Permit { owner: key().address(), spender: RIVAL, value: number(12_345), nonce: U256::ZERO, deadline }
}

fn digest(permit: &Permit, contract: Address) -> B256 {
    permit.eip712_signing_hash(&domain(contract, CHAIN_ID))
}

fn sign(digest: B256) -> Signature {
    key().sign_hash_sync(&digest).expect("signed")
}

fn call(permit: &Permit, signature: &Signature) -> IPool::permitCall {
    IPool::permitCall {
        owner: permit.owner,
        spender: permit.spender,
        value: permit.value,
        deadline: permit.deadline,
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    }
}

/// As a wallet signs it.
fn signed(system: &System, permit: &Permit) -> IPool::permitCall {
    call(permit, &sign(digest(permit, system.at.pool)))
}

fn a_permit_is_an_allowance_and_anyone_may_bring_it(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    assert_eq!(system.ask(pool, &IPool::DOMAIN_SEPARATORCall {}), domain(pool, CHAIN_ID).separator());
    let permit = permit(system);
    let owner = permit.owner;
    deposit(system, LENDER, 10);
    system.must(LENDER, pool, &IPool::transferCall { to: owner, value: number(50_000) });

    let call = signed(system, &permit);
    system.must(STRANGER, pool, &call);
    let said = IPool::Approval { owner, spender: RIVAL, value: number(12_345) };
    assert_eq!(system.events(), [event(pool, &said)]);
    assert_eq!(system.ask(pool, &IPool::allowanceCall { owner, spender: RIVAL }), number(12_345));
    assert_eq!(system.ask(pool, &IPool::noncesCall { owner }), U256::ONE);
    assert_eq!(system.ask(pool, &IPool::noncesCall { owner: RIVAL }), U256::ZERO);
    system.must(RIVAL, pool, &IPool::transferFromCall { from: owner, to: RIVAL, value: number(12_345) });

    let second = Permit { nonce: U256::ONE, value: U256::ZERO, ..permit };
    let call = signed(system, &second);
    system.must(STRANGER, pool, &call);
    assert_eq!(system.ask(pool, &IPool::allowanceCall { owner, spender: RIVAL }), U256::ZERO);
}

fn the_twin_of_a_signature_is_refused(system: &mut System) {
    let pool = system.at.pool;
    let permit = permit(system);
    let good = signed(system, &permit);
    let order =
        U256::from_be_bytes(alloy_primitives::hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
    let s = B256::from(order - U256::from_be_bytes(good.s.0));
    let twin = IPool::permitCall { v: 55 - good.v, s, ..good.clone() };
    system.refused(STRANGER, pool, &twin, &IPool::ECDSAInvalidSignatureS { s });
    // The last that counts is half of the order, rounded down; with an `r` of zero it is nobody's signature.
    let half = order / number(2);
    let last = IPool::permitCall { r: B256::ZERO, s: half.into(), ..good.clone() };
    system.refused(STRANGER, pool, &last, &IPool::ECDSAInvalidSignature {});
    let s = B256::from(half + U256::ONE);
    let beyond = IPool::permitCall { r: B256::ZERO, s, ..good.clone() };
    system.refused(STRANGER, pool, &beyond, &IPool::ECDSAInvalidSignatureS { s });
    system.must(STRANGER, pool, &good);
}

fn what_nobody_signed_is_refused(system: &mut System) {
    let pool = system.at.pool;
    let permit = permit(system);
    let good = signed(system, &permit);
    let nobody = IPool::ECDSAInvalidSignature {};
    for v in [0, 1, 26, 29, 255] {
        system.refused(STRANGER, pool, &IPool::permitCall { v, ..good.clone() }, &nobody);
    }
    system.refused(STRANGER, pool, &IPool::permitCall { r: B256::ZERO, ..good.clone() }, &nobody);
    system.refused(STRANGER, pool, &IPool::permitCall { s: B256::ZERO, ..good.clone() }, &nobody);
    // The precompile answers zero for no signer, and the zero address signs nothing by that.
    let zero = IPool::permitCall { owner: Address::ZERO, r: B256::ZERO, ..good };
    system.refused(STRANGER, pool, &zero, &nobody);
}

fn a_permit_holds_until_its_deadline_and_not_after(system: &mut System) {
    let pool = system.at.pool;
    let permit = permit(system);
    let good = signed(system, &permit);
    system.wait(1_001);
    system.refused(STRANGER, pool, &good, &IPool::ERC2612ExpiredSignature { deadline: permit.deadline });
    let last = Permit { deadline: system.now(), ..permit };
    let call = signed(system, &last);
    system.must(STRANGER, pool, &call);
}

fn a_permit_is_used_once(system: &mut System) {
    let pool = system.at.pool;
    let permit = permit(system);
    let signature = sign(digest(&permit, pool));
    system.must(STRANGER, pool, &call(&permit, &signature));
    // Against the next number it is the signature of somebody nobody knows.
    let next = digest(&Permit { nonce: U256::ONE, ..permit }, pool);
    let signer = signature.recover_address_from_prehash(&next).expect("a signer");
    let refusal = IPool::ERC2612InvalidSigner { signer, owner: permit.owner };
    system.refused(STRANGER, pool, &call(&permit, &signature), &refusal);
}

fn a_permit_of_somebody_else_is_refused(system: &mut System) {
    let permit = Permit { owner: LENDER, ..permit(system) };
    let refusal = IPool::ERC2612InvalidSigner { signer: key().address(), owner: LENDER };
    let call = signed(system, &permit);
    system.refused(STRANGER, system.at.pool, &call, &refusal);
}

fn a_permit_for_another_contract_or_chain_is_refused(system: &mut System) {
    let pool = system.at.pool;
    let permit = permit(system);
    for other in [domain(system.at.vault, CHAIN_ID), domain(pool, CHAIN_ID + 1)] {
        let signature = sign(permit.eip712_signing_hash(&other));
        let signer = signature.recover_address_from_prehash(&digest(&permit, pool)).expect("a signer");
        let refusal = IPool::ERC2612InvalidSigner { signer, owner: permit.owner };
        system.refused(STRANGER, pool, &call(&permit, &signature), &refusal);
    }
}

fn a_permit_for_the_zero_address_is_refused(system: &mut System) {
    let permit = Permit { spender: Address::ZERO, ..permit(system) };
    let call = signed(system, &permit);
    system.refused(STRANGER, system.at.pool, &call, &IPool::ERC20InvalidSpender { spender: Address::ZERO });
}
