//! What the owner may set, and its bounds.

use alloy_primitives::{B256, U256};
use interface::{IAuction, IShared};
use support::{
    System,
    actors::{OWNER, STRANGER},
    system::{AUCTION_CAP_RAW, MIN_DUE_RAW, RAY, USD, event, usual_reward, usual_terms},
};

support::scenarios! {
    both {
        set_terms_keeps_them_and_says_so,
    }
    native {
        set_terms_refuses_numbers_outside_of_their_bounds,
        set_reward_keeps_it_inside_its_bounds,
        set_limits_keeps_them_and_says_so,
        every_parameter_is_for_the_owner,
    }
}

fn set_terms(system: &System, new_terms: IAuction::Terms) -> IAuction::setTermsCall {
    IAuction::setTermsCall { collateral: system.at.weth.token, newTerms: new_terms }
}

fn set_terms_keeps_them_and_says_so(system: &mut System) {
    let at = system.at;
    let terms = IAuction::Terms {
        curve: U256::from(2),
        cutRay: U256::from(RAY / 100 * 98),
        stepSecs: U256::from(90),
        bufferBps: U256::from(11_500),
        tailSecs: U256::from(3_600),
        cuspBps: U256::from(5_000),
        floorBps: U256::from(4_000),
        capRaw: U256::from(77 * USD),
    };
    system.must(OWNER, at.auction, &set_terms(system, terms.clone()));
    let said = IAuction::TermsSet { collateral: at.weth.token, previousTerms: usual_terms(), newTerms: terms.clone() };
    assert_eq!(system.events(), [event(at.auction, &said)]);
    assert_eq!(system.ask(at.auction, &IAuction::termsCall { collateral: at.weth.token }), terms);
    assert_eq!(system.ask(at.auction, &IAuction::termsCall { collateral: at.wbtc.token }), usual_terms());
}

/// One field changed, and what `OutOfBounds` says of it.
type Case = (fn(&mut IAuction::Terms, U256), &'static str, U256, U256, U256);

fn set_terms_refuses_numbers_outside_of_their_bounds(system: &mut System) {
    let n = |number: u64| U256::from(number);
    let cut_max = U256::from(RAY) - U256::from(1_000_000_000_000_000_000_u64);
    let cap_max = U256::from((1_u128 << 96) - 1);
    let cases: [Case; 16] = [
        (|terms, value| terms.curve = value, "curve", n(0), n(1), n(4)),
        (|terms, value| terms.curve = value, "curve", n(5), n(1), n(4)),
        (|terms, value| terms.cutRay = value, "cutRay", n(0), n(1), cut_max),
        (|terms, value| terms.cutRay = value, "cutRay", cut_max + U256::ONE, n(1), cut_max),
        (|terms, value| terms.stepSecs = value, "stepSecs", n(0), n(1), n(u64::MAX)),
        (|terms, value| terms.bufferBps = value, "bufferBps", n(9_999), n(10_000), n(20_000)),
        (|terms, value| terms.bufferBps = value, "bufferBps", n(20_001), n(10_000), n(20_000)),
        (|terms, value| terms.tailSecs = value, "tailSecs", n(59), n(60), n(604_800)),
        (|terms, value| terms.tailSecs = value, "tailSecs", n(604_801), n(60), n(604_800)),
        (|terms, value| terms.cuspBps = value, "cuspBps", n(99), n(100), n(9_999)),
        (|terms, value| terms.cuspBps = value, "cuspBps", n(10_000), n(100), n(9_999)),
        (|terms, value| terms.floorBps = value, "floorBps", n(99), n(100), n(9_999)),
        (|terms, value| terms.floorBps = value, "floorBps", U256::MAX, n(100), n(9_999)),
        (|terms, value| terms.capRaw = value, "capRaw", n(0), n(1), cap_max),
        (|terms, value| terms.capRaw = value, "capRaw", cap_max + U256::ONE, n(1), cap_max),
        // A linear curve is zero at its step: the tail must end before.
        (
            |terms, value| {
                terms.curve = U256::from(1);
                terms.stepSecs = value;
                terms.tailSecs = value;
            },
            "tailSecs",
            n(600),
            n(60),
            n(599),
        ),
    ];
    for (change, name, value, min, max) in cases {
        let mut terms = usual_terms();
        change(&mut terms, value);
        let refusal = IAuction::OutOfBounds { name: B256::right_padding_from(name.as_bytes()), value, min, max };
        system.refused(OWNER, system.at.auction, &set_terms(system, terms), &refusal);
    }
}

fn set_reward_keeps_it_inside_its_bounds(system: &mut System) {
    let auction = system.at.auction;
    let reward = |flat: u128, share: u64, penalty: u64| IAuction::Reward {
        flatRaw: U256::from(flat),
        shareBps: U256::from(share),
        maxPenaltyBps: U256::from(penalty),
    };
    let set = |new_reward| IAuction::setRewardCall { newReward: new_reward };
    let most = reward(3 * USD, 1_000, 10_000);
    system.must(OWNER, auction, &set(most.clone()));
    let said = IAuction::RewardSet { previousReward: usual_reward(), newReward: most.clone() };
    assert_eq!(system.events(), [event(auction, &said)]);
    assert_eq!(system.ask(auction, &IAuction::rewardCall {}), most);
    let reward = |flat, share, penalty| set(reward(flat, share, penalty));
    let refusal = IAuction::OutOfBounds {
        name: B256::right_padding_from(b"shareBps"),
        value: U256::from(1_001),
        min: U256::ZERO,
        max: U256::from(1_000),
    };
    system.refused(OWNER, auction, &reward(0, 1_001, 0), &refusal);
    let refusal = IAuction::OutOfBounds {
        name: B256::right_padding_from(b"maxPenaltyBps"),
        value: U256::from(10_001),
        min: U256::ZERO,
        max: U256::from(10_000),
    };
    system.refused(OWNER, auction, &reward(0, 0, 10_001), &refusal);
    // The flat part has a width, which is filled and not passed.
    let flat = |raw: U256| set(IAuction::Reward { flatRaw: raw, ..most.clone() });
    system.refused(OWNER, auction, &flat(U256::ONE << 120), &IShared::OutOfRange {});
    system.must(OWNER, auction, &flat((U256::ONE << 120) - U256::ONE));
    assert_eq!(system.ask(auction, &IAuction::rewardCall {}).flatRaw, (U256::ONE << 120) - U256::ONE);
}

fn set_limits_keeps_them_and_says_so(system: &mut System) {
    let auction = system.at.auction;
    let (cap, minimum) = (U256::from(5 * USD), U256::from(2 * USD));
    system.must(OWNER, auction, &IAuction::setLimitsCall { capRaw: cap, minDueRaw: minimum });
    let said = IAuction::LimitsSet {
        previousCapRaw: U256::from(AUCTION_CAP_RAW),
        capRaw: cap,
        previousMinDueRaw: U256::from(MIN_DUE_RAW),
        minDueRaw: minimum,
    };
    assert_eq!(system.events(), [event(auction, &said)]);
    // Cap and minimum have widths of their own, and what does not fit changes neither.
    for (cap, minimum) in [(U256::ONE << 128, minimum), (cap, U256::ONE << 88)] {
        let call = IAuction::setLimitsCall { capRaw: cap, minDueRaw: minimum };
        system.refused(OWNER, auction, &call, &IShared::OutOfRange {});
    }
    let kept = system.ask(auction, &IAuction::limitsCall {});
    assert_eq!((kept.capRaw, kept.minDueRaw), (cap, minimum));
    // The widest minimum is kept beside the reward, and neither touches the other.
    let widest = (U256::ONE << 88) - U256::ONE;
    system.must(OWNER, auction, &IAuction::setLimitsCall { capRaw: cap, minDueRaw: widest });
    assert_eq!(system.ask(auction, &IAuction::rewardCall {}), usual_reward());
    let more = IAuction::Reward { flatRaw: U256::from(50 * USD), ..usual_reward() };
    system.must(OWNER, auction, &IAuction::setRewardCall { newReward: more.clone() });
    assert_eq!(system.ask(auction, &IAuction::limitsCall {}).minDueRaw, widest);
    assert_eq!(system.ask(auction, &IAuction::rewardCall {}), more);
}

fn every_parameter_is_for_the_owner(system: &mut System) {
    let auction = system.at.auction;
    let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
    let call = set_terms(system, usual_terms());
    system.refused(STRANGER, auction, &call, &refusal);
    system.refused(STRANGER, auction, &IAuction::setRewardCall { newReward: usual_reward() }, &refusal);
    system.refused(STRANGER, auction, &IAuction::setLimitsCall { capRaw: U256::ZERO, minDueRaw: U256::ZERO }, &refusal);
    system.refused(STRANGER, auction, &IAuction::setGuardianCall { newGuardian: STRANGER }, &refusal);
}
