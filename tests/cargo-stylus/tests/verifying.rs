//! `cargo stylus verify`: is what was deployed what this checkout builds?

use spillway_cargo_stylus_tests::{BOB, Chain, Said, init_code};

fn verify(chain: &Chain, contract: &str, transaction: &str) -> Said {
    chain.stylus(&["verify", "--no-verify", "--contract", contract, "--deployment-tx", transaction])
}

#[test]
fn a_deployment_with_constructor_is_verified_and_another_contracts_is_not() {
    let chain = Chain::default();
    let deploy = ["deploy", "--no-verify", "--contract", "spillway-oracle", "--constructor-args", BOB];
    let transaction = chain.signed(&deploy).must_succeed().after("deployment tx hash: ");
    let said = verify(&chain, "spillway-oracle", &transaction).must_succeed();
    assert!(said.text.contains("Verification successful"), "{}", said.text);
    let said = verify(&chain, "spillway-vault", &transaction).must_fail();
    assert!(said.contains("Verification failed: deployed code does not match local build"), "{said}");
}

#[test]
fn a_plain_deployment_is_verified_and_one_that_differs_in_a_byte_is_not() {
    let chain = Chain::default();
    let code = init_code("oracle");
    let hash = |code: &str| chain.send(&["--create", code])["transactionHash"].as_str().expect("a hash").to_owned();
    verify(&chain, "spillway-oracle", &hash(&code)).must_succeed();
    let said = verify(&chain, "spillway-oracle", &hash(&format!("{code}00"))).must_fail();
    assert!(said.contains("Verification failed"), "{said}");
}

#[test]
fn a_transaction_that_is_not_there_is_not_verified() {
    let chain = Chain::default();
    let said = verify(&chain, "spillway-oracle", &format!("0x{}", "12".repeat(32))).must_fail();
    assert!(said.contains("error"), "{said}");
}
