//! Every level against every act, and which way a guardian may go.

use super::*;

#[test]
fn each_level_stops_one_act_more_than_the_one_below() {
    let table =
        [(0, [false, false, false]), (1, [true, false, false]), (2, [true, true, false]), (3, [true, true, true])];
    for (level, stopped) in table {
        let told = [Act::Start, Act::Restart, Act::Take].map(|act| act.is_stopped(level));
        assert_eq!(told, stopped, "level {level}");
    }
}

#[test]
fn only_a_higher_level_is_tighter() {
    for level in 0..=3 {
        for new_level in 0..=4 {
            assert_eq!(is_tighter(level, U256::from(new_level)), new_level > level);
        }
    }
    assert!(is_tighter(3, U256::MAX), "no number wraps");
}
