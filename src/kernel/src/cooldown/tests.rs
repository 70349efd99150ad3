//! Announcing and leaving, at each edge of the window.

use units::U256;

use super::*;

fn shares(count: u64) -> Shares {
    Shares(U256::from(count))
}

fn announced() -> Leaving {
    Leaving::announce(shares(10), shares(4), Secs(100), Secs(50), Secs(1_000)).unwrap().unwrap()
}

#[test]
fn a_window_opens_after_the_cooldown_and_closes() {
    assert_eq!(announced(), Leaving { shares: shares(4), from: Secs(1_100), until: Secs(1_150) });
    for (now, is_open) in [(1_000, false), (1_099, false), (1_100, true), (1_150, true), (1_151, false)] {
        let taken = announced().take(shares(1), Secs(now));
        let expected = Leaving { shares: shares(3), ..announced() };
        assert_eq!(taken, if is_open { Ok(expected) } else { Err(Refusal::NotInWindow) }, "at {now}");
    }
}

#[test]
fn what_was_announced_is_taken_in_parts_and_no_more_of_it() {
    let left = announced().take(shares(3), Secs(1_120)).unwrap();
    assert_eq!(left.take(shares(2), Secs(1_130)), Err(Refusal::NotEnough));
    assert_eq!(left.take(shares(1), Secs(1_130)), Ok(Leaving::default()));
    assert_eq!(Leaving::default().take(shares(1), Secs(0)), Err(Refusal::NotInWindow));
}

#[test]
fn nobody_announces_more_than_they_have_and_zero_takes_it_back() {
    let announce = |asked| Leaving::announce(shares(10), shares(asked), Secs(100), Secs(50), Secs(1_000));
    assert_eq!(announce(11), Ok(None));
    assert_eq!(announce(10).unwrap().map(|leaving| leaving.shares), Some(shares(10)));
    assert_eq!(announce(0), Ok(Some(Leaving::default())));
}

#[test]
fn a_moment_that_is_too_far_is_refused() {
    let announce = |cooldown, window| Leaving::announce(shares(1), shares(1), Secs(cooldown), Secs(window), Secs(1));
    assert_eq!(announce(u64::MAX, 0), Err(OutOfRange));
    assert_eq!(announce(u64::MAX - 1, 1), Err(OutOfRange));
}
