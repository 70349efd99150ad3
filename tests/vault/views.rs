//! Views that are more than a stored word, and calls no contract knows.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use interface::{IShared, IVault};
use kernel::books::Unpaid;
use support::{
    Contract, Revert, System,
    actors::{ALICE, OPERATOR, OWNER},
    doubles::IScriptedFeed,
    system::{CEILING_RAW, FEED_DOLLAR, MIN_DEBT_RAW, USD, WBTC, WETH, constructor},
};

support::scenarios! {
    both {
        the_price_is_of_a_base_unit_in_base_units_rounded_up,
        a_call_that_no_contract_knows_reverts_without_data,
        a_constructor_runs_once_and_names_an_owner,
        extsload_gives_the_stored_words_in_the_order_asked_for,
    }
    native {
        an_account_without_debt_is_shown_without_prices,
        views_refuse_a_vault_that_is_not_there,
        views_refuse_a_token_that_is_not_listed,
        collaterals_are_listed_in_the_order_of_their_listing,
        a_call_cut_short_reverts_without_data,
        health_rounds_down_and_debt_value_up,
        a_constructor_refuses_a_debt_asset_that_is_no_token,
    }
}

fn the_price_is_of_a_base_unit_in_base_units_rounded_up(system: &mut System) {
    let at = system.at;
    let price = |system: &System, collateral| system.ask(at.vault, &IVault::priceRayCall { collateral });
    // 2,000 * 1e6 / 1e18 and 40,000 * 1e6 / 1e8, times 1e27.
    assert_eq!(price(system, at.weth.token), U256::from(2_000_000_000_000_000_000_u128));
    assert_eq!(price(system, at.wbtc.token), U256::from(400) * U256::from(10).pow(U256::from(27)));
    // At 1.00000003 dollars for the debt asset: 2,000 / 1.00000003 is 1999.9999400000018 and goes on.
    system.set_answer(at.usd, FEED_DOLLAR + 3);
    assert_eq!(price(system, at.weth.token), U256::from(1_999_999_940_000_001_800_u128));
}

fn extsload_gives_the_stored_words_in_the_order_asked_for(system: &mut System) {
    use support::vault_layout::{self as layout, Lent, Pricing, Selling};
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 300 * USD);
    let slots = [layout::LENT, layout::CASH, layout::DEBT, layout::SIZING, layout::SELLING, layout::PRICING];
    let mut slots: Vec<_> = slots.iter().map(|slot| slot.at().into()).collect();
    let of_vault_one = |map: u64| keccak256((U256::ONE, U256::from(map)).abi_encode());
    slots.push(of_vault_one(11));
    slots.push(of_vault_one(12));
    slots.push(B256::repeat_byte(0xab));
    let words = system.ask(at.vault, &IVault::extsloadCall { slots });
    let word = |index: usize| U256::from_be_bytes(words[index].0);
    let lent = Lent::from_word(word(0));
    assert_eq!((lent.asset, lent.decimals, lent.min_debt_raw.0), (at.usd.token, 6, U256::from(MIN_DEBT_RAW)));
    let (books, sizing) = (layout::books(word(1), word(2)), layout::Sizing::from_word(word(3)));
    let selling = Selling::from_word(word(4));
    let unpaid = Unpaid { on_auction_raw: selling.on_auction_raw, bad_debt_raw: sizing.bad_debt_raw };
    let said = system.books();
    assert_eq!((books.cash_raw.0, books.funded_raw.0), (said.cashRaw, said.fundedRaw));
    assert_eq!((books.debt_shares.0, books.index.0), (said.debtShares, said.indexRay));
    assert_eq!(books.accrued_at.widen(), said.accruedAtSecs);
    assert_eq!((unpaid.on_auction_raw.0, unpaid.bad_debt_raw.0), (said.onAuctionRaw, said.badDebtRaw));
    assert_eq!(books.surplus(&unpaid).map(|raw| raw.0), Ok(said.surplusRaw));
    assert_eq!(selling.auction, at.auction);
    let pricing = Pricing::from_word(word(5));
    assert_eq!((pricing.oracle, pricing.ceiling_raw.0), (at.oracle, U256::from(CEILING_RAW)));
    let head = layout::Head::from_word(word(6));
    assert_eq!((head.owner, head.transfers), (ALICE, U256::ZERO));
    let contents = layout::Contents::from_word(word(7));
    assert_eq!((contents.held, contents.shares.0), (layout::bit_of(1), U256::from(300 * USD)));
    assert_eq!((contents.seat, contents.seat_raw.0), (1, U256::from(WETH)));
    assert_eq!(word(8), U256::ZERO);
    assert!(system.ask(at.vault, &IVault::extsloadCall { slots: Vec::new() }).is_empty());
}

fn a_call_that_no_contract_knows_reverts_without_data(system: &mut System) {
    for contract in [system.at.oracle, system.at.vault, system.at.auction] {
        for calldata in [&[][..], &[1, 2, 3], &[0xde, 0xad, 0xbe, 0xef], &[0; 68]] {
            assert_eq!(system.world.execute(ALICE, contract, calldata), Err(Revert(Vec::new())));
        }
    }
}

fn a_constructor_runs_once_and_names_an_owner(system: &mut System) {
    let arguments = (ALICE, system.at.usd.token, system.at.oracle).abi_encode_params();
    let again = system.world.execute(ALICE, system.at.vault, &constructor(&arguments));
    assert!(again.is_err(), "the vault was constructed twice");
    assert_eq!(system.ask(system.at.vault, &IShared::ownerCall {}), OWNER);
}

fn a_constructor_refuses_a_debt_asset_that_is_no_token(system: &mut System) {
    let nobody = Address::repeat_byte(0x99);
    let deploy = |system: &mut System, owner, asset, oracle| {
        system
            .world
            .deploy_contract(Contract::Vault, &constructor(&(owner, asset, oracle).abi_encode_params()))
            .unwrap_err()
    };
    let at = system.at;
    assert_eq!(deploy(system, OWNER, nobody, at.oracle).0, IShared::CallFailed { target: nobody }.abi_encode());
    assert_eq!(deploy(system, OWNER, at.usd.token, nobody).0, IShared::CallFailed { target: nobody }.abi_encode());
    assert_eq!(deploy(system, Address::ZERO, at.usd.token, at.oracle).0, IShared::ZeroAddress {}.abi_encode());
}

fn an_account_without_debt_is_shown_without_prices(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    let account = |system: &System| system.ask(at.vault, &IVault::accountCall { vaultId: U256::from(1) });
    assert_eq!(account(system).healthWad, U256::MAX);
    assert_eq!(account(system).thresholdValueWad, U256::from(1_600 * WETH));
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let shown = account(system);
    assert_eq!((shown.owner, shown.debtRaw, shown.healthWad), (ALICE, U256::ZERO, U256::MAX));
    assert_eq!(system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::from(1) }), U256::MAX);
}

fn views_refuse_a_vault_that_is_not_there(system: &mut System) {
    fn refuse<C: SolCall>(system: &System, call: &C) {
        system.ask_refused(system.at.vault, call, &IVault::UnknownVault { vaultId: U256::from(3) });
    }
    let id = U256::from(3);
    system.open_vault(ALICE, &[]);
    refuse(system, &IVault::accountCall { vaultId: id });
    refuse(system, &IVault::healthFactorCall { vaultId: id });
    refuse(system, &IVault::debtOfCall { vaultId: id });
    refuse(system, &IVault::ownerOfCall { vaultId: id });
    refuse(system, &IVault::isOperatorCall { vaultId: id, operator: ALICE });
    refuse(system, &IVault::offeredToCall { vaultId: id });
    refuse(system, &IVault::collateralsOfCall { vaultId: id });
    refuse(system, &IVault::collateralOfCall { vaultId: id, collateral: system.at.weth.token });
}

fn views_refuse_a_token_that_is_not_listed(system: &mut System) {
    let usd = system.at.usd.token;
    system.open_vault(ALICE, &[]);
    let refusal = IVault::UnknownCollateral { collateral: usd };
    system.ask_refused(system.at.vault, &IVault::collateralCall { token: usd }, &refusal);
    system.ask_refused(system.at.vault, &IVault::priceRayCall { collateral: usd }, &refusal);
    system.ask_refused(system.at.vault, &IVault::collateralOfCall { vaultId: U256::ONE, collateral: usd }, &refusal);
}

fn collaterals_are_listed_in_the_order_of_their_listing(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.wbtc, WBTC), (at.weth, WETH)]);
    let both = [at.weth.token, at.wbtc.token];
    assert_eq!(system.ask(at.vault, &IVault::collateralsCall {}), both);
    assert_eq!(system.ask(at.vault, &IVault::collateralsOfCall { vaultId: U256::ONE }), both);
}

fn a_call_cut_short_reverts_without_data(system: &mut System) {
    let call = IVault::depositCall { vaultId: U256::ONE, collateral: system.at.weth.token, amountRaw: U256::ONE };
    let data = call.abi_encode();
    for length in [4, 35, 36, 99] {
        assert_eq!(system.world.execute(ALICE, system.at.vault, &data[..length]), Err(Revert(Vec::new())));
    }
    // An address with something above its twenty bytes.
    let mut dirty = data;
    dirty[36] = 1;
    assert_eq!(system.world.execute(ALICE, system.at.vault, &dirty), Err(Revert(Vec::new())));
}

fn health_rounds_down_and_debt_value_up(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 300 * USD + 1);
    // A debt asset at 0.99999999 dollars: 300.000001 * 0.99999999 is 299.99999799999999, in wads exact.
    system.set_answer(at.usd, FEED_DOLLAR - 1);
    let account = system.ask(at.vault, &IVault::accountCall { vaultId: U256::ONE });
    assert_eq!(account.debtValueWad, U256::from(299_999_997_999_999_990_000_u128));
    // 1,600 / 299.99999799999999 is 5.333333368888889304...
    assert_eq!(account.healthWad, U256::from(5_333_333_368_888_889_303_u128));
}
