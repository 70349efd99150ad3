//! `METHODS.md` names every method of the server, and no other.

use super::*;
use std::collections::BTreeSet;

#[test]
fn the_table_of_methods_names_every_method_and_no_other() {
    let table = include_str!("../../METHODS.md");
    let first_cells = table.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    let documented: BTreeSet<&str> = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let shared = Shared::new(Inner::new(Devnode::builder().build(), Clock::Manual, 0, false));
    let module = module(Arc::new(shared));
    let served: BTreeSet<&str> = module.method_names().collect();
    assert_eq!(documented, served);
}
