//! One scene for every pair of decimals: what a person does with a vault and what befalls it is the same whatever the tokens count in.

use crate::scene::n;
use alloy_primitives::{Address, U256};
use interface::{IAuction, ILens, IVault};
use support::{
    NativeWorld, System, TokenKind, WasmWorld, World,
    actors::{ALICE, BUYER, KEEPER, OWNER, RIVAL},
    doubles::ITestToken,
    system::{Coins, RAY, USD, WETH},
};

const FIRST: U256 = U256::ONE;

/// The scene, and what its tokens count in.
struct Stage {
    system: System,
    coins: Coins,
}

impl Stage {
    fn new(mut world: Box<dyn World>, debt_decimals: u8, weth_decimals: u8) -> Self {
        let coins = Coins { debt: TokenKind::Honest, debt_decimals, weth_decimals };
        let at = System::set_up_with(world.as_mut(), &coins);
        Self { system: System::with(world, at), coins }
    }

    fn usd(&self, dollars: u128) -> U256 {
        self.coins.usd(dollars * USD)
    }

    fn weth(&self, whole: u128) -> U256 {
        self.coins.weth(whole * WETH)
    }

    /// What a price in whole dollars a weth is in base units, as a ray.
    fn price(&self, dollars: u128) -> U256 {
        self.usd(1) * n(dollars) * U256::from(RAY) / self.weth(1)
    }

    fn sale(&self, auction_id: U256) -> IAuction::Sale {
        self.system.ask(self.system.at.auction, &IAuction::saleCall { auctionId: auction_id })
    }

    fn held(&self) -> U256 {
        let at = self.system.at;
        self.system.ask(at.vault, &IVault::collateralOfCall { vaultId: FIRST, collateral: at.weth.token })
    }

    fn debt(&self) -> U256 {
        self.system.ask(self.system.at.vault, &IVault::debtOfCall { vaultId: FIRST })
    }

    /// That the books add up, and that the tokens are there.
    #[track_caller]
    fn require_balance(&self) {
        let (at, books) = (self.system.at, self.system.books());
        let (have, owe) = (books.cashRaw + books.debtRaw + books.onAuctionRaw, books.fundedRaw + books.surplusRaw);
        assert_eq!(have + books.badDebtRaw, owe, "{books:?}");
        assert_eq!(self.system.balance(at.usd.token, at.vault), books.cashRaw);
        let total = self.system.ask(at.vault, &IVault::collateralCall { token: at.weth.token }).totalRaw;
        assert_eq!(self.system.balance(at.weth.token, at.vault), total);
    }

    /// Liquidates as the lens has told; answers the sale.
    #[track_caller]
    fn liquidate(&mut self) -> (U256, IAuction::Sale) {
        let (at, system) = (self.system.at, &mut self.system);
        let preview = ILens::previewLiquidationCall { vaultId: FIRST, collateral: at.weth.token };
        let told = system.ask(at.lens, &preview);
        let purse = system.balance(at.usd.token, KEEPER);
        let call = IAuction::liquidateCall { vaultId: FIRST, collateral: at.weth.token, keeper: KEEPER };
        let auction_id = system.must(KEEPER, at.auction, &call);
        assert_eq!(system.balance(at.usd.token, KEEPER) - purse, told.rewardRaw);
        let sold = self.sale(auction_id);
        assert_eq!((sold.lotRaw, sold.debtRaw, sold.dueRaw), (told.lotRaw, told.debtRaw, told.dueRaw));
        // A tenth of the debt on top, rounded up; and a lot that is worth that, rounded down.
        assert_eq!(sold.dueRaw - sold.debtRaw, sold.debtRaw.div_ceil(n(10)));
        assert_eq!(sold.lotRaw, sold.dueRaw * U256::from(RAY) / told.priceRay);
        self.require_balance();
        (auction_id, sold)
    }
}

/// What can be withdrawn and borrowed is told and given to the unit.
fn owe(stage: &mut Stage) {
    let at = stage.system.at;
    let (all, spare, debt) = (stage.weth(901), stage.weth(1), stage.usd(1_260_000));
    let system = &mut stage.system;
    system.must(ALICE, at.vault, &IVault::openCall {});
    system.must(ALICE, at.vault, &IVault::depositCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: all });
    let withdraw = |amount_raw| IVault::withdrawCall {
        vaultId: FIRST,
        collateral: at.weth.token,
        amountRaw: amount_raw,
        to: ALICE,
    };
    system.must(ALICE, at.vault, &withdraw(spare));
    let borrow = |amount_raw| IVault::borrowCall { vaultId: FIRST, amountRaw: amount_raw, to: ALICE };
    let most = system.ask(at.lens, &ILens::borrowableCall { vaultId: FIRST });
    assert_eq!(most, stage.usd(1_350_000), "75% of 900 at 2,000");
    let system = &mut stage.system;
    assert!(system.send(ALICE, at.vault, &borrow(most + U256::ONE)).is_err());
    system.must(ALICE, at.vault, &borrow(debt));
    // 60 of 900 are not needed.
    let most = system.ask(at.lens, &ILens::withdrawableCall { vaultId: FIRST, collateral: at.weth.token });
    assert_eq!(most, stage.weth(60));
    let system = &mut stage.system;
    assert!(system.send(ALICE, at.vault, &withdraw(most + U256::ONE)).is_err());
    system.must(ALICE, at.vault, &withdraw(most));
    let back = IVault::depositCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: most };
    system.must(ALICE, at.vault, &back);
    stage.require_balance();
}

/// A part is sold, the rest goes stale, begins again and is cured.
fn fall_and_be_cured(stage: &mut Stage) {
    let at = stage.system.at;
    stage.system.set_price(at.weth, 1_700);
    let (auction_id, sold) = stage.liquidate();
    assert_eq!(sold.topRay, stage.price(2_040));
    let (part, left) = (stage.weth(100), stage.debt());
    let take = IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: part,
        maxPriceRay: U256::MAX,
        recipient: BUYER,
        data: Vec::new().into(),
    };
    let taken = stage.system.must(BUYER, at.auction, &take);
    assert_eq!((taken.sliceRaw, taken.owedRaw), (part, stage.usd(204_000)));
    stage.require_balance();

    stage.system.wait(2_401);
    stage.system.refresh_prices();
    let restart = IAuction::restartCall { auctionId: auction_id, keeper: KEEPER };
    stage.system.must(KEEPER, at.auction, &restart);
    assert_eq!(stage.sale(auction_id).restarts, U256::ONE);
    let quote = IAuction::quoteCall { auctionId: auction_id, maxLotRaw: part };
    assert_eq!(stage.system.ask(at.auction, &quote).owedRaw, stage.usd(204_000));

    // The debt that is left, and the penalty on what was paid of it.
    let cost = stage.system.ask(at.auction, &IAuction::cureCostCall { auctionId: auction_id });
    let penalty = sold.dueRaw - sold.debtRaw;
    let accrued = (penalty * stage.usd(204_000)).div_ceil(sold.debtRaw);
    assert_eq!(cost, sold.debtRaw - stage.usd(204_000) + accrued);
    let cure = IAuction::cureCall { auctionId: auction_id, maxPayRaw: cost };
    assert_eq!(stage.system.must(BUYER, at.auction, &cure), cost);
    assert_eq!((stage.held(), stage.debt()), (stage.weth(800), left));
    stage.require_balance();
}

/// Two bid for a lot; one is paid back, the other gets it.
fn fall_and_be_bid_for(stage: &mut Stage) {
    let at = stage.system.at;
    let terms = IAuction::Terms {
        curve: n(4),
        cutRay: U256::from(RAY / 100 * 105),
        stepSecs: n(600),
        bufferBps: U256::ZERO,
        tailSecs: n(3_600),
        cuspBps: U256::ZERO,
        floorBps: n(8_000),
        ..stage.coins.terms()
    };
    let set = IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms };
    stage.system.must(OWNER, at.auction, &set);
    stage.system.set_price(at.weth, 1_000);
    let (auction_id, sold) = stage.liquidate();
    assert_eq!(sold.floorRay, stage.price(800));
    let mut leading = U256::ZERO;
    for bidder in [BUYER, RIVAL] {
        let approve = ITestToken::approveCall { spender: at.auction, amountRaw: U256::MAX };
        stage.system.must(bidder, at.usd.token, &approve);
        let quote = IAuction::quoteCall { auctionId: auction_id, maxLotRaw: U256::MAX };
        let told = stage.system.ask(at.auction, &quote);
        let purse = stage.system.balance(at.usd.token, bidder);
        let bid =
            stage.system.must(bidder, at.auction, &IAuction::bidCall { auctionId: auction_id, bidRay: told.priceRay });
        assert_eq!((bid.sliceRaw, bid.owedRaw), (told.sliceRaw, told.owedRaw));
        assert_eq!(purse - stage.system.balance(at.usd.token, bidder), bid.owedRaw);
        assert!(bid.owedRaw > leading, "{} after {leading}", bid.owedRaw);
        leading = bid.owedRaw;
    }
    let refund = stage.system.ask(at.auction, &IAuction::refundOfCall { bidder: BUYER });
    let paid = stage.system.must(BUYER, at.auction, &IAuction::withdrawRefundCall { to: BUYER });
    assert_eq!(paid, refund);
    stage.system.wait(3_600);
    let before = stage.system.balance(at.weth.token, RIVAL);
    stage.system.must(KEEPER, at.auction, &IAuction::settleCall { auctionId: auction_id });
    assert_eq!(
        stage.system.balance(at.weth.token, RIVAL) - before,
        sold.lotRaw,
        "less than what is due buys all of it"
    );
    assert_eq!(stage.system.balance(at.usd.token, at.auction), U256::ZERO);
    stage.require_balance();
}

/// What is left can be repaid and taken home.
fn leave(stage: &mut Stage) {
    let at = stage.system.at;
    stage.system.must(BUYER, at.vault, &IVault::repayCall { vaultId: FIRST, amountRaw: U256::MAX });
    let left = stage.held();
    let all = IVault::withdrawCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: left, to: ALICE };
    stage.system.must(ALICE, at.vault, &all);
    let held_by = |holder: Address| stage.system.balance(at.weth.token, holder);
    assert_eq!(held_by(ALICE) + held_by(BUYER) + held_by(RIVAL), stage.weth(1_000));
    assert_eq!(stage.debt(), U256::ZERO);
    stage.require_balance();
}

fn play(world: Box<dyn World>, debt_decimals: u8, weth_decimals: u8) {
    let mut stage = Stage::new(world, debt_decimals, weth_decimals);
    owe(&mut stage);
    fall_and_be_cured(&mut stage);
    fall_and_be_bid_for(&mut stage);
    leave(&mut stage);
}

/// A debt asset of 0, 6 and 18 decimals, with a collateral of 0, 8, 18 and 24.
#[test]
fn debt_and_collateral_of_any_decimals_go_through_everything() {
    for debt_decimals in [0, 6, 18] {
        for weth_decimals in [0, 8, 18, 24] {
            play(Box::new(NativeWorld::default()), debt_decimals, weth_decimals);
        }
    }
}

/// The two pairs that are farthest apart, as deployed.
#[test]
fn decimals_far_apart_go_through_everything_on_the_wasm() {
    play(Box::new(WasmWorld::default()), 0, 24);
    play(Box::new(WasmWorld::default()), 18, 0);
}
