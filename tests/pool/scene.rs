//! An empty pool without a cap, lenders with means, and what happens to what they lent.

use alloy_primitives::{Address, U256, U512};
use alloy_sol_types::{SolCall, SolValue};
use interface::{IPool, IReserve, IVault};
use support::{
    Contract, System, TokenKind, World,
    actors::{ALICE, BOB, BUYER, LENDER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{Addresses, Asset, USD, WETH, constructor},
};

/// Who lends.
pub(crate) const LENDERS: [Address; 3] = [LENDER, RIVAL, BUYER];

/// A number of the ABI.
pub(crate) fn number(value: u128) -> U256 {
    U256::from(value)
}

/// Lets all lenders leave, takes the cap away, and lets lenders pay.
pub(crate) fn empty(system: &mut System) {
    let at = system.at;
    let shares = balance(system, LENDER);
    if !shares.is_zero() {
        system.must(LENDER, at.pool, &IPool::redeemCall { shares, receiver: LENDER, owner: LENDER });
    }
    assert_eq!((total_assets(system), supply(system)), (U256::ZERO, U256::ZERO), "nobody else has lent");
    system.must(OWNER, at.pool, &IPool::setDepositCapCall { capRaw: U256::MAX });
    for lender in LENDERS {
        allow(system, at.usd.token, lender, at.pool);
    }
}

/// Lets `spender` take what it wants of a token.
pub(crate) fn allow(system: &mut System, token: Address, holder: Address, spender: Address) {
    let call = ITestToken::approveCall { spender, amountRaw: U256::MAX };
    system.world.execute(holder, token, &call.abi_encode()).expect("a token lets one approve");
}

/// The system with another debt asset: nothing is lent, no collateral is listed, and the lender has 1,000,000 units.
pub(crate) fn with_asset(mut world: Box<dyn World>, kind: TokenKind) -> System {
    let at = System::deploy(world.as_mut());
    let token = world.deploy_token(kind, 18);
    let mut deploy = |contract, arguments: Vec<u8>| {
        world.deploy_contract(contract, &constructor(&arguments)).unwrap_or_else(|refusal| panic!("{refusal:?}"))
    };
    let vault = deploy(Contract::Vault, (OWNER, token, at.oracle).abi_encode_params());
    let auction = deploy(Contract::Auction, (OWNER, vault).abi_encode_params());
    let reserve = deploy(Contract::Reserve, (OWNER, vault).abi_encode_params());
    let pool = deploy(Contract::Pool, (OWNER, vault, reserve).abi_encode_params());
    let at = Addresses { vault, auction, reserve, pool, usd: Asset { token, ..at.usd }, ..at };
    let mut system = System::with(world, at);
    let modules = IVault::setModulesCall { auctionContract: auction, poolContract: pool, reserveContract: reserve };
    system.must(OWNER, vault, &modules);
    system.must(OWNER, pool, &IPool::setDepositCapCall { capRaw: U256::MAX });
    system.must(OPERATOR, token, &ITestToken::mintCall { to: LENDER, amountRaw: number(1_000_000) });
    allow(&mut system, token, LENDER, pool);
    system
}

/// Lends; answers the shares.
#[track_caller]
pub(crate) fn deposit(system: &mut System, lender: Address, assets: u128) -> U256 {
    system.must(lender, system.at.pool, &IPool::depositCall { assets: number(assets), receiver: lender })
}

/// Gives shares up; answers the assets.
#[track_caller]
pub(crate) fn redeem(system: &mut System, lender: Address, shares: U256) -> U256 {
    system.must(lender, system.at.pool, &IPool::redeemCall { shares, receiver: lender, owner: lender })
}

pub(crate) fn balance(system: &System, account: Address) -> U256 {
    system.ask(system.at.pool, &IPool::balanceOfCall { account })
}

pub(crate) fn supply(system: &System) -> U256 {
    system.ask(system.at.pool, &IPool::totalSupplyCall {})
}

pub(crate) fn total_assets(system: &System) -> U256 {
    system.ask(system.at.pool, &IPool::totalAssetsCall {})
}

/// What an account's shares are worth.
pub(crate) fn worth(system: &System, account: Address) -> U256 {
    system.ask(system.at.pool, &IPool::convertToAssetsCall { shares: balance(system, account) })
}

/// Interest of `yearly_bps` a year, a tenth of it the surplus'.
pub(crate) fn set_interest(system: &mut System, yearly_bps: u64) {
    let curve = IVault::RateCurve {
        baseYearlyBps: U256::from(yearly_bps),
        kinkPercent: U256::ONE,
        slope1YearlyBps: U256::ZERO,
        slope2YearlyBps: U256::ZERO,
        reserveBps: number(1_000),
    };
    system.must(OWNER, system.at.vault, &IVault::setRateCurveCall { newCurve: curve });
}

/// About a billionth a second.
pub(crate) const LOW_INTEREST: u64 = 315;
/// A hundred millionth a second: 37% a year.
pub(crate) const HIGH_INTEREST: u64 = 3_154;

/// Lends `debt_raw` on to a vault of Alice's with 1,000 ether; answers its number.
pub(crate) fn lend_on(system: &mut System, debt_raw: u128) -> U256 {
    system.refresh_prices();
    system.open_indebted(ALICE, &[(system.at.weth, 1_000 * WETH)], debt_raw)
}

/// Bob borrows, his collateral loses nearly all its worth, and its sale brings one unit: answers the debt that nobody owes any more, of
/// which the surplus has paid what it could.
pub(crate) fn lose(system: &mut System, debt_raw: u128) -> U256 {
    let at = system.at;
    system.refresh_prices();
    let lot = (debt_raw / (1_000 * USD) + 1) * WETH;
    system.must(OPERATOR, at.weth.token, &ITestToken::mintCall { to: BOB, amountRaw: number(lot) });
    let vault_id = system.open_indebted(BOB, &[(at.weth, lot)], debt_raw);
    system.set_price(at.weth, 100);
    let start = IVault::startLiquidationCall { vaultId: vault_id, collateral: at.weth.token, roomRaw: U256::MAX };
    let sold = system.must(at.auction, at.vault, &start);
    let left = system.ask(at.vault, &IVault::debtOfCall { vaultId: vault_id });
    assert!(sold.debtRaw >= number(debt_raw) && left.is_zero(), "all of it is sold");
    let unpaid = sold.debtRaw - U256::ONE;
    let settle = IVault::settleTakeCall {
        vaultId: vault_id,
        collateral: at.weth.token,
        payer: BUYER,
        principalRaw: U256::ONE,
        penaltyRaw: U256::ZERO,
        returnedLotRaw: U256::ZERO,
        unpaidDebtRaw: unpaid,
        isLast: true,
    };
    system.must(at.auction, at.vault, &settle);
    system.set_price(at.weth, 2_000);
    unpaid
}

/// Waits until all bad debt has waited long enough, and lets it be borne.
pub(crate) fn cover(system: &mut System) {
    let patience_secs = system.ask(system.at.reserve, &IReserve::rulesCall {}).patienceSecs;
    system.wait(patience_secs.to::<u64>());
    system.must(STRANGER, system.at.reserve, &IReserve::coverCall {});
}

/// `floor(a * b / divisor)`, in 512 bits.
pub(crate) fn floor(a: U256, b: U256, divisor: U256) -> U256 {
    U256::from(U512::from(a) * U512::from(b) / U512::from(divisor))
}

/// `ceil(a * b / divisor)`, in 512 bits.
pub(crate) fn ceil(a: U256, b: U256, divisor: U256) -> U256 {
    U256::from((U512::from(a) * U512::from(b)).div_ceil(U512::from(divisor)))
}
