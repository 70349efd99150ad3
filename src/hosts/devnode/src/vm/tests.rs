//! The storage cache by itself.

use revm::primitives::U256;

use super::cache::StorageCache;

fn number(value: u64) -> U256 {
    U256::from(value)
}

#[test]
fn the_fees_rise_and_clearing_does_not_reset_them() {
    let mut cache = StorageCache::default();
    let reads: Vec<u64> = (0..130).map(|_| cache.count_read()).collect();
    assert_eq!([reads[0], reads[31], reads[32], reads[127], reads[128]], [0, 0, 2, 2, 10]);
    let writes: Vec<u64> = (0..66).map(|_| cache.count_write()).collect();
    assert_eq!([writes[0], writes[7], writes[8], writes[63], writes[64]], [0, 0, 7, 7, 10]);
    cache.clear();
    assert_eq!((cache.count_read(), cache.count_write()), (10, 10));
}

#[test]
fn only_changed_and_unknown_values_are_dirty_in_the_order_they_came() {
    let mut cache = StorageCache::default();
    cache.learn(number(1), number(10));
    cache.write(number(3), number(30));
    cache.learn(number(2), number(20));
    cache.write(number(1), number(11));
    cache.write(number(2), number(20));
    assert_eq!(cache.take_dirty(), [(number(1), number(11)), (number(3), number(30))]);
    assert_eq!(cache.take_dirty(), []);
    // Going back to what the chain had before is a change again.
    cache.write(number(1), number(10));
    assert_eq!(cache.take_dirty(), [(number(1), number(10))]);
}

#[test]
fn a_cleared_cache_knows_nothing() {
    let mut cache = StorageCache::default();
    cache.write(number(1), number(10));
    cache.clear();
    assert_eq!(cache.get(number(1)), None);
    assert_eq!(cache.take_dirty(), []);
}
