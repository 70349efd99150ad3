//! The whole system set up in a world: six contracts, a debt asset, two collaterals, their feeds, and actors with means.
//!
//! The numbers are round on purpose. The debt asset `usd` has 6 decimals and costs 1; `weth` has 18 and costs 2,000; `wbtc` has
//! 8 and costs 40,000. Nothing is borrowed and nobody has a vault. [`Coins`] makes the same of another debt asset, or with other decimals.

use crate::{
    actors::{ALICE, BOB, BUYER, LENDER, OPERATOR, OWNER, RIVAL},
    doubles::{IScriptedFeed, ITestToken},
    native::NativeWorld,
    wasm::WasmWorld,
    world::{Contract, Done, Log, Revert, TokenKind, World},
};
use alloy_primitives::{Address, I256, U256, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolValue};
use interface::{IAuction, IOracle, IPool, IReserve, IVault};
use std::cell::RefCell;

/// 1e18.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// 1e27.
pub const RAY: u128 = 1_000_000_000_000_000_000_000_000_000;
/// One dollar of the debt asset, in base units.
pub const USD: u128 = 1_000_000;
/// One whole ether, in base units.
pub const WETH: u128 = WAD;
/// One whole bitcoin, in base units.
pub const WBTC: u128 = 100_000_000;
/// One dollar in the feeds' own decimals.
pub const FEED_DOLLAR: i128 = 100_000_000;
/// The oldest answer the feeds may give.
pub const HEARTBEAT_SECS: u64 = 86_400;
/// How long prices rest after the sequencer has come back.
pub const GRACE_SECS: u64 = 3_600;
/// The least a vault may owe.
pub const MIN_DEBT_RAW: u128 = 100 * USD;
/// What all vaults may owe.
pub const CEILING_RAW: u128 = 5_000_000 * USD;
/// What is lent to the system.
pub const FUNDED_RAW: u128 = 2_000_000 * USD;
/// What the pool may come to hold.
pub const DEPOSIT_CAP_RAW: u128 = 20_000_000 * USD;
/// What is given to the surplus.
pub const SURPLUS_RAW: u128 = 10_000 * USD;
/// The least that may be left due in an auction.
pub const MIN_DUE_RAW: u128 = 50 * USD;
/// What may be due at once in all auctions.
pub const AUCTION_CAP_RAW: u128 = 1_000_000 * USD;
/// The keeper's flat reward.
pub const REWARD_FLAT_RAW: u128 = 5 * USD;
/// The keeper's share of what is due.
pub const REWARD_SHARE_BPS: u64 = 10;
/// The share of the penalty that the keeper's reward never exceeds.
pub const REWARD_MAX_PENALTY_BPS: u64 = 5_000;

/// A token and the feed that prices it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// What tests call it.
    pub name: &'static str,
    /// The token.
    pub token: Address,
    /// Its feed.
    pub feed: Address,
}

/// What the debt asset and the `weth` of a [`System`] are.
#[derive(Debug, Clone, Copy)]
pub struct Coins {
    /// How the debt asset behaves.
    pub debt: TokenKind,
    /// The debt asset's decimals.
    pub debt_decimals: u8,
    /// The decimals of `weth`.
    pub weth_decimals: u8,
}

/// An honest debt asset of 6 decimals, and an ether of 18.
pub const USUAL_COINS: Coins = Coins { debt: TokenKind::Honest, debt_decimals: 6, weth_decimals: 18 };

impl Coins {
    /// An amount of the debt asset, given in [`USD`], in its own base units.
    pub fn usd(&self, usual_raw: u128) -> U256 {
        U256::from(usual_raw) * ten_to(self.debt_decimals) / U256::from(USD)
    }

    /// An amount of `weth`, given in [`WETH`], in its own base units.
    pub fn weth(&self, usual_raw: u128) -> U256 {
        U256::from(usual_raw) * ten_to(self.weth_decimals) / U256::from(WETH)
    }

    /// What an asset is given by the scene, in its own base units.
    fn amount(&self, at: &Addresses, asset: Asset, usual_raw: u128) -> U256 {
        match asset {
            asset if asset == at.usd => self.usd(usual_raw),
            asset if asset == at.weth => self.weth(usual_raw),
            _ => U256::from(usual_raw),
        }
    }

    /// The terms collaterals are sold by, with a cap in this debt asset.
    pub fn terms(&self) -> IAuction::Terms {
        IAuction::Terms { capRaw: self.usd(AUCTION_CAP_RAW), ..usual_terms() }
    }
}

/// The contracts, tokens and feeds of a [`System`].
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// The oracle contract.
    pub oracle: Address,
    /// The vault contract.
    pub vault: Address,
    /// The auction contract.
    pub auction: Address,
    /// The pool contract.
    pub pool: Address,
    /// The reserve contract.
    pub reserve: Address,
    /// The lens contract.
    pub lens: Address,
    /// The debt asset, 6 decimals.
    pub usd: Asset,
    /// A collateral of 18 decimals.
    pub weth: Asset,
    /// A collateral of 8 decimals.
    pub wbtc: Asset,
    /// The sequencer's uptime feed.
    pub sequencer: Address,
}

/// A world with the system in it.
pub struct System {
    /// The world.
    pub world: Box<dyn World>,
    /// Where everything is.
    pub at: Addresses,
    /// The last transaction that took effect.
    pub last: Done,
}

impl System {
    /// The system in a new native world.
    pub fn native() -> Self {
        Self::set_up(Box::new(NativeWorld::default()))
    }

    /// The system on a new local chain.
    ///
    /// # Panics
    /// When an artifact is missing; the message names the command that makes it.
    pub fn wasm() -> Self {
        thread_local! {
            static PREPARED: RefCell<Option<(WasmWorld, Addresses)>> = const { RefCell::new(None) };
        }
        PREPARED.with_borrow_mut(|prepared| {
            let (world, at) = prepared.get_or_insert_with(|| {
                let mut world = WasmWorld::default();
                let at = Self::set_up_in(&mut world);
                (world, at)
            });
            Self { world: Box::new(world.clone()), at: *at, last: nothing_done() }
        })
    }

    /// The system in a world that is given.
    pub fn set_up(mut world: Box<dyn World>) -> Self {
        let at = Self::set_up_in(world.as_mut());
        Self::with(world, at)
    }

    /// The system in a world that is given, with a debt asset that behaves like `kind`.
    pub fn set_up_with_debt_asset(mut world: Box<dyn World>, kind: TokenKind) -> Self {
        let at = Self::set_up_with(world.as_mut(), &Coins { debt: kind, ..USUAL_COINS });
        Self::with(world, at)
    }

    /// A system that has been set up by [`System::set_up_in`].
    pub fn with(world: Box<dyn World>, at: Addresses) -> Self {
        Self { world, at, last: nothing_done() }
    }

    /// Deploys the contracts and leaves every parameter as the constructor left it.
    pub fn deploy(world: &mut dyn World) -> Addresses {
        Self::deploy_with(world, &USUAL_COINS)
    }

    /// [`System::deploy`], with a debt asset that behaves like `kind`.
    pub fn deploy_with_debt_asset(world: &mut dyn World, kind: TokenKind) -> Addresses {
        Self::deploy_with(world, &Coins { debt: kind, ..USUAL_COINS })
    }

    fn deploy_with(world: &mut dyn World, coins: &Coins) -> Addresses {
        let asset = |world: &mut dyn World, name, kind, decimals| Asset {
            name,
            token: world.deploy_token(kind, decimals),
            feed: world.deploy_feed(8),
        };
        let usd = asset(world, "usd", coins.debt, coins.debt_decimals);
        let weth = asset(world, "weth", TokenKind::Honest, coins.weth_decimals);
        let wbtc = asset(world, "wbtc", TokenKind::Honest, 8);
        let sequencer = world.deploy_feed(0);
        let mut deploy = |contract, arguments: Vec<u8>| {
            world
                .deploy_contract(contract, &constructor(&arguments))
                .unwrap_or_else(|refusal| panic!("{contract:?}: {refusal:?}"))
        };
        let oracle = deploy(Contract::Oracle, (OWNER,).abi_encode_params());
        let vault = deploy(Contract::Vault, (OWNER, usd.token, oracle).abi_encode_params());
        let auction = deploy(Contract::Auction, (OWNER, vault).abi_encode_params());
        let reserve = deploy(Contract::Reserve, (OWNER, vault).abi_encode_params());
        let pool = deploy(Contract::Pool, (OWNER, vault, reserve).abi_encode_params());
        let lens = deploy(Contract::Lens, (vault, auction).abi_encode_params());
        Addresses { oracle, vault, auction, pool, reserve, lens, usd, weth, wbtc, sequencer }
    }

    /// Deploys the contracts, sets the parameters, gives the actors their means.
    pub fn set_up_in(world: &mut dyn World) -> Addresses {
        Self::set_up_with(world, &USUAL_COINS)
    }

    /// The same with other coins.
    pub fn set_up_with(world: &mut dyn World, coins: &Coins) -> Addresses {
        let at = Self::deploy_with(world, coins);
        Setter { world, coins }.all(&at);
        at
    }

    /// Sends a transaction; what it did is in [`System::last`].
    ///
    /// # Errors
    /// The revert data, when it was refused.
    pub fn send<C: SolCall>(&mut self, from: Address, to: Address, call: &C) -> Result<C::Return, Revert> {
        self.last = self.world.execute(from, to, &call.abi_encode())?;
        Ok(decode::<C>(&self.last.output))
    }

    /// Sends a transaction that must take effect.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn must<C: SolCall>(&mut self, from: Address, to: Address, call: &C) -> C::Return {
        self.send(from, to, call).unwrap_or_else(|refusal| panic!("{} from {from}: {refusal:?}", C::SIGNATURE))
    }

    /// Sends a transaction that must be refused with exactly `error`, and must change nothing.
    ///
    /// # Panics
    /// When it takes effect, is refused otherwise, or leaves something changed.
    #[track_caller]
    pub fn refused<C: SolCall>(&mut self, from: Address, to: Address, call: &C, error: &impl SolError) {
        let before = (self.observe(), self.world.whole_storage());
        match self.world.execute(from, to, &call.abi_encode()) {
            Ok(done) => panic!("{} from {from} was not refused and did {:?}", C::SIGNATURE, done.logs),
            Err(refusal) => assert_eq!(refusal, crate::revert_of(error), "{} from {from}", C::SIGNATURE),
        }
        assert_eq!(
            before,
            (self.observe(), self.world.whole_storage()),
            "{} was refused and changed something",
            C::SIGNATURE
        );
    }

    /// Asks.
    ///
    /// # Errors
    /// The revert data.
    pub fn try_ask<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, Revert> {
        self.world.view(to, &call.abi_encode()).map(|output| decode::<C>(&output))
    }

    /// Asks what must be answered.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn ask<C: SolCall>(&self, to: Address, call: &C) -> C::Return {
        self.try_ask(to, call).unwrap_or_else(|refusal| panic!("{}: {refusal:?}", C::SIGNATURE))
    }

    /// Asks what must be refused with exactly `error`.
    ///
    /// # Panics
    /// When it is answered or refused otherwise.
    #[track_caller]
    pub fn ask_refused<C: SolCall>(&self, to: Address, call: &C, error: &impl SolError) {
        match self.world.view(to, &call.abi_encode()) {
            Ok(_) => panic!("{} was answered", C::SIGNATURE),
            Err(refusal) => assert_eq!(refusal, crate::revert_of(error), "{}", C::SIGNATURE),
        }
    }

    /// What our contracts emitted in the last transaction, in order; tokens' events are left out.
    pub fn events(&self) -> Vec<Log> {
        let ours = [self.at.oracle, self.at.vault, self.at.auction, self.at.pool, self.at.reserve];
        self.last.logs.iter().filter(|log| ours.contains(&log.emitter)).cloned().collect()
    }

    /// Lets time pass. Feeds grow older with it.
    pub fn wait(&mut self, secs: u64) {
        self.world.advance_secs(secs);
    }

    /// The time as a number of the ABI.
    pub fn now(&self) -> U256 {
        U256::from(self.world.time_secs())
    }

    /// Lets the feed of `asset` answer `dollars` now, in whole dollars.
    pub fn set_price(&mut self, asset: Asset, dollars: i128) {
        self.set_answer(asset, dollars * FEED_DOLLAR);
    }

    /// Lets the feed of `asset` answer `answer` now, in the feed's own decimals.
    pub fn set_answer(&mut self, asset: Asset, answer: i128) {
        self.must(OPERATOR, asset.feed, &IScriptedFeed::pushCall { answer: to_i256(answer) });
    }

    /// Lets all price feeds say again what they said, now.
    pub fn refresh_prices(&mut self) {
        for asset in [self.at.usd, self.at.weth, self.at.wbtc] {
            let round = self.ask(asset.feed, &IScriptedFeed::latestRoundDataCall {});
            self.must(OPERATOR, asset.feed, &IScriptedFeed::pushCall { answer: round.answer });
        }
    }

    /// Gives `asset` a second source, which answers `dollars`, and differs softly from a percent on and hard from ten percent on;
    /// answers the asset with that feed.
    pub fn second_source(&mut self, asset: Asset, dollars: i128) -> Asset {
        let second = Asset { feed: self.world.deploy_feed(8), ..asset };
        self.set_price(second, dollars);
        let set = IOracle::setSecondCall {
            asset: asset.token,
            aggregator: second.feed,
            heartbeatSecs: U256::from(HEARTBEAT_SECS),
            softBps: U256::from(100),
            hardBps: U256::from(1_000),
        };
        self.must(OWNER, self.at.oracle, &set);
        second
    }

    /// Lets a feed answer as `behaviour` says.
    pub fn set_behaviour(&mut self, feed: Address, behaviour: IScriptedFeed::Behaviour) {
        self.must(OPERATOR, feed, &IScriptedFeed::setBehaviourCall { behaviour });
    }

    /// Says that the sequencer is up or down since `since_secs`.
    pub fn set_sequencer(&mut self, is_up: bool, since_secs: u64) {
        set_sequencer(self.world.as_mut(), self.at.sequencer, is_up, since_secs);
    }

    /// What `holder` holds of `token`.
    pub fn balance(&self, token: Address, holder: Address) -> U256 {
        self.ask(token, &ITestToken::balanceOfCall { account: holder })
    }

    /// Opens a vault with collateral.
    pub fn open_vault(&mut self, borrower: Address, deposits: &[(Asset, u128)]) -> U256 {
        let vault_id = self.must(borrower, self.at.vault, &IVault::openCall {});
        for (asset, amount) in deposits {
            let deposit =
                IVault::depositCall { vaultId: vault_id, collateral: asset.token, amountRaw: U256::from(*amount) };
            self.must(borrower, self.at.vault, &deposit);
        }
        vault_id
    }

    /// Opens a vault with collateral and debt.
    pub fn open_indebted(&mut self, borrower: Address, deposits: &[(Asset, u128)], debt_raw: u128) -> U256 {
        let vault_id = self.open_vault(borrower, deposits);
        self.must(
            borrower,
            self.at.vault,
            &IVault::borrowCall { vaultId: vault_id, amountRaw: U256::from(debt_raw), to: borrower },
        );
        vault_id
    }

    /// Lends `amount_raw` to the system: the lender brings it to the pool.
    pub fn fund(&mut self, amount_raw: u128) {
        let call = IPool::depositCall { assets: U256::from(amount_raw), receiver: LENDER };
        self.must(LENDER, self.at.pool, &call);
    }

    /// Takes `amount_raw` of what was lent out again.
    pub fn defund(&mut self, amount_raw: U256) {
        let call = IPool::withdrawCall { assets: amount_raw, receiver: LENDER, owner: LENDER };
        self.must(LENDER, self.at.pool, &call);
    }

    /// Gives `amount_raw` to the surplus: the lender donates it to the reserve.
    pub fn give_surplus(&mut self, amount_raw: u128) {
        self.must(LENDER, self.at.reserve, &IReserve::donateCall { amountRaw: U256::from(amount_raw) });
    }

    /// The books.
    pub fn books(&self) -> IVault::Books {
        self.ask(self.at.vault, &IVault::booksCall {})
    }
}

/// An event as it is expected in [`System::events`].
pub fn event(emitter: Address, event: &impl SolEvent) -> Log {
    let data = event.encode_log_data();
    Log { emitter, topics: data.topics().to_vec(), data: data.data.to_vec() }
}

/// The calldata of a constructor: the SDK's selector, which is the same whatever the parameters, and the arguments.
pub fn constructor(arguments: &[u8]) -> Vec<u8> {
    let mut calldata = keccak256("stylus_constructor()")[..4].to_vec();
    calldata.extend_from_slice(arguments);
    calldata
}

/// The terms collaterals are sold by: exponential, 5 basis points a second, from 20% above the oracle down to 40% of it.
pub fn usual_terms() -> IAuction::Terms {
    IAuction::Terms {
        curve: U256::from(3),
        cutRay: U256::from(RAY / 10_000 * 9_995),
        stepSecs: U256::from(1),
        bufferBps: U256::from(12_000),
        tailSecs: U256::from(2_400),
        cuspBps: U256::from(4_000),
        floorBps: U256::from(3_500),
        capRaw: U256::from(AUCTION_CAP_RAW),
    }
}

/// What keepers earn.
pub fn usual_reward() -> IAuction::Reward {
    IAuction::Reward {
        flatRaw: U256::from(REWARD_FLAT_RAW),
        shareBps: U256::from(REWARD_SHARE_BPS),
        maxPenaltyBps: U256::from(REWARD_MAX_PENALTY_BPS),
    }
}

/// One whole token.
fn ten_to(decimals: u8) -> U256 {
    U256::from(10).pow(U256::from(decimals))
}

/// A number of an answer.
pub fn to_i256(value: i128) -> I256 {
    I256::try_from(value).expect("128 bits fit in 256")
}

/// The factor by which a debt grows in a second at so much interest a year, however much is lent.
pub fn per_second_ray(yearly_bps: u64) -> U256 {
    U256::from(RAY + u128::from(yearly_bps) * (RAY / 10_000 / 31_536_000))
}

/// The call that asks for the same interest however much is lent, all of it for the surplus.
pub fn flat_rate(yearly_bps: u64) -> IVault::setRateCurveCall {
    shared_rate(yearly_bps, 10_000)
}

/// The same with `reserve_bps` of the interest for the surplus and the rest for the lenders.
pub fn shared_rate(yearly_bps: u64, reserve_bps: u64) -> IVault::setRateCurveCall {
    let curve = IVault::RateCurve {
        baseYearlyBps: U256::from(yearly_bps),
        kinkPercent: U256::ONE,
        slope1YearlyBps: U256::ZERO,
        slope2YearlyBps: U256::ZERO,
        reserveBps: U256::from(reserve_bps),
    };
    IVault::setRateCurveCall { newCurve: curve }
}

fn nothing_done() -> Done {
    Done { output: Vec::new(), logs: Vec::new(), gas_used: None }
}

fn decode<C: SolCall>(output: &[u8]) -> C::Return {
    C::abi_decode_returns_validate(output)
        .unwrap_or_else(|error| panic!("{}: the answer cannot be read: {error}", C::SIGNATURE))
}

fn set_sequencer(world: &mut dyn World, feed: Address, is_up: bool, since_secs: u64) {
    let now = U256::from(world.time_secs());
    let answer = if is_up { I256::ZERO } else { I256::ONE };
    let previous = world.view(feed, &IScriptedFeed::latestRoundCall {}.abi_encode()).expect("a feed knows its round");
    let round = U256::from_be_slice(&previous).to::<u64>() + 1;
    let call = IScriptedFeed::setRoundCall {
        roundId: alloy_primitives::aliases::U80::from(round),
        answer,
        startedAt: U256::from(since_secs),
        updatedAt: now,
        answeredInRound: alloy_primitives::aliases::U80::from(round),
    };
    world.execute(OPERATOR, feed, &call.abi_encode()).expect("anybody may set the feed");
}

struct Setter<'a> {
    world: &'a mut dyn World,
    coins: &'a Coins,
}

impl Setter<'_> {
    fn send(&mut self, from: Address, to: Address, call: &impl SolCall) {
        let sent = self.world.execute(from, to, &call.abi_encode());
        sent.unwrap_or_else(|refusal| panic!("setting up, {} from {from}: {refusal:?}", signature(call)));
    }

    fn all(&mut self, at: &Addresses) {
        self.feeds(at);
        self.parameters(at);
        self.means(at);
    }

    fn feeds(&mut self, at: &Addresses) {
        let started_secs = self.world.time_secs() - 10 * GRACE_SECS;
        set_sequencer(self.world, at.sequencer, true, started_secs);
        for (asset, dollars) in [(at.usd, 1), (at.weth, 2_000), (at.wbtc, 40_000)] {
            self.send(OPERATOR, asset.feed, &IScriptedFeed::pushCall { answer: to_i256(dollars * FEED_DOLLAR) });
            let set = IOracle::setFeedCall {
                asset: asset.token,
                aggregator: asset.feed,
                heartbeatSecs: U256::from(HEARTBEAT_SECS),
            };
            self.send(OWNER, at.oracle, &set);
        }
        self.send(
            OWNER,
            at.oracle,
            &IOracle::setSequencerCall { uptimeFeed: at.sequencer, graceSecs: U256::from(GRACE_SECS) },
        );
    }

    fn parameters(&mut self, at: &Addresses) {
        self.send(
            OWNER,
            at.vault,
            &IVault::setModulesCall { auctionContract: at.auction, poolContract: at.pool, reserveContract: at.reserve },
        );
        for (asset, ltv_bps, threshold_bps, cap) in
            [(at.weth, 7_500, 8_000, 10_000 * WETH), (at.wbtc, 7_000, 7_500, 1_000 * WBTC)]
        {
            let cap_raw = self.coins.amount(at, asset, cap);
            let set = IVault::setCollateralCall {
                token: asset.token,
                ltvBps: U256::from(ltv_bps),
                thresholdBps: U256::from(threshold_bps),
                penaltyBps: U256::from(1_000),
                capRaw: cap_raw,
            };
            self.send(OWNER, at.vault, &set);
            let terms = self.coins.terms();
            self.send(OWNER, at.auction, &IAuction::setTermsCall { collateral: asset.token, newTerms: terms });
        }
        let usd = |usual_raw| self.coins.usd(usual_raw);
        let reward = IAuction::Reward { flatRaw: usd(REWARD_FLAT_RAW), ..usual_reward() };
        let sale_limits = IAuction::setLimitsCall { capRaw: usd(AUCTION_CAP_RAW), minDueRaw: usd(MIN_DUE_RAW) };
        let limits = IVault::setLimitsCall { ceilingRaw: usd(CEILING_RAW), minDebtRaw: usd(MIN_DEBT_RAW) };
        self.send(OWNER, at.vault, &limits);
        let rule = IVault::setLiquidationRuleCall {
            targetHealthWad: U256::from(WAD / 100 * 105),
            wholeShareBps: U256::from(7_500),
        };
        self.send(OWNER, at.vault, &rule);
        self.send(OWNER, at.auction, &IAuction::setRewardCall { newReward: reward });
        self.send(OWNER, at.auction, &sale_limits);
    }

    fn means(&mut self, at: &Addresses) {
        let means = [
            (ALICE, at.weth, 1_000 * WETH),
            (ALICE, at.wbtc, 100 * WBTC),
            (BOB, at.weth, 1_000 * WETH),
            (BOB, at.wbtc, 100 * WBTC),
            (BUYER, at.usd, 10_000_000 * USD),
            (RIVAL, at.usd, 10_000_000 * USD),
            (LENDER, at.usd, 10_000_000 * USD),
        ];
        for (actor, asset, amount) in means {
            let amount_raw = self.coins.amount(at, asset, amount);
            self.send(OPERATOR, asset.token, &ITestToken::mintCall { to: actor, amountRaw: amount_raw });
        }
        for actor in [ALICE, BOB, BUYER, RIVAL, LENDER] {
            for asset in [at.usd, at.weth, at.wbtc] {
                self.send(actor, asset.token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
            }
            for spender in [at.pool, at.reserve] {
                self.send(actor, at.usd.token, &ITestToken::approveCall { spender, amountRaw: U256::MAX });
            }
        }
        let usd = |usual_raw| self.coins.usd(usual_raw);
        let (cap_raw, funded_raw, surplus_raw) = (usd(DEPOSIT_CAP_RAW), usd(FUNDED_RAW), usd(SURPLUS_RAW));
        self.send(OWNER, at.pool, &IPool::setDepositCapCall { capRaw: cap_raw });
        self.send(LENDER, at.pool, &IPool::depositCall { assets: funded_raw, receiver: LENDER });
        self.send(LENDER, at.reserve, &IReserve::donateCall { amountRaw: surplus_raw });
    }
}

fn signature<C: SolCall>(_: &C) -> &'static str {
    C::SIGNATURE
}
