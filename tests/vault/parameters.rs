//! What the owner may set, and its bounds.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use interface::{ILens, IShared, IVault};
use support::{
    System, TokenKind,
    actors::{ALICE, OWNER, STRANGER},
    system::{CEILING_RAW, MIN_DEBT_RAW, USD, WAD, WETH, event, per_second_ray},
};

support::scenarios! {
    both {
        a_lowered_threshold_arrives_by_a_straight_line,
        set_collateral_lists_a_token_with_its_decimals,
    }
    native {
        set_collateral_changes_a_listed_one,
        set_collateral_refuses_numbers_outside_of_their_bounds,
        set_collateral_refuses_a_thirty_third,
        set_collateral_refuses_what_is_no_token,
        set_collateral_refuses_more_decimals_than_the_arithmetic_carries,
        a_raised_threshold_holds_at_once,
        set_threshold_refuses_a_ramp_of_less_than_a_day_or_more_than_a_year,
        set_threshold_refuses_numbers_outside_of_their_bounds,
        set_threshold_refuses_a_token_that_is_not_listed,
        a_ramp_makes_a_vault_unsafe_when_it_crosses_it_and_not_before,
        set_limits_keeps_them_and_says_so,
        set_liquidation_rule_keeps_it_inside_its_bounds,
        set_rate_curve_keeps_it_and_says_so,
        set_rate_curve_refuses_numbers_outside_of_their_bounds,
        set_modules_works_once,
        set_modules_refuses_the_zero_address,
        every_parameter_is_for_the_owner,
    }
}

fn set(token: Address, ltv: u64, threshold: u64, penalty: u64, cap: u128) -> IVault::setCollateralCall {
    IVault::setCollateralCall {
        token,
        ltvBps: U256::from(ltv),
        thresholdBps: U256::from(threshold),
        penaltyBps: U256::from(penalty),
        capRaw: U256::from(cap),
    }
}

fn threshold(token: Address, bps: u64, ramp_secs: u64) -> IVault::setThresholdCall {
    IVault::setThresholdCall { token, thresholdBps: U256::from(bps), rampSecs: U256::from(ramp_secs) }
}

fn out_of_bounds(name: &str, value: U256, min: U256, max: U256) -> IVault::OutOfBounds {
    IVault::OutOfBounds { name: B256::right_padding_from(name.as_bytes()), value, min, max }
}

fn listed(system: &System, token: Address) -> IVault::Collateral {
    system.ask(system.at.vault, &IVault::collateralCall { token })
}

fn set_collateral_lists_a_token_with_its_decimals(system: &mut System) {
    let vault = system.at.vault;
    let token = system.world.deploy_token(TokenKind::Honest, 11);
    system.must(OWNER, vault, &set(token, 5_000, 6_000, 300, 77));
    let (number, now) = (U256::from(6_000), system.now());
    assert_eq!(
        system.events(),
        [
            event(vault, &IVault::ThresholdSet { collateral: token, fromBps: number, toBps: number, rampEndSecs: now }),
            event(
                vault,
                &IVault::CollateralSet {
                    collateral: token,
                    previousLtvBps: U256::ZERO,
                    ltvBps: U256::from(5_000),
                    previousPenaltyBps: U256::ZERO,
                    penaltyBps: U256::from(300),
                    previousCapRaw: U256::ZERO,
                    capRaw: U256::from(77),
                }
            ),
        ]
    );
    let expected = IVault::Collateral {
        ltvBps: U256::from(5_000),
        thresholdBps: number,
        targetThresholdBps: number,
        rampEndSecs: now,
        penaltyBps: U256::from(300),
        decimals: U256::from(11),
        capRaw: U256::from(77),
        totalRaw: U256::ZERO,
    };
    assert_eq!(listed(system, token), expected);
    let all = system.ask(vault, &IVault::collateralsCall {});
    assert_eq!(all, [system.at.weth.token, system.at.wbtc.token, token]);
}

fn set_collateral_changes_a_listed_one(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.open_vault(ALICE, &[(system.at.weth, 5 * WETH)]);
    system.must(OWNER, vault, &set(weth, 100, 8_000, 2_500, 3));
    let said = IVault::CollateralSet {
        collateral: weth,
        previousLtvBps: U256::from(7_500),
        ltvBps: U256::from(100),
        previousPenaltyBps: U256::from(1_000),
        penaltyBps: U256::from(2_500),
        previousCapRaw: U256::from(10_000 * WETH),
        capRaw: U256::from(3),
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    let now = listed(system, weth);
    assert_eq!((now.ltvBps, now.penaltyBps, now.capRaw), (U256::from(100), U256::from(2_500), U256::from(3)));
    // What is held stays held, above the cap too.
    assert_eq!((now.totalRaw, now.thresholdBps), (U256::from(5 * WETH), U256::from(8_000)));
}

fn set_collateral_refuses_numbers_outside_of_their_bounds(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    let new = system.world.deploy_token(TokenKind::Honest, 18);
    let n = |number: u64| U256::from(number);
    let cases = [
        (set(new, 0, 0, 0, 1), out_of_bounds("thresholdBps", n(0), n(1), n(9_800))),
        (set(new, 0, 9_801, 0, 1), out_of_bounds("thresholdBps", n(9_801), n(1), n(9_800))),
        (set(new, 6_000, 6_000, 0, 1), out_of_bounds("ltvBps", n(6_000), n(0), n(5_999))),
        // (1 + penalty) times threshold may be one at most; and never more than 30%.
        (set(new, 0, 8_000, 2_501, 1), out_of_bounds("penaltyBps", n(2_501), n(0), n(2_500))),
        (set(new, 0, 5_000, 3_001, 1), out_of_bounds("penaltyBps", n(3_001), n(0), n(3_000))),
        // A listed one keeps its threshold; that moves by a function of its own.
        (set(weth, 7_000, 7_999, 0, 1), out_of_bounds("thresholdBps", n(7_999), n(8_000), n(8_000))),
        (set(weth, 8_000, 8_000, 0, 1), out_of_bounds("ltvBps", n(8_000), n(0), n(7_999))),
    ];
    for (call, refusal) in cases {
        system.refused(OWNER, vault, &call, &refusal);
    }
}

fn set_collateral_refuses_a_thirty_third(system: &mut System) {
    let vault = system.at.vault;
    for _ in 2..32 {
        let token = system.world.deploy_token(TokenKind::Honest, 18);
        system.must(OWNER, vault, &set(token, 0, 1_000, 0, 1));
    }
    let token = system.world.deploy_token(TokenKind::Honest, 18);
    let refusal = IVault::TooManyListed { maxCollaterals: U256::from(32) };
    system.refused(OWNER, vault, &set(token, 0, 1_000, 0, 1), &refusal);
    system.must(OWNER, vault, &set(system.at.weth.token, 0, 8_000, 0, 1));
}

fn set_collateral_refuses_what_is_no_token(system: &mut System) {
    let nobody = Address::repeat_byte(0x99);
    let refusal = IShared::CallFailed { target: nobody };
    system.refused(OWNER, system.at.vault, &set(nobody, 0, 1_000, 0, 1), &refusal);
}

fn set_collateral_refuses_more_decimals_than_the_arithmetic_carries(system: &mut System) {
    let vault = system.at.vault;
    let token = system.world.deploy_token(TokenKind::Honest, 25);
    let refusal = out_of_bounds("decimals", U256::from(25), U256::ZERO, U256::from(24));
    system.refused(OWNER, vault, &set(token, 0, 1_000, 0, 1), &refusal);
    let token = system.world.deploy_token(TokenKind::Honest, 24);
    system.must(OWNER, vault, &set(token, 0, 1_000, 0, 1));
}

fn a_lowered_threshold_arrives_by_a_straight_line(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    let start = system.now();
    let end = start + U256::from(86_400);
    system.must(OWNER, vault, &threshold(weth, 7_600, 86_400));
    let said = IVault::ThresholdSet {
        collateral: weth,
        fromBps: U256::from(8_000),
        toBps: U256::from(7_600),
        rampEndSecs: end,
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    assert_eq!(listed(system, weth).thresholdBps, U256::from(8_000));
    // 400 bps a day are a basis point every 216 seconds.
    for (secs, bps) in
        [(216, 7_999), (215, 7_998), (1, 7_998), (42_768, 7_800), (43_199, 7_600), (1, 7_600), (9_999, 7_600)]
    {
        system.wait(secs);
        assert_eq!(listed(system, weth).thresholdBps, U256::from(bps), "after {secs} more");
    }
    let now = listed(system, weth);
    assert_eq!((now.targetThresholdBps, now.rampEndSecs), (U256::from(7_600), end));
}

fn a_raised_threshold_holds_at_once(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.must(OWNER, vault, &threshold(weth, 9_000, 0));
    let now = system.now();
    let said = IVault::ThresholdSet {
        collateral: weth,
        fromBps: U256::from(8_000),
        toBps: U256::from(9_000),
        rampEndSecs: now,
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    assert_eq!(listed(system, weth).thresholdBps, U256::from(9_000));
}

fn set_threshold_refuses_a_ramp_of_less_than_a_day_or_more_than_a_year(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    for ramp in [0, 86_399] {
        let refusal = IVault::RampTooShort { rampSecs: U256::from(ramp), minSecs: U256::from(86_400) };
        system.refused(OWNER, vault, &threshold(weth, 7_600, ramp), &refusal);
    }
    let refusal = out_of_bounds("rampSecs", U256::from(31_536_001), U256::from(86_400), U256::from(31_536_000));
    system.refused(OWNER, vault, &threshold(weth, 7_600, 31_536_001), &refusal);
}

fn set_threshold_refuses_numbers_outside_of_their_bounds(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    // Above the LTV, and with a penalty of 10% at most 10,000 / 1.1.
    let (min, max) = (U256::from(7_501), U256::from(9_090));
    for bps in [0, 7_500, 9_091, 20_000] {
        let refusal = out_of_bounds("thresholdBps", U256::from(bps), min, max);
        system.refused(OWNER, vault, &threshold(weth, bps, 86_400), &refusal);
    }
}

fn set_threshold_refuses_a_token_that_is_not_listed(system: &mut System) {
    let usd = system.at.usd.token;
    let refusal = IVault::UnknownCollateral { collateral: usd };
    system.refused(OWNER, system.at.vault, &threshold(usd, 7_600, 86_400), &refusal);
}

fn a_ramp_makes_a_vault_unsafe_when_it_crosses_it_and_not_before(system: &mut System) {
    let at = system.at;
    // 15,600 is 78% of 20,000: unsafe once the threshold is below 78%.
    system.must(OWNER, at.vault, &set(at.weth.token, 7_900, 8_000, 1_000, 10_000 * WETH));
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 15_600 * USD);
    system.must(OWNER, at.vault, &set(at.weth.token, 7_500, 8_000, 1_000, 10_000 * WETH));
    system.must(OWNER, at.vault, &threshold(at.weth.token, 7_600, 86_400));
    let start = IVault::startLiquidationCall { vaultId: U256::from(1), collateral: at.weth.token, roomRaw: U256::MAX };
    // Half way down to 76% it is 78%, for one second.
    system.wait(43_200);
    system.refresh_prices();
    let refusal = IVault::Healthy { vaultId: U256::from(1), healthWad: U256::from(WAD) };
    system.refused(at.auction, at.vault, &start, &refusal);
    system.wait(1);
    system.must(at.auction, at.vault, &start);
}

fn set_limits_keeps_them_and_says_so(system: &mut System) {
    let vault = system.at.vault;
    let (ceiling, minimum) = (U256::from(9 * USD), U256::from(8 * USD));
    system.must(OWNER, vault, &IVault::setLimitsCall { ceilingRaw: ceiling, minDebtRaw: minimum });
    let said = IVault::LimitsSet {
        previousCeilingRaw: U256::from(CEILING_RAW),
        ceilingRaw: ceiling,
        previousMinDebtRaw: U256::from(MIN_DEBT_RAW),
        minDebtRaw: minimum,
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    let borrow = |amount: u128| IVault::borrowCall { vaultId: U256::from(1), amountRaw: U256::from(amount), to: ALICE };
    let refusal = IVault::DebtTooSmall { debtRaw: U256::from(7 * USD), minDebtRaw: minimum };
    system.refused(ALICE, vault, &borrow(7 * USD), &refusal);
    let refusal = IVault::CeilingExceeded { debtRaw: U256::from(10 * USD), ceilingRaw: ceiling };
    system.refused(ALICE, vault, &borrow(10 * USD), &refusal);
    // They are kept beside addresses, in what these leave of a word.
    let most =
        IVault::setLimitsCall { ceilingRaw: (U256::ONE << 96) - U256::ONE, minDebtRaw: (U256::ONE << 88) - U256::ONE };
    for call in [
        IVault::setLimitsCall { ceilingRaw: U256::ONE << 96, ..most.clone() },
        IVault::setLimitsCall { minDebtRaw: U256::ONE << 88, ..most.clone() },
    ] {
        system.refused(OWNER, vault, &call, &IShared::OutOfRange {});
    }
    system.must(OWNER, vault, &most);
    assert_eq!(system.ask(vault, &IVault::debtAssetCall {}), system.at.usd.token);
    assert_eq!(system.ask(vault, &IVault::oracleCall {}), system.at.oracle);
}

fn set_liquidation_rule_keeps_it_inside_its_bounds(system: &mut System) {
    let vault = system.at.vault;
    let rule = |target: U256, share: u64| IVault::setLiquidationRuleCall {
        targetHealthWad: target,
        wholeShareBps: U256::from(share),
    };
    let (least, most) = (U256::from(WAD / 100 * 101), U256::from(WAD / 10 * 15));
    system.must(OWNER, vault, &rule(most, 5_000));
    let said = IVault::LiquidationRuleSet {
        previousTargetHealthWad: U256::from(WAD / 100 * 105),
        targetHealthWad: most,
        previousWholeShareBps: U256::from(7_500),
        wholeShareBps: U256::from(5_000),
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    for target in [least - U256::ONE, most + U256::ONE, U256::MAX] {
        system.refused(OWNER, vault, &rule(target, 5_000), &out_of_bounds("targetHealthWad", target, least, most));
    }
    for share in [4_999, 10_001] {
        let refusal = out_of_bounds("wholeShareBps", U256::from(share), U256::from(5_000), U256::from(10_000));
        system.refused(OWNER, vault, &rule(most, share), &refusal);
    }
}

fn curve(base: u64, kink_percent: u64, slope1: u64, slope2: u64) -> IVault::setRateCurveCall {
    let curve = IVault::RateCurve {
        baseYearlyBps: U256::from(base),
        kinkPercent: U256::from(kink_percent),
        slope1YearlyBps: U256::from(slope1),
        slope2YearlyBps: U256::from(slope2),
        reserveBps: U256::from(1_500),
    };
    IVault::setRateCurveCall { newCurve: curve }
}

fn set_rate_curve_keeps_it_and_says_so(system: &mut System) {
    let vault = system.at.vault;
    let interest = |system: &System| system.ask(system.at.lens, &ILens::interestCall {});
    let rate = |system: &System| interest(system).ratePerSecondRay;
    assert_eq!(rate(system), per_second_ray(0), "none until it is set");
    let books = system.books();
    system.must(OWNER, vault, &curve(7, 80, 400, 6_000));
    let kept = curve(7, 80, 400, 6_000).newCurve;
    let flat = IVault::RateCurve { kinkPercent: U256::ONE, ..Default::default() };
    let said = IVault::RateCurveSet { previousCurve: flat, newCurve: kept.clone() };
    assert_eq!(system.events(), [event(vault, &said)]);
    let shown = ILens::Interest {
        baseYearlyBps: kept.baseYearlyBps,
        kinkPercent: kept.kinkPercent,
        slope1YearlyBps: kept.slope1YearlyBps,
        slope2YearlyBps: kept.slope2YearlyBps,
        reserveBps: kept.reserveBps,
        ratePerSecondRay: per_second_ray(7),
    };
    assert_eq!(interest(system), shown);
    assert_eq!(rate(system), per_second_ray(7), "nothing is lent");
    assert_eq!(system.books(), books, "what shares its words with the curve stays");
}

fn set_rate_curve_refuses_numbers_outside_of_their_bounds(system: &mut System) {
    let vault = system.at.vault;
    // All of it lent, a debt does not quite double in a year.
    let most = 6_931;
    let number = |value: u64| U256::from(value);
    let (zero, one) = (U256::ZERO, U256::ONE);
    let cases = [
        (curve(most + 1, 0, most, most), out_of_bounds("baseYearlyBps", number(most + 1), zero, number(most))),
        (curve(1, 0, most, most), out_of_bounds("kinkPercent", zero, one, number(99))),
        (curve(1, 100, most, most), out_of_bounds("kinkPercent", number(100), one, number(99))),
        (curve(1, 1, most, most), out_of_bounds("slope1YearlyBps", number(most), zero, number(most - 1))),
        (curve(1, 1, 1, most - 1), out_of_bounds("slope2YearlyBps", number(most - 1), zero, number(most - 2))),
    ];
    for (call, refusal) in cases {
        system.refused(OWNER, vault, &call, &refusal);
    }
    let mut all_and_more = curve(0, 1, 0, 0);
    all_and_more.newCurve.reserveBps = U256::from(10_001);
    let refusal = out_of_bounds("reserveBps", U256::from(10_001), zero, U256::from(10_000));
    system.refused(OWNER, vault, &all_and_more, &refusal);
    system.must(OWNER, vault, &curve(1, 99, 1, most - 2));
    system.must(OWNER, vault, &curve(0, 1, 0, 0));
}

fn set_modules_works_once(system: &mut System) {
    // The system's have been set; here is one where they have not.
    let fresh = System::deploy(system.world.as_mut());
    let none = system.ask(fresh.vault, &IVault::modulesCall {});
    assert_eq!((none.auction, none.pool, none.reserve), (Address::ZERO, Address::ZERO, Address::ZERO));
    let (auction, pool, reserve) = (fresh.auction, fresh.pool, fresh.reserve);
    let set = IVault::setModulesCall { auctionContract: auction, poolContract: pool, reserveContract: reserve };
    system.must(OWNER, fresh.vault, &set);
    assert_eq!(system.last.logs, [event(fresh.vault, &IVault::ModulesSet { auction, pool, reserve })]);
    let kept = system.ask(fresh.vault, &IVault::modulesCall {});
    assert_eq!((kept.auction, kept.pool, kept.reserve), (auction, pool, reserve));
    let refusal = IVault::ModulesAlreadySet { auction, pool, reserve };
    for again in [set.clone(), IVault::setModulesCall { auctionContract: STRANGER, ..set }] {
        system.refused(OWNER, fresh.vault, &again, &refusal);
    }
}

fn set_modules_refuses_the_zero_address(system: &mut System) {
    let fresh = System::deploy(system.world.as_mut());
    let set = IVault::setModulesCall {
        auctionContract: fresh.auction,
        poolContract: fresh.pool,
        reserveContract: fresh.reserve,
    };
    for call in [
        IVault::setModulesCall { auctionContract: Address::ZERO, ..set.clone() },
        IVault::setModulesCall { poolContract: Address::ZERO, ..set.clone() },
        IVault::setModulesCall { reserveContract: Address::ZERO, ..set },
    ] {
        system.refused(OWNER, fresh.vault, &call, &IShared::ZeroAddress {});
    }
}

fn every_parameter_is_for_the_owner(system: &mut System) {
    fn refuse<C: SolCall>(system: &mut System, call: &C) {
        let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
        system.refused(STRANGER, system.at.vault, call, &refusal);
    }
    let weth = system.at.weth.token;
    refuse(system, &set(weth, 0, 8_000, 0, 1));
    refuse(system, &threshold(weth, 8_100, 0));
    refuse(system, &IVault::setLimitsCall { ceilingRaw: U256::ZERO, minDebtRaw: U256::ZERO });
    refuse(
        system,
        &IVault::setLiquidationRuleCall { targetHealthWad: U256::from(WAD * 2), wholeShareBps: U256::from(9_000) },
    );
    refuse(system, &curve(0, 1, 0, 0));
    refuse(
        system,
        &IVault::setModulesCall { auctionContract: STRANGER, poolContract: STRANGER, reserveContract: STRANGER },
    );
}
