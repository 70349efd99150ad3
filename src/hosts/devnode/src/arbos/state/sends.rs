//! The messages sent to L1, as an append-only Merkle tree of which only the right edge is kept.
//!
//! Slot 0 of the object is the number of messages; slot 2 + level holds the root of a full subtree of 2^level messages, or zero where there
//! is none. So the subtrees that are kept are the one bits of the number of messages.

use revm::primitives::{B256, U256, keccak256};

use super::space::{LoadSlot, Space, StoreSlot};

const COUNT_SLOT: u64 = 0;
const FIRST_SUBTREE_SLOT: u64 = 2;

/// A node of the tree that became full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its height above the messages.
    pub level: u64,
    /// Its hash.
    pub hash: B256,
}

/// What adding a message did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The message's place, counted from zero.
    pub leaf: u64,
    /// The inner nodes that became full, lowest first.
    pub nodes: Vec<Node>,
    /// Whether the place of the topmost subtree was looked at before it was written; a tree that grows has nothing there.
    pub read_top: bool,
}

fn space() -> Space {
    Space::root().sub(&[5])
}

fn joined(left: B256, right: B256) -> B256 {
    keccak256([left, right].concat())
}

/// How many levels a tree of `count` messages has subtrees on.
const fn levels(count: u64) -> u64 {
    (u64::BITS - count.leading_zeros()) as u64
}

/// How many messages were sent.
pub fn send_count<S: LoadSlot>(storage: &mut S) -> Result<u64, S::Error> {
    Ok(storage.load(space().number_slot(COUNT_SLOT))?.saturating_to())
}

/// The subtrees that are kept, by level; zero where there is none.
pub fn send_subtrees<S: LoadSlot>(storage: &mut S) -> Result<Vec<B256>, S::Error> {
    let count = send_count(storage)?;
    (0..levels(count)).map(|level| subtree(storage, level)).collect()
}

fn subtree<S: LoadSlot>(storage: &mut S, level: u64) -> Result<B256, S::Error> {
    Ok(storage.load(space().number_slot(FIRST_SUBTREE_SLOT.saturating_add(level)))?.into())
}

fn set_subtree<S: StoreSlot>(storage: &mut S, level: u64, hash: B256) -> Result<(), S::Error> {
    storage.store(space().number_slot(FIRST_SUBTREE_SLOT.saturating_add(level)), hash.into())
}

/// The root of the tree of these subtrees, as if zeros filled it up to the next power of two; zero for an empty tree.
pub fn send_root(subtrees: &[B256]) -> B256 {
    let mut root: Option<(B256, usize)> = None;
    for (level, subtree) in subtrees.iter().enumerate().filter(|(_, subtree)| !subtree.is_zero()) {
        root = Some(match root {
            None => (*subtree, level),
            Some((below, height)) => {
                let filled = (height..level).fold(below, |hash, _| joined(hash, B256::ZERO));
                (joined(*subtree, filled), level.saturating_add(1))
            }
        });
    }
    root.map_or(B256::ZERO, |(hash, _)| hash)
}

/// Adds the message with this hash: it joins the subtrees to its left, lowest first, for as long as there are any.
pub fn add_send<S: StoreSlot>(storage: &mut S, message: B256) -> Result<Added, S::Error> {
    let leaf = send_count(storage)?;
    storage.store(space().number_slot(COUNT_SLOT), U256::from(leaf.saturating_add(1)))?;
    let (mut hash, mut nodes) = (keccak256(message), Vec::new());
    let joins = u64::from(leaf.trailing_ones());
    for level in 0..joins {
        hash = joined(subtree(storage, level)?, hash);
        set_subtree(storage, level, B256::ZERO)?;
        nodes.push(Node { level: level.saturating_add(1), hash });
    }
    set_subtree(storage, joins, hash)?;
    Ok(Added { leaf, nodes, read_top: joins < levels(leaf) })
}

#[cfg(test)]
mod tests {
    use super::super::GenesisStorage;
    use super::*;

    /// The root computed from all messages at once.
    fn plain_root(leaves: &[B256]) -> B256 {
        match leaves {
            [] => B256::ZERO,
            [leaf] => *leaf,
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(half);
                // The right half is filled up with zeros until it is as high as the left.
                let height = half.trailing_zeros();
                let own = right.len().next_power_of_two().trailing_zeros();
                let filled = (own..height).fold(plain_root(right), |hash, _| joined(hash, B256::ZERO));
                joined(plain_root(left), filled)
            }
        }
    }

    #[test]
    fn the_right_edge_gives_the_root_of_all_messages() {
        let mut storage = GenesisStorage::new();
        let mut leaves = Vec::new();
        for number in 0..70u64 {
            let Ok(subtrees) = send_subtrees(&mut storage);
            assert_eq!(send_root(&subtrees), plain_root(&leaves), "{number}");
            let message = B256::with_last_byte(number as u8);
            leaves.push(keccak256(message));
            let Ok(added) = add_send(&mut storage, message);
            assert_eq!((added.leaf, added.nodes.len() as u32), (number, number.trailing_ones()));
            // A full node is the root of the messages below it.
            for node in added.nodes {
                let below = &leaves[leaves.len() - (1 << node.level)..];
                assert_eq!(node.hash, plain_root(below));
            }
            assert_eq!(added.read_top, !(number + 1).is_power_of_two(), "{number}");
        }
    }
}
