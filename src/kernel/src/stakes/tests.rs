//! What stakes are worth, whatever happens in whichever order: against exact fractions, and against what was there before.

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::{
    reference::{config, floor, int, numbers, raw, whole, word},
    waterfall::{cover, lenders_loss},
};

fn of(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

fn shares(count: u64) -> Shares {
    Shares(U256::from(count))
}

fn shares_for(stakes: Stakes, amount: u64, unpaid: u64, now: u64) -> Result<Shares, Refusal> {
    let staking = stakes.stake(of(amount), of(unpaid), Secs(now))?;
    assert_eq!(staking.closed, None);
    Ok(staking.shares)
}

/// 1,000 held, of which 300 drip from 0 to 100; 700 million shares.
fn dripping() -> Stakes {
    let drip = Drip { amount_raw: of(300), from: Secs(0), until: Secs(100) };
    Stakes { held_raw: of(1_000), shares: shares(700_000_000), drip }
}

#[test]
fn stakes_are_worth_what_is_held_less_what_drips_and_what_waits() {
    // Unpaid, time, worth, to come.
    for (unpaid, now, worth, to_come) in [
        (0, 0, 700, 300),
        (0, 50, 850, 150),
        (0, 100, 1_000, 0),
        (650, 0, 50, 300),
        (800, 0, 0, 200),
        (800, 50, 50, 150),
        (800, 100, 200, 0),
        (1_000, 100, 0, 0),
        (2_000, 0, 0, 0),
    ] {
        assert_eq!(dripping().worth(of(unpaid), Secs(now)), Ok(of(worth)), "{unpaid} at {now}");
        assert_eq!(dripping().to_come(of(unpaid), Secs(now)), Ok(of(to_come)), "{unpaid} at {now}");
    }
}

#[test]
fn a_stake_costs_what_the_others_are_worth() {
    let shares_for = |amount, unpaid, now| shares_for(dripping(), amount, unpaid, now);
    // floor(100 * 701,000,000 / 701), and floor(100 * 701,000,000 / 851) when half of the drip is earned.
    assert_eq!(shares_for(100, 0, 0), Ok(shares(100_000_000)));
    assert_eq!(shares_for(100, 0, 50), Ok(shares(82_373_678)));
    assert_eq!(shares_for(100, 1, 50), Err(Refusal::LossWaits));
    assert_eq!(shares_for(0, 0, 0), Err(Refusal::RoundsToZero));
    assert_eq!(self::shares_for(Stakes::default(), 7, 0, 0), Ok(shares(7_000_000)));
}

#[test]
fn nobody_stakes_for_a_loss_of_others() {
    let shares_for = |stakes, unpaid, now| shares_for(stakes, 100, unpaid, now);
    for unpaid in [1, 699, 700, 2_000] {
        assert_eq!(shares_for(dripping(), unpaid, 0), Err(Refusal::LossWaits));
    }
    assert_eq!(shares_for(Stakes::default(), 1, 0), Err(Refusal::LossWaits));
    // It is covered: what is left drips, and is worth something when a part of it is earned.
    let covered = dripping().with_slashed(of(700), Secs(0)).unwrap();
    assert_eq!(shares_for(covered, 0, 0), Err(Refusal::WipedOut));
    assert!(shares_for(covered, 0, 1).is_ok());
}

#[test]
fn nothing_is_taken_out_of_stakes_that_are_worth_nothing() {
    let amount_for = |unpaid, now| dripping().amount_for_down(shares(350_000_000), of(unpaid), Secs(now));
    assert_eq!(amount_for(0, 0), Ok(of(350)));
    assert_eq!(amount_for(650, 0), Ok(of(25)));
    assert_eq!(amount_for(700, 0), Err(Refusal::RoundsToZero));
    assert_eq!(amount_for(700, 50), Ok(of(75)));
}

#[test]
fn stakes_end_with_the_last_share_or_the_last_unit() {
    let all = dripping();
    assert_eq!(all.ended(), None);
    let left = all.with_taken(of(698), all.shares).unwrap();
    assert_eq!(left.ended(), Some(of(302)));
    assert_eq!(all.with_slashed(of(999), NOW).unwrap().ended(), None);
    assert_eq!(all.with_slashed(of(1_000), NOW).unwrap().ended(), Some(Raw::ZERO));
    assert_eq!(all.with_slashed(of(1_001), NOW), Err(OutOfRange));
    assert_eq!(all.with_taken(of(1), shares(700_000_001)), Err(OutOfRange));
}

#[test]
fn a_distribution_after_a_loss_into_the_drip_gives_nothing_at_once() {
    // 150 of 300 are to come when 900 are lost, so only 100 are left to come.
    let slashed = dripping().with_slashed(of(900), Secs(50)).unwrap();
    assert_eq!(slashed.worth(Raw::ZERO, Secs(50)), Ok(Raw::ZERO));
    let more = slashed.with_distributed(of(50), Secs(200), Secs(50)).unwrap();
    assert_eq!(more.worth(Raw::ZERO, Secs(50)), Ok(Raw::ZERO));
    assert_eq!(more.to_come(Raw::ZERO, Secs(50)), Ok(of(150)));
    // (100 * 50 + 50 * 200) / 150
    assert_eq!(more.drip, Drip { amount_raw: of(150), from: Secs(50), until: Secs(150) });
}

#[test]
fn what_a_loss_has_left_of_a_drip_is_earned_from_then_on() {
    // Of 300 that drip for 100 seconds 150 are to come; 900 of 1,000 are lost.
    let slashed = dripping().with_slashed(of(900), Secs(50)).unwrap();
    assert_eq!(slashed.drip, Drip { amount_raw: of(100), from: Secs(50), until: Secs(100) });
    for (now, worth) in [(50, 0), (51, 2), (75, 50), (100, 100)] {
        assert_eq!(slashed.worth(Raw::ZERO, Secs(now)), Ok(of(worth)), "at {now}");
    }
    let shares_for = |now| shares_for(slashed, 10, 0, now);
    assert_eq!(shares_for(50), Err(Refusal::WipedOut));
    assert!(shares_for(51).is_ok());
    // A loss that leaves as much as is to come changes nothing of it.
    assert_eq!(dripping().with_slashed(of(850), Secs(50)).unwrap().drip, dripping().drip);
}

/// 10^15 shares of so many units, of which some drip until 100.
fn thin(held: u64, dripping: u64) -> Stakes {
    let drip = Drip { amount_raw: of(dripping), from: Secs(0), until: Secs(100) };
    Stakes { held_raw: of(held), shares: shares(1_000_000_000_000_000), drip }
}

#[test]
fn a_spent_round_is_closed_by_a_stake_of_what_it_holds_and_no_less() {
    let all = shares(1_000_000_000_000_000);
    // 10^15 + 10^6 shares are more than 10^9 for each of 999,999 units and the virtual one, and not for a unit more.
    let stake = |stakes: Stakes, amount, unpaid| stakes.stake(of(amount), of(unpaid), Secs(0));
    let begun = Staking {
        shares: shares(999_999_000_000),
        stakes: Stakes { held_raw: of(999_999), shares: shares(999_999_000_000), drip: Drip::default() },
        closed: Some(Left { left_raw: of(999_999), shares: all }),
    };
    assert_eq!(stake(thin(999_999, 0), 999_999, 0), Ok(begun));
    assert_eq!(stake(thin(999_999, 0), 999_998, 0), Err(Refusal::WipedOut));
    // What drips yet is held too, and goes to those of the round.
    assert_eq!(stake(thin(999_999, 999_999), 999_999, 0), Ok(begun));
    // Bad debt that waits would be left to nobody.
    assert_eq!(stake(thin(999_999, 0), 999_999, 1), Err(Refusal::LossWaits));

    assert_eq!(stake(thin(1_000_000, 0), 1_000_000, 0).map(|staking| staking.closed), Ok(None));
    assert_eq!(stake(thin(1_000_000, 0), 5, 0).map(|staking| staking.closed), Ok(None));
    assert_eq!(stake(thin(1_000_000, 1), 1_000_000, 0), Err(Refusal::WipedOut), "but for what drips");
    assert_eq!(thin(1_000_000, 1).stake(of(5), of(0), Secs(100)).map(|staking| staking.closed), Ok(None));
}

/// Stakes in any state: also after losses, and with shares of any price.
fn any_stakes() -> impl Strategy<Value = Stakes> {
    (numbers(96), numbers(110), numbers(90), 1_u64..8_000_000).prop_map(|(held, count, amount, length)| Stakes {
        held_raw: Raw(held.max(U256::ONE)),
        shares: Shares(count.max(U256::ONE)),
        drip: Drip { amount_raw: Raw(amount), from: Secs(1_000), until: Secs(1_000 + length) },
    })
}

fn part(of: U256, bps: u64) -> U256 {
    of / U256::from(10_000) * U256::from(bps) + of % U256::from(10_000) * U256::from(bps) / U256::from(10_000)
}

const NOW: Secs = Secs(5_000);

/// Whether there are more than 10^9 shares for a unit, virtual ones counted in, by exact integers.
fn is_thin(stakes: &Stakes, units: Raw) -> bool {
    int(stakes.shares.0) + 1_000_000 > (int(units.0) + 1) * 1_000_000_000_u64
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn the_worth_is_the_exact_difference(stakes in any_stakes(), unpaid in numbers(96), now in 0_u64..9_000_000) {
        let length = stakes.drip.until.0 - 1_000;
        let left = whole(stakes.drip.until.0.saturating_sub(now).min(length)) / whole(length) * raw(stakes.drip.amount_raw);
        let exact = raw(stakes.held_raw) - left - raw(Raw(unpaid));
        let worth = stakes.worth(Raw(unpaid), Secs(now)).unwrap();
        prop_assert_eq!(worth.0, floor(&exact.max(whole(0))).unwrap());
        let all = worth.try_add(stakes.to_come(Raw(unpaid), Secs(now)).unwrap()).unwrap();
        prop_assert_eq!(all, stakes.held_raw.sub_or_zero(Raw(unpaid)), "time moves between both and adds nothing");
    }

    #[test]
    fn covering_changes_what_nothing_is_worth_in_no_moment(
        stakes in any_stakes(),
        unpaid in numbers(97),
        due_bps in 0_u64..=10_000,
        later in 0_u64..9_000_000,
        bps in 0_u64..=10_000,
    ) {
        let due = part(unpaid, due_bps);
        let parts = cover(Raw(due), stakes.held_raw);
        let after = stakes.with_slashed(parts.stakers_raw, NOW).unwrap();
        let left = Raw(unpaid - due);
        let one = Shares(part(stakes.shares.0, bps));
        let later = Secs(NOW.0 + later);
        let before = |now| stakes.worth_of_down(one, Raw(unpaid), now).unwrap();
        prop_assert_eq!(after.worth_of_down(one, left, NOW).unwrap(), before(NOW));
        prop_assert!(after.worth_of_down(one, left, later).unwrap() >= before(later));
        if stakes.drip.left_up(NOW).unwrap() <= after.held_raw {
            prop_assert_eq!(after.worth_of_down(one, left, later).unwrap(), before(later));
        }
        let end = stakes.drip.until.max(NOW);
        prop_assert_eq!(after.worth_of_down(one, left, end).unwrap(), before(end), "what there is in the end is the same");
        let lenders = lenders_loss(left, after.held_raw).0 + parts.lenders_raw.0;
        prop_assert_eq!(lenders, lenders_loss(Raw(unpaid), stakes.held_raw).0);
    }

    #[test]
    fn waiting_lowers_nothing(stakes in any_stakes(), unpaid in numbers(96), now in 0_u64..9_000_000, secs in 0_u64..1_000_000) {
        let worth = |now| stakes.worth(Raw(unpaid), Secs(now)).unwrap();
        prop_assert!(worth(now + secs) >= worth(now));
    }

    #[test]
    fn whoever_stakes_takes_nothing_from_the_others_and_bears_nothing_of_theirs(
        stakes in any_stakes(),
        amount in numbers(96),
        bps in 0_u64..=10_000,
    ) {
        let unpaid = Raw::ZERO;
        let Ok(Staking { shares: new, stakes: after, closed: None }) = stakes.stake(Raw(amount), unpaid, NOW) else {
            return Ok(());
        };
        let before_raw = stakes.worth(unpaid, NOW).unwrap();
        prop_assert_eq!(after.worth(unpaid, NOW).unwrap().0, before_raw.0 + amount);
        let other = Shares(part(stakes.shares.0, bps));
        prop_assert!(after.worth_of_down(other, unpaid, NOW).unwrap() >= stakes.worth_of_down(other, unpaid, NOW).unwrap());
        // Less than a unit, and less than a share's worth, is lost by rounding.
        let own = after.worth_of_down(new, unpaid, NOW).unwrap();
        prop_assert!(own.0 <= amount);
        let a_share = before_raw.0 / (stakes.shares.0 + U256::from(1_000_000));
        prop_assert!(amount - own.0 <= a_share + U256::from(3), "{} of {}", own.0, amount);
    }

    #[test]
    fn whoever_leaves_takes_its_part_of_the_loss_and_leaves_the_others_no_more_than_theirs(
        stakes in any_stakes(),
        loss_bps in 0_u64..=10_000,
        leaving_bps in 1_u64..=10_000,
        bps in 0_u64..=10_000,
        later in 0_u64..9_000_000,
    ) {
        let unpaid = Raw(part(stakes.held_raw.0, loss_bps));
        let leaving = Shares(part(stakes.shares.0, leaving_bps).max(U256::ONE));
        let Ok(amount) = stakes.amount_for_down(leaving, unpaid, NOW) else { return Ok(()) };
        let after = stakes.with_taken(amount, leaving).unwrap();
        // All that was to be borne can still be borne, and nothing of it has reached the lenders.
        prop_assert!(after.held_raw >= unpaid);
        prop_assert_eq!(lenders_loss(unpaid, after.held_raw), Raw::ZERO);
        prop_assert_eq!(after.worth(unpaid, NOW).unwrap().0 + amount.0, stakes.worth(unpaid, NOW).unwrap().0);
        // Who stays has at least what it had, now, and when everything is covered and earned.
        let other = Shares(part(after.shares.0, bps));
        let now = after.worth_of_down(other, unpaid, NOW).unwrap();
        prop_assert!(now >= stakes.worth_of_down(other, unpaid, NOW).unwrap());
        let covered = after.with_slashed(unpaid, NOW).unwrap();
        prop_assert_eq!(covered.worth_of_down(other, Raw::ZERO, NOW).unwrap(), now);
        let later = Secs(NOW.0 + later);
        let at_end = covered.worth_of_down(other, Raw::ZERO, later).unwrap();
        prop_assert!(at_end >= stakes.worth_of_down(other, unpaid, later).unwrap());
    }

    #[test]
    fn a_distribution_gives_nobody_anything_at_once_and_loses_nothing(
        stakes in any_stakes(),
        added in numbers(96),
        length in 3_600_u64..7_776_000,
        secs in 0_u64..9_000_000,
    ) {
        let now = Secs(1_000 + secs);
        let after = stakes.with_distributed(Raw(added), Secs(length), now).unwrap();
        prop_assert_eq!(after.worth(Raw::ZERO, now), stakes.worth(Raw::ZERO, now));
        prop_assert_eq!(after.worth(Raw::ZERO, after.drip.until).unwrap().0, stakes.held_raw.0 + added);
    }

    #[test]
    fn a_stake_joins_closes_or_is_refused_as_exact_integers_say(
        stakes in any_stakes(),
        unpaid in prop_oneof![Just(U256::ZERO), numbers(96)],
        amount in numbers(97),
        now in 0_u64..9_000_000,
    ) {
        let (unpaid, amount) = (Raw(unpaid), Raw(amount.max(U256::ONE)));
        let worth = stakes.worth(unpaid, Secs(now)).unwrap();
        let closes = unpaid.is_zero() && is_thin(&stakes, stakes.held_raw) && amount >= stakes.held_raw;
        let (units, count) = if closes { (Raw::ZERO, U256::ZERO) } else { (worth, stakes.shares.0) };
        let each = (int(count) + 1_000_000) * int(amount.0) / (int(units.0) + 1);
        let is_refused = !closes && (worth.is_zero() || is_thin(&stakes, worth));
        let expected = match (is_refused, Shares(word(&each).unwrap())) {
            (true, _) => Err(Refusal::WipedOut),
            (false, Shares::ZERO) => Err(Refusal::RoundsToZero),
            (false, new) if closes => Ok(Staking {
                shares: new,
                stakes: Stakes { held_raw: amount, shares: new, drip: Drip::default() },
                closed: Some(Left { left_raw: stakes.held_raw, shares: stakes.shares }),
            }),
            (false, new) => Ok(Staking {
                shares: new,
                stakes: Stakes {
                    held_raw: stakes.held_raw.try_add(amount).unwrap(),
                    shares: stakes.shares.try_add(new).unwrap(),
                    drip: stakes.drip,
                },
                closed: None,
            }),
        };
        let expected = if unpaid.0.is_zero() { expected } else { Err(Refusal::LossWaits) };
        prop_assert_eq!(stakes.stake(amount, unpaid, Secs(now)), expected);
    }

    #[test]
    fn closing_leaves_each_at_least_what_its_stake_was_worth_and_the_lenders_as_much(
        stakes in any_stakes(),
        held in numbers(40),
        bps in 0_u64..=10_000,
        now in 0_u64..9_000_000,
    ) {
        let stakes = Stakes { held_raw: Raw(held.max(U256::ONE)), ..stakes };
        let Ok(Staking { stakes: after, closed: Some(left), .. }) = stakes.stake(stakes.held_raw, Raw::ZERO, Secs(now)) else {
            return Ok(());
        };
        let one = Shares(part(stakes.shares.0, bps));
        prop_assert!(left.part_down(one).unwrap() >= stakes.worth_of_down(one, Raw::ZERO, Secs(now)).unwrap());
        prop_assert!(after.held_raw >= stakes.held_raw, "what insures is no less");
        prop_assert!(!after.is_spent().unwrap());
    }

    /// Whatever is lost, however often: whoever brings what is held can stake, and shares stay far below what a field of 128 bits holds.
    #[test]
    fn no_losses_keep_anybody_from_staking_and_no_round_is_closed_that_has_lost_nothing_since(
        steps in proptest::collection::vec((0_u8..5, numbers(96), 0_u64..=10_000, 0_u64..100_000), 1..60),
    ) {
        let (mut stakes, mut now, mut has_lost) = (Stakes::default(), 1_000, false);
        for (what, amount, bps, secs) in steps {
            let amount = Raw(amount.max(U256::ONE));
            match what {
                0 => {
                    // All but a part that may be less than a millionth.
                    let left = part(part(stakes.held_raw.0, bps), bps / 100);
                    let lost = stakes.held_raw.try_sub(Raw(left)).unwrap();
                    stakes = stakes.with_slashed(lost, Secs(now)).unwrap();
                    has_lost |= !lost.is_zero();
                }
                1 if !stakes.shares.is_zero() => {
                    let leaving = Shares(part(stakes.shares.0, bps));
                    if let Ok(taken) = stakes.amount_for_down(leaving, Raw::ZERO, Secs(now)) {
                        stakes = stakes.with_taken(taken, leaving).unwrap();
                    }
                }
                2 if !stakes.shares.is_zero() => {
                    stakes = stakes.with_distributed(amount, Secs(10_000), Secs(now)).unwrap();
                }
                3 => now += secs,
                _ => {
                    let brought = amount.max(stakes.held_raw);
                    let staking = stakes.stake(brought, Raw::ZERO, Secs(now));
                    match staking {
                        Ok(staking) => {
                            prop_assert!(staking.closed.is_none() || has_lost, "closed without a loss");
                            prop_assert!(!is_thin(&staking.stakes, staking.stakes.worth(Raw::ZERO, Secs(now)).unwrap()));
                            (stakes, has_lost) = (staking.stakes, false);
                        }
                        // What drips makes up for it by its end.
                        Err(Refusal::WipedOut) => {
                            prop_assert!(stakes.stake(brought, Raw::ZERO, stakes.drip.until).is_ok());
                        }
                        // Distributions have made a share worth more than is brought.
                        Err(refusal) => prop_assert_eq!(refusal, Refusal::RoundsToZero),
                    }
                }
            }
            prop_assert!(has_lost || !stakes.is_spent().unwrap(), "spent without a loss: {:?}", stakes);
            prop_assert!(stakes.shares.0.bit_len() <= 128, "{:?}", stakes);
            if stakes.ended().is_some() {
                stakes = Stakes::default();
            }
        }
    }
}
