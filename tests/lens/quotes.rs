//! Quotes equal execution, for vaults nobody chose.

use alloy_primitives::U256;
use interface::{IAuction, ILens, IVault};
use proptest::{prelude::*, test_runner::RngSeed};
use support::{
    System,
    actors::{ALICE, KEEPER, OWNER},
    system::{FEED_DOLLAR, USD, WAD, WBTC, WETH, flat_rate},
};

fn vaults() -> impl Strategy<Value = (u128, u128, u64, i128, i128, u64)> {
    // Amounts of both collaterals, the share of what may be borrowed that is, what the prices become, and how long it takes.
    (
        1..40 * WETH,
        0..WBTC,
        1_u64..=10_000,
        500..2_200 * FEED_DOLLAR,
        10_000 * FEED_DOLLAR..45_000 * FEED_DOLLAR,
        0_u64..80_000,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn limits_and_previews_are_what_transactions_find((weth, wbtc, share, weth_price, wbtc_price, secs) in vaults()) {
        let mut system = System::native();
        let at = system.at;
        system.must(OWNER, at.vault, &flat_rate(991));
        system.open_vault(ALICE, &[(at.weth, weth), (at.wbtc, wbtc + 1)]);
        let one = U256::ONE;
        let borrow = |amount_raw| IVault::borrowCall { vaultId: one, amountRaw: amount_raw, to: ALICE };
        let borrowable = ILens::borrowableCall { vaultId: one };
        let most_raw = system.ask(at.lens, &borrowable) * U256::from(share) / U256::from(10_000);
        if most_raw < U256::from(100 * USD) {
            return Ok(());
        }
        system.must(ALICE, at.vault, &borrow(most_raw));
        system.wait(secs);
        system.refresh_prices();
        system.set_answer(at.weth, weth_price);
        system.set_answer(at.wbtc, wbtc_price);

        // Each limit is refused one unit above, and taken exactly.
        let most_raw = system.ask(at.lens, &borrowable);
        prop_assert!(system.send(ALICE, at.vault, &borrow(most_raw + one)).is_err());
        for asset in [at.weth, at.wbtc] {
            let withdrawable = ILens::withdrawableCall { vaultId: one, collateral: asset.token };
            let most_raw = system.ask(at.lens, &withdrawable);
            let take = |amount_raw| IVault::withdrawCall { vaultId: one, collateral: asset.token, amountRaw: amount_raw, to: ALICE };
            prop_assert!(system.send(ALICE, at.vault, &take(most_raw + one)).is_err());
            let part_raw = most_raw / U256::from(3);
            if !part_raw.is_zero() {
                system.must(ALICE, at.vault, &take(part_raw));
                prop_assert_eq!(system.ask(at.lens, &withdrawable), most_raw - part_raw);
            }
        }
        let most_raw = system.ask(at.lens, &borrowable);
        if !most_raw.is_zero() {
            system.must(ALICE, at.vault, &borrow(most_raw));
        }

        // A position says what the vault says, and what it takes to be unsafe.
        let shown = system.ask(at.lens, &ILens::positionCall { vaultId: one });
        let account = system.ask(at.vault, &IVault::accountCall { vaultId: one });
        prop_assert_eq!((shown.healthWad, shown.debtRaw), (account.healthWad, account.debtRaw));
        let is_unsafe = account.healthWad < U256::from(WAD);
        for held in &shown.holdings {
            prop_assert_eq!(held.priceWad <= held.liquidationPriceWad, is_unsafe);
        }
        prop_assert_eq!(shown.unsafeAtSecs, if is_unsafe { system.now() } else { U256::MAX });

        // A liquidation is what was told, or is refused as it was told.
        for asset in [at.weth, at.wbtc] {
            let told = system.try_ask(at.lens, &ILens::previewLiquidationCall { vaultId: one, collateral: asset.token });
            let call = IAuction::liquidateCall { vaultId: one, collateral: asset.token, keeper: KEEPER };
            let keeper_before = system.balance(at.usd.token, KEEPER);
            match system.send(KEEPER, at.auction, &call) {
                Ok(auction_id) => {
                    let sale = system.ask(at.auction, &IAuction::saleCall { auctionId: auction_id });
                    let told = told.expect("a preview is not refused where the liquidation is not");
                    prop_assert_eq!((sale.lotRaw, sale.debtRaw, sale.dueRaw), (told.lotRaw, told.debtRaw, told.dueRaw));
                    prop_assert_eq!(system.balance(at.usd.token, KEEPER) - keeper_before, told.rewardRaw);
                }
                Err(refusal) => prop_assert_eq!(told.expect_err("a preview is refused where the liquidation is"), refusal),
            }
        }
    }
}
