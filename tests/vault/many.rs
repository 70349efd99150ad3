//! Vaults that hold more collaterals than anyone can deposit: lots come back to vaults that have filled their places meanwhile.

use alloy_primitives::U256;
use interface::{IAuction, ILens, IOracle, IVault};
use support::{
    System, TokenKind,
    actors::{ALICE, BUYER, KEEPER, OPERATOR, OWNER},
    doubles::ITestToken,
    system::{Asset, HEARTBEAT_SECS, USD, WAD, WBTC, WETH, usual_terms},
};

support::scenarios! {
    both {
        a_cure_may_give_a_vault_its_ninth_collateral,
        a_vault_may_come_to_hold_every_collateral_there_is,
    }
    native {}
}

const FIRST: U256 = U256::ONE;
/// How many collaterals one can deposit into a vault, and how many there can be.
const PLACES: usize = 8;
const ALL: usize = 32;

/// Ten whole tokens of it.
fn ten_of(system: &System, asset: Asset) -> U256 {
    U256::from(10) * U256::from(if asset == system.at.wbtc { WBTC } else { WETH })
}

/// As many collaterals as asked for, the two of the scene among them, each at a thousand dollars, with an LTV of 50%.
fn listed(system: &mut System, count: usize) -> Vec<Asset> {
    let at = system.at;
    let mut assets = vec![at.weth, at.wbtc];
    while assets.len() < count {
        let token = system.world.deploy_token(TokenKind::Honest, 18);
        assets.push(Asset { name: "another", token, feed: system.world.deploy_feed(8) });
    }
    for asset in &assets {
        system.set_price(*asset, 1_000);
        let heartbeat = U256::from(HEARTBEAT_SECS);
        let feed = IOracle::setFeedCall { asset: asset.token, aggregator: asset.feed, heartbeatSecs: heartbeat };
        system.must(OWNER, at.oracle, &feed);
        let list = IVault::setCollateralCall {
            token: asset.token,
            ltvBps: U256::from(5_000),
            thresholdBps: if asset == &at.weth { U256::from(8_000) } else { U256::from(7_500) },
            penaltyBps: U256::from(1_000),
            capRaw: U256::from(1_000 * WETH),
        };
        system.must(OWNER, at.vault, &list);
        let terms = IAuction::setTermsCall { collateral: asset.token, newTerms: usual_terms() };
        system.must(OWNER, at.auction, &terms);
        let mint = ITestToken::mintCall { to: ALICE, amountRaw: U256::from(100 * WETH) };
        system.must(OPERATOR, asset.token, &mint);
        system.must(ALICE, asset.token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
    }
    assets
}

fn deposit(system: &mut System, asset: Asset) {
    let amount_raw = ten_of(system, asset);
    let call = IVault::depositCall { vaultId: FIRST, collateral: asset.token, amountRaw: amount_raw };
    system.must(ALICE, system.at.vault, &call);
}

/// A vault with ten of each of the first eight that owes 40,000, when each of them has fallen to a hundred dollars.
fn fallen(system: &mut System, assets: &[Asset]) {
    system.must(ALICE, system.at.vault, &IVault::openCall {});
    for asset in &assets[..PLACES] {
        deposit(system, *asset);
    }
    let borrow = IVault::borrowCall { vaultId: FIRST, amountRaw: U256::from(40_000 * USD), to: ALICE };
    system.must(ALICE, system.at.vault, &borrow);
    for asset in assets {
        system.set_price(*asset, 100);
    }
}

/// Puts all that the vault has of a collateral on sale, for the thousand dollars of debt it covers; as the lens has told.
fn sell(system: &mut System, asset: Asset) -> U256 {
    let at = system.at;
    let told = system.ask(at.lens, &ILens::previewLiquidationCall { vaultId: FIRST, collateral: asset.token });
    assert_eq!((told.lotRaw, told.debtRaw), (ten_of(system, asset), U256::from(1_000 * USD)));
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: asset.token, keeper: KEEPER };
    let auction_id = system.must(KEEPER, at.auction, &call);
    let sold = system.ask(at.auction, &IAuction::saleCall { auctionId: auction_id });
    assert_eq!((sold.lotRaw, sold.debtRaw), (told.lotRaw, told.debtRaw));
    auction_id
}

fn cure(system: &mut System, auction_id: U256) {
    let call = IAuction::cureCall { auctionId: auction_id, maxPayRaw: U256::MAX };
    system.must(BUYER, system.at.auction, &call);
}

fn held(system: &System) -> usize {
    system.ask(system.at.vault, &IVault::collateralsOfCall { vaultId: FIRST }).len()
}

fn a_cure_may_give_a_vault_its_ninth_collateral(system: &mut System) {
    let at = system.at;
    let assets = listed(system, 10);
    fallen(system, &assets);
    let auction_id = sell(system, assets[3]);
    assert_eq!(held(system), 7);
    deposit(system, assets[8]);
    cure(system, auction_id);
    assert_eq!(held(system), 9);
    let lot = IVault::collateralOfCall { vaultId: FIRST, collateral: assets[3].token };
    assert_eq!(system.ask(at.vault, &lot), ten_of(system, assets[3]));
    // A tenth has no place, more of any of the nine has.
    let tenth = IVault::depositCall { vaultId: FIRST, collateral: assets[9].token, amountRaw: U256::ONE };
    let refusal = IVault::TooManyCollaterals { vaultId: FIRST, maxCollaterals: U256::from(PLACES) };
    system.refused(ALICE, at.vault, &tenth, &refusal);
    for asset in &assets[..9] {
        deposit(system, *asset);
    }
    // All nine carry: eight at 75%, the weth at 80%, twice a thousand dollars of each.
    let account = system.ask(at.vault, &IVault::accountCall { vaultId: FIRST });
    assert_eq!(account.thresholdValueWad, U256::from((8 * 1_500 + 1_600) * WAD));
    assert_eq!(system.ask(at.lens, &ILens::positionCall { vaultId: FIRST }).holdings.len(), 9);
}

fn a_vault_may_come_to_hold_every_collateral_there_is(system: &mut System) {
    let at = system.at;
    let assets = listed(system, ALL);
    fallen(system, &assets);
    // The place of each that is sold goes to one that is not there yet.
    let mut auctions = Vec::new();
    for (sold, next) in assets.iter().zip(&assets[PLACES..]) {
        auctions.push(sell(system, *sold));
        deposit(system, *next);
        assert_eq!(held(system), PLACES);
    }
    for auction_id in auctions {
        cure(system, auction_id);
    }
    assert_eq!(held(system), ALL);

    // Priced in one call, by the vault contract and by the lens; 24,000 of the debt were sold and paid.
    let account = system.ask(at.vault, &IVault::accountCall { vaultId: FIRST });
    assert_eq!(account.debtRaw, U256::from(16_000 * USD));
    assert_eq!(account.thresholdValueWad, U256::from((31 * 750 + 800) * WAD));
    let shown = system.ask(at.lens, &ILens::positionCall { vaultId: FIRST });
    assert_eq!((shown.holdings.len(), shown.healthWad), (ALL, account.healthWad));
    system.set_price(assets[0], 80);
    for asset in &assets[1..] {
        system.set_price(*asset, 60);
    }
    let told = system.ask(at.lens, &ILens::previewLiquidationCall { vaultId: FIRST, collateral: assets[0].token });
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: assets[0].token, keeper: KEEPER };
    let auction_id = system.must(KEEPER, at.auction, &call);
    let sold = system.ask(at.auction, &IAuction::saleCall { auctionId: auction_id });
    assert_eq!((sold.lotRaw, sold.debtRaw), (told.lotRaw, told.debtRaw));
    cure(system, auction_id);

    // And all of it can leave: one against the debt, the others after it.
    for asset in &assets {
        system.set_price(*asset, 1_000);
    }
    let withdraw = |asset: Asset, amount_raw| IVault::withdrawCall {
        vaultId: FIRST,
        collateral: asset.token,
        amountRaw: amount_raw,
        to: ALICE,
    };
    let last = assets[ALL - 1];
    let amount_raw = ten_of(system, last);
    system.must(ALICE, at.vault, &withdraw(last, amount_raw));
    system.must(ALICE, at.vault, &IVault::repayCall { vaultId: FIRST, amountRaw: U256::MAX });
    for asset in &assets[..ALL - 1] {
        let amount_raw = ten_of(system, *asset);
        system.must(ALICE, at.vault, &withdraw(*asset, amount_raw));
    }
    assert_eq!(held(system), 0);
}
