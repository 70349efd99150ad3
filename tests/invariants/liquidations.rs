//! What a start of a sale may do, and that the view of it says the same.

use crate::{
    checks::{Foreseen, wide},
    curves::Sequencer,
    handler::{Kind, Step},
    seen::Seen,
    weighing::weigh,
};
use alloy_primitives::{U256, Uint};
use alloy_sol_types::{SolCall, SolEvent};
use interface::IAuction;
use support::{Done, Revert, System};

type Wide = Uint<512, 8>;

/// Compares a liquidation, done or refused, with what the view said before.
pub(crate) fn liquidation(
    system: &System,
    before: &Seen,
    step: &Step,
    foreseen: &Foreseen,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    let Foreseen::Liquidation { preview, .. } = foreseen else { return };
    match (preview, ended) {
        (_, Ok(done)) => {
            started(system, before, step, foreseen, done);
            caps(before, after);
        }
        (Err(foreseen), Err(refusal)) => assert_eq!(foreseen, refusal, "[L3] the view and the call refuse differently"),
        (Ok(_), Err(refusal)) => panic!("[L3] foreseen, and refused by {refusal:?}"),
    }
}

/// A start adds to what is on sale up to its caps, and never more.
fn caps(before: &Seen, after: &Seen) {
    for (index, cap_raw) in after.caps_raw.iter().enumerate() {
        let most_raw = before.on_sale_raw[index].max(*cap_raw);
        assert!(after.on_sale_raw[index] <= most_raw, "[A5] {} on sale under {cap_raw}", after.on_sale_raw[index]);
    }
}

fn started(system: &System, before: &Seen, step: &Step, foreseen: &Foreseen, done: &Done) {
    let Kind::Liquidate { vault_id, collateral } = step.kind else { return };
    let Foreseen::Liquidation { preview: Ok(preview), weighed: Ok(earlier), threshold_bps, usd_wad } = foreseen else {
        panic!("[L3] a view refused what liquidate did");
    };
    let auction_id = IAuction::liquidateCall::abi_decode_returns(&done.output).expect("a number");
    let sale = system.ask(system.at.auction, &IAuction::saleCall { auctionId: auction_id });
    assert_eq!((sale.lotRaw, sale.debtRaw, sale.dueRaw), (preview.lotRaw, preview.debtRaw, preview.dueRaw), "[L3]");
    assert_eq!((sale.vaultId, sale.collateral), (vault_id, collateral), "[L3]");
    let told = done.logs.iter().find_map(|log| IAuction::AuctionStarted::decode_raw_log(&log.topics, &log.data).ok());
    let told = told.expect("it says so");
    assert_eq!(told.rewardRaw, preview.rewardRaw, "[L3] what the keeper is paid");
    let terms = system.ask(system.at.auction, &IAuction::saleTermsCall { auctionId: auction_id });
    let share = |bps: U256| preview.priceRay * bps / U256::from(10_000);
    let floor_ray = share(terms.floorBps).max(U256::ONE);
    let top_ray = if terms.curve == U256::from(4) { floor_ray } else { share(terms.bufferBps) };
    assert_eq!((sale.topRay, sale.floorRay), (top_ray, floor_ray), "[L3] where the price begins and ends");

    let sequencer = Sequencer::now(system).expect("[L1] sold while the sequencer's state is not known");
    assert!(sequencer.is_past_grace(before.time_secs), "[L1] sold at {} while {sequencer:?}", before.time_secs);
    assert!(earlier.carried_wad < earlier.owed_wad, "[L1] sold where it is safe at the better prices: {earlier:?}");
    let later = weigh(system, vault_id).expect("it was priced in this very second");
    let (carried, owed) = (wide(earlier.carried_wad), wide(earlier.owed_wad));
    let (carried_after, owed_after) = (wide(later.carried_wad), wide(later.owed_wad));
    let sold_at_par_helps = carried * Wide::from(10_000) >= owed * wide(*threshold_bps);
    if sold_at_par_helps {
        // Three debt units and three wad units of rounding, as `kernel::liquidation::size` derives.
        let unit = usd_wad.div_ceil(U256::from(1_000_000));
        let tolerance = owed * (wide(unit) * Wide::from(3) + Wide::from(3));
        assert!(
            carried_after * owed + tolerance >= carried * owed_after,
            "[L2] {carried}/{owed} became {carried_after}/{owed_after} by {sale:?}"
        );
    } else {
        let index = usize::from(collateral == system.at.wbtc.token);
        let held = before.vaults[usize::try_from(vault_id.to::<u64>()).expect("small") - 1].held_raw[index];
        let limits = system.ask(system.at.auction, &IAuction::limitsCall {});
        let terms = system.ask(system.at.auction, &IAuction::termsCall { collateral });
        let free = |cap: U256, sold: U256| cap.saturating_sub(sold);
        let room = free(limits.capRaw, before.on_sale_raw[0]).min(free(terms.capRaw, before.on_sale_raw[index + 1]));
        let is_whole = later.debt_raw.is_zero() || sale.lotRaw == held;
        assert!(is_whole || room < earlier.debt_raw, "[L2] insolvent, and neither debt nor collateral went whole");
        assert_eq!(sale.dueRaw, sale.debtRaw, "[L2] insolvent, and still a penalty");
    }
}
