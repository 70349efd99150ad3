//! Vaults of as many collaterals as there may be: what is on sale keeps its place, and comes back to it.

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
        a_lot_on_sale_keeps_its_place,
        all_lots_of_a_full_vault_may_come_back,
    }
    native {}
}

const FIRST: U256 = U256::ONE;
/// How many collaterals a vault can hold.
const PLACES: usize = 8;

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

fn a_lot_on_sale_keeps_its_place(system: &mut System) {
    let at = system.at;
    let assets = listed(system, 9);
    fallen(system, &assets);
    let auction_id = sell(system, assets[3]);
    assert_eq!(held(system), 7);
    let ninth = IVault::depositCall { vaultId: FIRST, collateral: assets[8].token, amountRaw: U256::ONE };
    let refusal = IVault::TooManyCollaterals { vaultId: FIRST, maxCollaterals: U256::from(PLACES) };
    system.refused(ALICE, at.vault, &ninth, &refusal);
    // More of what is there has its place.
    deposit(system, assets[0]);
    cure(system, auction_id);
    assert_eq!(held(system), PLACES);
    let lot = IVault::collateralOfCall { vaultId: FIRST, collateral: assets[3].token };
    assert_eq!(system.ask(at.vault, &lot), ten_of(system, assets[3]));
    system.refused(ALICE, at.vault, &ninth, &refusal);
    // What is sold out gives its place away.
    let auction_id = sell(system, assets[3]);
    let purse = ITestToken::mintCall { to: BUYER, amountRaw: U256::from(10_000 * USD) };
    system.must(OPERATOR, at.usd.token, &purse);
    // At less than the oracle's price all of the lot goes.
    system.wait(600);
    let take = IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: U256::MAX,
        maxPriceRay: U256::MAX,
        recipient: BUYER,
        data: Default::default(),
    };
    system.must(BUYER, at.auction, &take);
    assert_eq!(held(system), 7);
    system.must(ALICE, at.vault, &ninth);
    assert_eq!(held(system), PLACES);
}

fn all_lots_of_a_full_vault_may_come_back(system: &mut System) {
    let at = system.at;
    let assets = listed(system, PLACES);
    fallen(system, &assets);
    // All but the last, of which the sale would be of all debt.
    let auctions: Vec<U256> = assets[..PLACES - 1].iter().map(|asset| sell(system, *asset)).collect();
    assert_eq!(held(system), 1);
    for auction_id in auctions {
        cure(system, auction_id);
    }
    assert_eq!(held(system), PLACES);

    // Priced in one call, by the vault contract and by the lens; 7,000 of the debt were sold and paid.
    let account = system.ask(at.vault, &IVault::accountCall { vaultId: FIRST });
    assert_eq!(account.debtRaw, U256::from(33_000 * USD));
    assert_eq!(account.thresholdValueWad, U256::from((7 * 750 + 800) * WAD));
    let shown = system.ask(at.lens, &ILens::positionCall { vaultId: FIRST });
    assert_eq!((shown.holdings.len(), shown.healthWad), (PLACES, account.healthWad));

    // And all of it can leave when the debt is paid.
    system.must(ALICE, at.vault, &IVault::repayCall { vaultId: FIRST, amountRaw: U256::MAX });
    for asset in &assets {
        let amount_raw = ten_of(system, *asset);
        let call = IVault::withdrawCall { vaultId: FIRST, collateral: asset.token, amountRaw: amount_raw, to: ALICE };
        system.must(ALICE, at.vault, &call);
    }
    assert_eq!(held(system), 0);
}
