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
fn a_stop_of_takes_interrupts_what_was_running() {
    let at = Secs;
    let never = Stop { level: 0, takes_changed_at: at(0) };
    assert!(!never.interrupts(at(1)));
    let no_restarts = never.changed(2, at(50));
    assert_eq!(no_restarts, Stop { level: 2, takes_changed_at: at(0) });
    let stopped = no_restarts.changed(3, at(100));
    assert_eq!(stopped, Stop { level: 3, takes_changed_at: at(100) });
    // It cannot have begun later: starts are stopped too.
    assert_eq!([99, 100].map(|start| stopped.interrupts(at(start))), [true, true]);
    assert_eq!(stopped.changed(3, at(150)), stopped, "again");
    let released = stopped.changed(1, at(200));
    assert_eq!(released, Stop { level: 1, takes_changed_at: at(200) });
    assert_eq!([99, 100, 199, 200, 201].map(|start| released.interrupts(at(start))), [true, true, true, false, false]);
    assert_eq!(released.changed(0, at(300)), Stop { level: 0, takes_changed_at: at(200) });
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
