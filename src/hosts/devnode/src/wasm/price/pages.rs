//! The gas for pages of linear memory: a straight part and a ramp that grows exponentially.
//!
//! A transaction keeps two counters: `open`, the pages of all programs now running, and `ever`,
//! the most that were open at once. New pages beyond the free ones cost `page_gas` each; raising
//! `ever` costs the difference of the ramp on top.

/// Pages of 64 KiB that can be open at once, 8 MiB.
pub const MAX_PAGES: u16 = 128;

/// The ramp: `⌊31 874 000^(pages/128)⌋`, except that the last entry is one unit less.
#[rustfmt::skip] // sixteen to a line, so that the line number is the page number over sixteen
const RAMP: [u32; MAX_PAGES as usize + 1] = [
    1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7,
    8, 9, 11, 12, 14, 17, 19, 22, 25, 29, 33, 38, 43, 50, 57, 65,
    75, 85, 98, 112, 128, 147, 168, 193, 221, 253, 289, 331, 379, 434, 497, 569,
    651, 745, 853, 976, 1117, 1279, 1463, 1675, 1917, 2194, 2511, 2874, 3290, 3765, 4309, 4932,
    5645, 6461, 7395, 8464, 9687, 11087, 12689, 14523, 16621, 19024, 21773, 24919, 28521, 32642, 37359, 42758,
    48938, 56010, 64104, 73368, 83971, 96106, 109994, 125890, 144082, 164904, 188735, 216010, 247226, 282953, 323844, 370643,
    424206, 485509, 555672, 635973, 727880, 833067, 953456, 1091243, 1248941, 1429429, 1636000, 1872423, 2143012, 2452704, 2807151, 3212820,
    3677113, 4208502, 4816684, 5512756, 6309419, 7221210, 8264766, 9459129, 10826093, 12390601, 14181199, 16230562, 18576084, 21260563, 24332984, 27849408,
    31873999,
];

/// Gas of the ramp at `pages` pages; `u64::MAX` beyond [`MAX_PAGES`].
pub fn page_ramp_gas(pages: u16) -> u64 {
    RAMP.get(usize::from(pages)).map_or(u64::MAX, |gas| u64::from(*gas))
}

/// Gas to open `new` pages while `open` are open and at most `ever` were open before.
///
/// The first `free_pages` are free of the charge per page, and while `ever` stays within them
/// nothing is charged at all. All sums saturate.
///
/// Example: with two free pages at 1 000 gas each, 128 pages from nothing cost
/// `126·1 000 + 31 873 999 − 1 = 31 999 998`; 100 pages on top of one cost 932 066.
pub fn page_gas(new: u16, open: u16, ever: u16, free_pages: u16, gas_per_page: u16) -> u64 {
    let new_open = open.saturating_add(new);
    let new_ever = ever.max(new_open);
    if new_ever <= free_pages {
        return 0;
    }
    let charged_pages = new_open.saturating_sub(free_pages) - open.saturating_sub(free_pages);
    let straight = u64::from(charged_pages) * u64::from(gas_per_page);
    let ramp = page_ramp_gas(new_ever).saturating_sub(page_ramp_gas(ever));
    straight.saturating_add(ramp)
}
