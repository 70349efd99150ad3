//! What kinds of action there are.

use super::Lending;
use alloy_primitives::{Address, U256};

/// What kind of action it is; the checks ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Wait(u64),
    Open,
    Deposit,
    Withdraw {
        vault_id: U256,
        index: usize,
        amount_raw: U256,
    },
    Borrow {
        vault_id: U256,
    },
    Repay {
        vault_id: U256,
        amount_raw: U256,
    },
    /// Calls of one transaction on one vault.
    Several {
        vault_id: U256,
        calls: Vec<Kind>,
    },
    Operator,
    Offer,
    Accept,
    Lend(Lending),
    Stake {
        amount_raw: U256,
    },
    Announce {
        shares: U256,
    },
    Unstake {
        shares: U256,
    },
    Collect {
        round: U256,
    },
    Give {
        amount_raw: U256,
    },
    Distribute,
    Cover,
    Accrue,
    RealiseBadDebt {
        vault_id: U256,
    },
    Liquidate {
        vault_id: U256,
        collateral: Address,
    },
    /// With what the recipient does in its callback, where it is called.
    Take {
        auction_id: U256,
        max_lot_raw: U256,
        max_price_ray: U256,
        recipient: Address,
        within: Option<Box<Step>>,
    },
    /// Tells the recipient what to do in its callback.
    Arm,
    Restart {
        auction_id: U256,
    },
    Cure {
        auction_id: U256,
        max_pay_raw: U256,
    },
    Bid {
        auction_id: U256,
        bid_ray: U256,
    },
    Settle {
        auction_id: U256,
    },
    Refund,
    WithdrawSlice,
    Stop,
    Price,
    Sequencer,
    Donate {
        token: Address,
        to: Address,
        amount_raw: U256,
    },
    Parameter,
    /// What the owner sets for feeds, and the guardian's freeze.
    Feeds,
    Poke,
    OfferContract,
    AcceptContract,
    Trespass,
}

impl Kind {
    /// The calls it consists of.
    pub(crate) fn parts(&self) -> &[Self] {
        match self {
            Self::Several { calls, .. } => calls,
            one => std::slice::from_ref(one),
        }
    }

    /// Whether it borrows or withdraws, which only an owner or an operator may.
    pub(crate) fn draws(&self) -> bool {
        self.parts().iter().any(|part| matches!(part, Self::Borrow { .. } | Self::Withdraw { .. }))
    }

    /// Whether it takes collateral out.
    pub(crate) fn withdraws(&self) -> bool {
        self.parts().iter().any(|part| matches!(part, Self::Withdraw { .. }))
    }

    /// A name to count by.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Wait(_) => "wait",
            Self::Open => "open",
            Self::Deposit => "deposit",
            Self::Withdraw { .. } => "withdraw",
            Self::Borrow { .. } => "borrow",
            Self::Repay { .. } => "repay",
            Self::Several { .. } => "several",
            Self::Operator => "operator",
            Self::Offer => "offer",
            Self::Accept => "accept",
            Self::Lend(lending) => lending.name(),
            Self::Stake { .. } => "stake",
            Self::Announce { .. } => "announce",
            Self::Unstake { .. } => "unstake",
            Self::Collect { .. } => "collect",
            Self::Give { .. } => "give",
            Self::Distribute => "distribute",
            Self::Cover => "cover",
            Self::Accrue => "accrue",
            Self::RealiseBadDebt { .. } => "realise bad debt",
            Self::Liquidate { .. } => "liquidate",
            Self::Take { within: Some(_), .. } => "take with a callback",
            Self::Take { .. } => "take",
            Self::Arm => "arm",
            Self::Restart { .. } => "restart",
            Self::Cure { .. } => "cure",
            Self::Bid { .. } => "bid",
            Self::Settle { .. } => "settle",
            Self::Refund => "refund",
            Self::WithdrawSlice => "withdraw a slice",
            Self::Stop => "stop",
            Self::Price => "price",
            Self::Sequencer => "sequencer",
            Self::Donate { .. } => "donate",
            Self::Parameter => "parameter",
            Self::Feeds => "feeds",
            Self::Poke => "poke",
            Self::OfferContract => "offer a contract",
            Self::AcceptContract => "accept a contract",
            Self::Trespass => "trespass",
        }
    }
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) kind: Kind,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) calldata: Vec<u8>,
    /// The call's signature, for messages.
    pub(crate) call: &'static str,
}
