//! A Solidity contract that knows the pool only as OpenZeppelin's IERC4626 and IERC20, on the WASM.

use crate::scene::{LOW_INTEREST, balance, empty, lend_on, number, set_interest};
use alloy_primitives::{U256, address};
use alloy_sol_types::sol;
use support::{
    System, WasmWorld,
    actors::{LENDER, OPERATOR, RIVAL, STRANGER},
    doubles::ITestToken,
    system::USD,
};

sol! {
    /// `Saver.sol`.
    interface ISaver {
        function save(address vault, uint256 assets) external returns (uint256 shares);
        function leave(address vault, uint256 shares, address to) external returns (uint256 assets);
        function handOver(address vault, uint256 shares, address to) external;
        function worth(address vault, address saver) external view returns (uint256 assets);
        function sharesOf(address vault, address saver) external view returns (uint256 shares);
    }
}

#[test]
fn a_solidity_contract_saves_and_leaves_through_the_standard_alone() {
    let mut world = WasmWorld::default();
    let saver = world.deploy_solidity(OPERATOR, "Saver", "Saver", &[]);
    let mut system = System::set_up(Box::new(world));
    empty(&mut system);
    let at = system.at;
    assert_ne!(saver, address!("0000000000000000000000000000000000000000"));
    set_interest(&mut system, LOW_INTEREST);
    system.must(LENDER, at.usd.token, &ITestToken::approveCall { spender: saver, amountRaw: U256::MAX });

    let assets = number(1_000_000 * USD);
    let shares = system.must(LENDER, saver, &ISaver::saveCall { vault: at.pool, assets });
    assert_eq!(shares, assets * number(1_000_000));
    assert_eq!((balance(&system, saver), system.balance(at.usd.token, saver)), (shares, U256::ZERO));

    lend_on(&mut system, 500_000 * USD);
    system.wait(1_000);
    let ask = ISaver::worthCall { vault: at.pool, saver: LENDER };
    let worth = system.ask(saver, &ask);
    assert!(worth > assets, "it has earned");

    let handed = shares / number(4);
    system.must(LENDER, saver, &ISaver::handOverCall { vault: at.pool, shares: handed, to: RIVAL });
    assert_eq!(balance(&system, RIVAL), handed);
    let half = shares / number(2);
    let left = ISaver::leaveCall { vault: at.pool, shares: half, to: STRANGER };
    let got = system.must(LENDER, saver, &left);
    assert_eq!(system.balance(at.usd.token, STRANGER), got);
    assert!(got >= worth / number(2) && got <= worth / number(2) + U256::ONE);
    let rest = system.ask(saver, &ISaver::sharesOfCall { vault: at.pool, saver: LENDER });
    assert_eq!(rest, shares - handed - half);
    assert_eq!(balance(&system, saver), rest);
}
