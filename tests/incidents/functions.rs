//! Every function of `abi/I*.sol` with arguments to call it by: the names of its parameters say which.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::SolCall;
use interface::{IAuction, IOracle, IReserve, IVault};
use std::fs;
use support::{
    System,
    actors::{BUYER, LENDER},
    repository_root,
    system::{USD, WAD, WETH, flat_rate, usual_reward, usual_terms},
};

use crate::scene::n;

/// A function of one of the contracts.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) contract: Address,
    pub(crate) interface: &'static str,
    pub(crate) name: String,
    pub(crate) is_view: bool,
    /// Type and name of each parameter.
    parameters: Vec<(String, String)>,
}

/// What the arguments refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subjects {
    /// Who calls.
    pub(crate) caller: Address,
    /// The vault that is being sold, one of the caller's, and one that was offered to it.
    pub(crate) sold_id: U256,
    pub(crate) own_id: U256,
    pub(crate) offered_id: U256,
    /// The auction.
    pub(crate) auction_id: U256,
}

/// All functions of all contracts, those that all share once for each.
pub(crate) fn functions(system: &System) -> Vec<Function> {
    let at = system.at;
    let contracts = [
        ("IOracle", at.oracle),
        ("IVault", at.vault),
        ("IAuction", at.auction),
        ("IPool", at.pool),
        ("IReserve", at.reserve),
        ("ILens", at.lens),
    ];
    let of = |(interface, contract): (&'static str, Address)| {
        let own = read(interface, contract, interface);
        own.into_iter().chain(read("IShared", contract, interface))
    };
    // What a buyer's contract has is declared in the same file, and is no function of ours.
    contracts.into_iter().flat_map(of).filter(|function| function.name != "onSpillwayTake").collect()
}

fn read(file: &str, contract: Address, interface: &'static str) -> Vec<Function> {
    let text = fs::read_to_string(repository_root().join(format!("abi/{file}.sol"))).expect("an interface");
    let mut found = Vec::new();
    for part in text.split("\n    function ").skip(1) {
        let declaration = part.split_once(';').expect("a declaration").0;
        let (name, rest) = declaration.split_once('(').expect("parameters");
        let (parameters, rest) = rest.split_once(')').expect("parameters");
        let parameters = parameters.split(", ").filter(|parameter| !parameter.is_empty()).map(|parameter| {
            let words: Vec<&str> = parameter.split(' ').collect();
            (words[0].to_owned(), words[words.len() - 1].to_owned())
        });
        found.push(Function {
            contract,
            interface,
            name: name.to_owned(),
            is_view: rest.contains(" view"),
            parameters: parameters.collect(),
        });
    }
    assert!(!found.is_empty(), "{file} was read");
    found
}

impl Function {
    /// The interface and the name.
    pub(crate) fn full_name(&self) -> String {
        format!("{}.{}", self.interface, self.name)
    }

    /// A call of it.
    pub(crate) fn call(&self, system: &System, subjects: &Subjects) -> Vec<u8> {
        if let Some(whole) = self.whole(system, subjects) {
            return whole;
        }
        let types: Vec<&str> = self.parameters.iter().map(|(kind, _)| kind.as_str()).collect();
        let signature = format!("{}({})", self.name, types.join(","));
        let mut calldata = keccak256(signature)[..4].to_vec();
        for (kind, name) in &self.parameters {
            let is_word = ["uint256", "address", "bool", "uint8", "bytes32"].contains(&kind.as_str());
            assert!(is_word, "{} takes {kind}, which is written out as a whole", self.full_name());
            calldata.extend_from_slice(self.argument(name, system, subjects).as_slice());
        }
        calldata
    }

    /// Calls with arguments of more than a word.
    fn whole(&self, system: &System, subjects: &Subjects) -> Option<Vec<u8>> {
        let (at, weth) = (system.at, system.at.weth.token);
        Some(match self.name.as_str() {
            "multicall" => {
                let deposit =
                    IVault::depositCall { vaultId: subjects.own_id, collateral: weth, amountRaw: n(WETH / 7) };
                let borrow =
                    IVault::borrowCall { vaultId: subjects.own_id, amountRaw: n(3 * USD), to: subjects.caller };
                let calls = vec![deposit.abi_encode().into(), borrow.abi_encode().into()];
                IVault::multicallCall { calls }.abi_encode()
            }
            "take" => crate::scene::take(subjects.auction_id, n(WETH / 100), subjects.caller).abi_encode(),
            "prices" => IOracle::pricesCall { assets: vec![weth, at.usd.token] }.abi_encode(),
            "ranges" => IOracle::rangesCall { assets: vec![weth, at.usd.token] }.abi_encode(),
            "positions" => {
                interface::ILens::positionsCall { vaultIds: vec![subjects.sold_id, subjects.own_id] }.abi_encode()
            }
            "extsload" => {
                // The first slots, in which totals and parameters are.
                let slots = (0..16_u64).map(|slot| B256::from(U256::from(slot))).collect();
                IVault::extsloadCall { slots }.abi_encode()
            }
            "setTerms" => {
                let terms = IAuction::Terms { tailSecs: n(3_000), ..usual_terms() };
                IAuction::setTermsCall { collateral: weth, newTerms: terms }.abi_encode()
            }
            "setReward" => {
                let reward = IAuction::Reward { shareBps: n(11), ..usual_reward() };
                IAuction::setRewardCall { newReward: reward }.abi_encode()
            }
            "setRateCurve" => {
                let mut call = flat_rate(315);
                call.newCurve.reserveBps = n(2_000);
                call.abi_encode()
            }
            "setRules" => {
                let rules = system.ask(at.reserve, &IReserve::rulesCall {});
                let rules = IReserve::Rules { stakersBps: n(4_000), ..rules };
                IReserve::setRulesCall { newRules: rules }.abi_encode()
            }
            _ => return None,
        })
    }

    /// An argument of one word.
    fn argument(&self, name: &str, system: &System, subjects: &Subjects) -> B256 {
        let at = system.at;
        let number = |value: u128| B256::from(n(value));
        let id = |value: U256| B256::from(value);
        let address = |value: Address| value.into_word();
        match (self.name.as_str(), name) {
            ("deposit" | "depositWithPermit" | "repay" | "repayWithPermit", "vaultId") => id(subjects.sold_id),
            ("withdraw" | "borrow" | "setOperator" | "offerVault", "vaultId") => id(subjects.own_id),
            ("acceptVault", "vaultId") => id(subjects.offered_id),
            (_, "vaultId") => id(subjects.sold_id),
            (_, "auctionId") => id(subjects.auction_id),
            (_, "firstId" | "allowed" | "level") => number(1),
            (_, "offset" | "round") => number(0),
            (_, "limit") => number(10),
            ("getQuote" | "getQuotes", "quote") => address(at.usd.token),
            (_, "asset" | "collateral" | "token" | "base") => address(at.weth.token),
            ("permit" | "nonces", "owner") => address(LENDER),
            ("transferFrom", "from") => address(LENDER),
            (_, "to" | "from" | "payer" | "owner" | "receiver" | "account" | "staker" | "bidder" | "keeper") => {
                address(subjects.caller)
            }
            (_, "newOwner" | "newGuardian" | "newTreasury" | "operator" | "spender") => address(BUYER),
            (_, "aggregator") if self.name == "setFeed" => address(at.weth.feed),
            (_, "aggregator" | "rateFeed") => address(at.usd.feed),
            (_, "uptimeFeed") => address(at.sequencer),
            (_, "auctionContract" | "poolContract" | "reserveContract") => address(subjects.caller),
            (_, "baseAmount") => number(WETH),
            ("mint" | "previewMint" | "redeem" | "previewRedeem" | "convertToAssets", "shares")
            | ("announceUnstake" | "unstake" | "previewUnstake", "shares") => number(5_000_000_000_000),
            ("transfer" | "transferFrom" | "approve" | "permit", "value") => number(7_000_000_000),
            (_, "assets") => number(11 * USD),
            ("deposit" | "depositWithPermit" | "withdraw", "amountRaw") => number(WETH / 50),
            (_, "amountRaw" | "principalRaw" | "bidRay" | "roomRaw") => number(13 * USD),
            (_, "penaltyRaw" | "returnedLotRaw" | "unpaidDebtRaw" | "sliceRaw") => number(1),
            (_, "maxLotRaw") => number(WETH / 100),
            (_, "maxPriceRay" | "maxPayRaw" | "deadline" | "deadlineSecs") => id(U256::MAX),
            (_, "v") => number(27),
            (_, "r" | "s") => B256::ZERO,
            (_, "horizonSecs") => number(86_400),
            (_, "heartbeatSecs") => number(80_000),
            (_, "graceSecs") => number(60),
            (_, "minWad") => number(1),
            (_, "maxWad") => number(1_000_000 * WAD),
            (_, "softBps") => number(100),
            (_, "hardBps") => number(500),
            (_, "jumpBps") => number(1_000),
            (_, "sigmas") => number(3),
            (_, "holdSecs") => number(600),
            (_, "snapshotRateWad") => number(WAD),
            (_, "snapshotAtSecs") => number(u128::from(system.world.time_secs()) - 700_000),
            (_, "growthBps") => number(100),
            (_, "ltvBps") => number(7_400),
            ("setThreshold", "thresholdBps") => number(7_900),
            (_, "thresholdBps") => number(8_000),
            (_, "penaltyBps") => number(900),
            (_, "rampSecs") => number(86_400),
            (_, "ceilingRaw" | "capRaw") => number(4_000_000_000 * USD),
            (_, "minDebtRaw") => number(90 * USD),
            (_, "minDueRaw") => number(40 * USD),
            (_, "targetHealthWad") => number(WAD / 100 * 106),
            (_, "wholeShareBps") => number(8_000),
            (_, "isLast") => B256::ZERO,
            _ => panic!("{} takes a {name}, for which there is no argument", self.full_name()),
        }
    }
}
