//! The precompiles of Ethereum, called by a contract with input that is right, wrong and too short.

use crate::{
    assembly::{deployer, op, push},
    pair::{Pair, Tx},
};
use alloy_primitives::{Address, hex};

/// Calls the address in the first word of the calldata with the rest, and returns whether that succeeded and what came back.
fn forwarder() -> Vec<u8> {
    let rest = [push(32_u64), vec![op::CALLDATASIZE, 0x03]].concat();
    [
        [rest.clone(), push(32_u64), vec![op::PUSH0, op::CALLDATACOPY]].concat(),
        [vec![op::PUSH0, op::PUSH0], rest, vec![op::PUSH0, op::PUSH0, op::PUSH0, op::CALLDATALOAD, op::GAS, op::CALL]]
            .concat(),
        [vec![op::PUSH0, op::MSTORE, op::RETURNDATASIZE, op::PUSH0], push(32_u64), vec![op::RETURNDATACOPY]].concat(),
        [push(32_u64), vec![op::RETURNDATASIZE, op::ADD, op::PUSH0, op::RETURN]].concat(),
    ]
    .concat()
}

fn word(number: u64) -> Vec<u8> {
    [&[0_u8; 24][..], &number.to_be_bytes()].concat()
}

/// Input of MODEXP: three lengths, then numbers made of one byte.
fn modexp(base: usize, exponent: usize, modulus: usize) -> Vec<u8> {
    let lengths = [base, exponent, modulus].map(|length| word(length as u64)).concat();
    [lengths, vec![3; base], vec![0x81; exponent], vec![0xf1; modulus]].concat()
}

/// Address, a name for the input, the input, and whether the precompile accepts it.
fn cases() -> Vec<(u64, &'static str, Vec<u8>, bool)> {
    let signed = hex!(
        "456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3000000000000000000000000000000000000000000000000000000000000001c9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac80388256084f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada"
    );
    let p256 = hex!(
        "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4da73bd4903f0ce3b639bbbf6e8e80d16931ff4bcf5993d58468e8fb19086e8cac36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d604aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff37618b065f9832de4ca6ca971a7a1adc826d0f7c00181a5fb2ddf79ae00b4e10e"
    );
    let generator = [word(1), word(2)].concat();
    let infinity_48 = [vec![0xc0], vec![0; 47]].concat();
    let kzg = [ZERO_POLYNOMIAL.to_vec(), vec![0; 64], infinity_48.clone(), infinity_48].concat();
    let mut blake = vec![0_u8; 213];
    blake[3] = 12;
    blake[212] = 1;
    let mut blake_bad = blake.clone();
    blake_bad[212] = 2;
    vec![
        (1, "a signature", signed.to_vec(), true),
        (1, "no signature", vec![0; 128], true),
        (2, "a text", b"spillway".to_vec(), true),
        (3, "a text", b"spillway".to_vec(), true),
        (4, "a text", b"spillway".to_vec(), true),
        (5, "nothing", vec![], true),
        (5, "small numbers", modexp(1, 1, 1), true),
        (5, "32 bytes each", modexp(32, 32, 32), true),
        (5, "a long base", modexp(200, 3, 40), true),
        (5, "a long exponent", modexp(16, 300, 64), true),
        (5, "a modulus that is not there", modexp(8, 8, 0), true),
        (5, "a length beyond 1024", [word(1_025), word(1), word(1)].concat(), false),
        (6, "twice the generator", [generator.clone(), generator.clone()].concat(), true),
        (6, "nothing", vec![], true),
        (6, "no point", vec![1; 128], false),
        (7, "the generator times nine", [generator.clone(), word(9)].concat(), true),
        (7, "no point", vec![1; 96], false),
        (8, "no pair", vec![], true),
        (8, "half a pair", vec![0; 96], false),
        (8, "a pair at infinity", vec![0; 192], true),
        (9, "twelve rounds", blake.clone(), true),
        (9, "a final flag of two", blake_bad, false),
        (9, "too short", vec![0; 212], false),
        (10, "the polynomial zero", kzg, true),
        (10, "zeros", vec![0; 192], false),
        (11, "infinity and infinity", vec![0; 256], true),
        (11, "no point", vec![1; 256], false),
        (12, "infinity times zero", vec![0; 160], true),
        (12, "three of them", vec![0; 480], true),
        (13, "infinity and infinity", vec![0; 512], true),
        (14, "infinity times zero", vec![0; 288], true),
        (15, "a pair at infinity", vec![0; 384], true),
        (15, "half a pair", vec![0; 200], false),
        (16, "zero", vec![0; 64], true),
        (16, "too short", vec![0; 63], false),
        (17, "zero", vec![0; 128], true),
        (0x100, "a signature", p256.to_vec(), true),
        (0x100, "zeros", vec![0; 160], true),
        (0x100, "too short", vec![0; 159], true),
    ]
}

/// The versioned hash of the commitment to the polynomial zero: SHA-256 of the point at infinity, its first byte replaced by 1.
const ZERO_POLYNOMIAL: [u8; 32] = hex!("010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014");

#[test]
fn precompiles_agree_on_good_and_bad_input() {
    let mut pair = Pair::start();
    let at = pair.deploys("the forwarder", deployer(&forwarder()));
    for (number, name, input, accepted) in cases() {
        let address = Address::from_word(word(number).as_slice().try_into().expect("a word"));
        let name = format!("precompile {number:#x}: {name}");
        let outcome = pair.succeeds(&name, Tx::call(at, [address.into_word().to_vec(), input].concat()));
        let answer = outcome.answer.expect("the forwarder returns");
        assert_eq!(answer[31] == 1, accepted, "{name}: {answer}");
    }
}
