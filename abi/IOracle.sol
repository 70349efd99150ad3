// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title Prices from Chainlink-style feeds, or a named refusal.
/// @notice A price is USD for one whole token, scaled by 1e18 (wad), rounded down from the feed's own decimals.
/// A price is given only when all checks pass. They are made in this order, and the first that fails gives the error and its status number:
///
///  1 a feed is set (1)                                   9 the answer is not older than that feed's own heartbeat (10)
///  2 nobody stopped the asset (19 frozen, 20 shut down)  10 the price is in range (11), and in the owner's band (12)
///  3 the feed answers with a round (6)                   11 the feed's decimals are what they were when it was set (13)
///  4 the sequencer's feed answers (2), it is up (4),     12 the second source passes 3 and 6 to 11 itself (14),
///    its feed is initialised (3)                            and is within the hard (16) and the soft limit (15)
///  5 its grace period is over (5)                        13 the price has not just jumped, unless a second source agrees (17)
///  6 the round is complete (7)                           14 a yield-bearing token's rate passes 3 and 6 to 11 itself (18);
///  7 the answer is positive (8)                             a rate that grew too fast is cut, not refused
///  8 the answer is not from the future (9)
///
/// Band, second source, breaker and rate are off until the owner sets them, and cost nothing while they are off.
/// It has the functions of IShared too.
interface IOracle {
    /// @notice The lowest and the highest price that a usable source gives; equal unless two sources differ.
    struct Range {
        uint256 lowWad;
        uint256 highWad;
    }

    /// @notice What the owner set for an asset beyond its feed; all of a group is zero where that group is off.
    struct Settings {
        uint256 minWad;
        uint256 maxWad;
        address second;
        uint256 secondHeartbeatSecs;
        uint256 secondDecimals;
        uint256 softBps;
        uint256 hardBps;
        uint256 jumpBps;
        uint256 sigmas;
        uint256 holdSecs;
        address rateFeed;
        uint256 rateHeartbeatSecs;
        uint256 rateDecimals;
        uint256 snapshotRateWad;
        uint256 snapshotAtSecs;
        uint256 growthBps;
        uint256 stop;
    }

    /// @notice What all checks together say at this moment, with the evidence.
    struct Report {
        /// 0 normal, 1 degraded, 2 held, 3 frozen, 4 shut down; see `poke`.
        uint256 state;
        /// The first check that failed, 0 where none did.
        uint256 status;
        /// Bit n is set where check number n fails; several are, where several do. A check is not made where one before it leaves nothing
        /// to check: a source names its own first failure, and the second source is not asked where the first would not be believed
        /// whatever it said.
        uint256 failedBits;
        /// What `peek` gives.
        uint256 priceWad;
        uint256 updatedAtSecs;
        /// What `ranges` gives; both zero where it refuses.
        uint256 lowWad;
        uint256 highWad;
        /// What each source says, before the rate; zero where it says nothing usable. Its status is that of its own checks.
        uint256 firstWad;
        uint256 firstStatus;
        uint256 secondWad;
        uint256 secondStatus;
        /// The rate after the cap; 1e18 where the asset has none, zero where it is unusable.
        uint256 rateWad;
        bool isRateCut;
        /// When a jump is released at the latest; zero where none is held.
        uint256 heldUntilSecs;
    }

    /// @notice What `poke` recorded last of the present feed.
    struct Recorded {
        /// The price, before the rate, that sales could last start on when a poke saw it: the first source's, or the second's where only that
        /// one was usable; and when that was recorded. Zero where none was.
        uint256 priceWad;
        uint256 atSecs;
        /// When a jump was last recorded; zero where none was.
        uint256 heldSinceSecs;
        /// Squared log returns per second, scaled by 1e36, as means with half-lives of 6 and of 72 hours.
        uint256 fastVariance;
        uint256 slowVariance;
        /// The state, numbered as in Report.
        uint256 state;
    }

    /// @notice `asset` is priced by `aggregator` from now on. Zero: by nothing, and all that was set for it is off.
    event FeedSet(address indexed asset, address indexed aggregator, uint256 heartbeatSecs, uint256 decimals);
    /// @notice The sequencer's uptime is read from `feed` from now on (zero: no check), and prices rest for `graceSecs` after it comes back.
    event SequencerSet(address indexed feed, uint256 graceSecs);
    /// @notice Prices of `asset` are believed from `minWad` to `maxWad`; both zero: all are.
    event BandSet(address indexed asset, uint256 minWad, uint256 maxWad);
    /// @notice `asset` has a second source; zero: none.
    event SecondSet(address indexed asset, address indexed aggregator, uint256 heartbeatSecs, uint256 decimals, uint256 softBps, uint256 hardBps);
    /// @notice Jumps of `asset` are held for `holdSecs`; all zero: they are not.
    event BreakerSet(address indexed asset, uint256 jumpBps, uint256 sigmas, uint256 holdSecs);
    /// @notice `asset` is worth its feed's price times what `rateFeed` says, cut to the line from the snapshot; zero: it has no rate.
    event RateSet(address indexed asset, address indexed rateFeed, uint256 heartbeatSecs, uint256 decimals, uint256 snapshotRateWad, uint256 snapshotAtSecs, uint256 growthBps);
    /// @notice Who may freeze assets besides the owner; zero: nobody.
    event GuardianSet(address indexed previousGuardian, address indexed newGuardian);
    /// @notice `by` changed how far `asset` is stopped: 0 not, 1 frozen, 2 shut down.
    event StopSet(address indexed asset, address indexed by, uint256 previousLevel, uint256 newLevel);
    /// @notice A poke found `asset` in another state than the last one did. The evidence: the first check that failed, what both sources
    /// said and when (zero where one said nothing usable), the price recorded last, and the fast variance that jumps are measured by.
    event StateChanged(
        address indexed asset, uint256 previousState, uint256 newState, uint256 status, uint256 firstWad, uint256 secondWad,
        uint256 updatedAtSecs, uint256 secondUpdatedAtSecs, uint256 referenceWad, uint256 fastVariance
    );
    /// @notice A poke recorded the price that sales may start on, the first source's or the second's where only that one is usable, and
    /// the variances that follow from it.
    event Sampled(address indexed asset, uint256 priceWad, uint256 fastVariance, uint256 slowVariance);
    /// @notice A poke recorded a jump: `priceWad`, the first source's or the second's where only that one is usable, is held at most until
    /// `untilSecs`.
    event JumpRecorded(address indexed asset, uint256 referenceWad, uint256 priceWad, uint256 untilSecs);

    /// @notice No feed is set for this asset. The owner can set one.
    error FeedNotSet(address asset);
    /// @notice The feed reverted, holds no code, or answered with something else than a round.
    error FeedUnreadable(address asset, address aggregator);
    /// @notice The sequencer's uptime feed reverted, holds no code, or answered with something else than a round.
    error SequencerUnreadable(address feed);
    /// @notice The sequencer's uptime feed has not been initialised: its round started at zero.
    error SequencerUninitialised(address feed);
    /// @notice The sequencer is down since `sinceSecs`.
    error SequencerDown(uint256 sinceSecs);
    /// @notice The sequencer came back at `upSinceSecs` and its grace period has not passed at `nowSecs`.
    error SequencerGrace(uint256 upSinceSecs, uint256 graceSecs, uint256 nowSecs);
    /// @notice The round has not been answered yet.
    error RoundIncomplete(address asset, uint256 roundId);
    /// @notice The answer is zero or below.
    error AnswerNotPositive(address asset, int256 answer);
    /// @notice The answer is newer than the block.
    error AnswerFromFuture(address asset, uint256 updatedAtSecs, uint256 nowSecs);
    /// @notice The answer is older than the feed's heartbeat.
    error AnswerStale(address asset, uint256 updatedAtSecs, uint256 heartbeatSecs, uint256 nowSecs);
    /// @notice The price is zero after rounding, or above 1e18 USD.
    error PriceOutOfRange(address asset, int256 answer);
    /// @notice The price lies outside of the band the owner set.
    error PriceOutOfBand(address asset, uint256 priceWad, uint256 minWad, uint256 maxWad);
    /// @notice The feed has other decimals than when it was set, or does not tell them any more. The owner can set it again.
    error DecimalsChanged(address asset, address aggregator, uint256 expectedDecimals);
    /// @notice The second source failed a check of its own, the one with this status number.
    error SecondUnusable(address asset, address aggregator, uint256 status);
    /// @notice The two sources differ by more than the soft limit. A sale may start on both prices: see `ranges`.
    error SourcesDiffer(address asset, uint256 firstWad, uint256 secondWad, uint256 softBps);
    /// @notice The two sources differ by more than the hard limit; neither is believed.
    error SourcesDisagree(address asset, uint256 firstWad, uint256 secondWad, uint256 hardBps);
    /// @notice The price has jumped from the one recorded before. It is released by itself at `untilSecs` at the latest, twice the hold at
    /// the most after that one was recorded; sooner where it comes back or a second source agrees.
    error JumpHeld(address asset, uint256 referenceWad, uint256 priceWad, uint256 untilSecs);
    /// @notice The rate of a yield-bearing token failed a check of its own, the one with this status number.
    error RateUnusable(address asset, address aggregator, uint256 status);
    /// @notice The guardian or the owner froze the asset. The owner can release it.
    error AssetFrozen(address asset);
    /// @notice The owner shut the asset down. Only removing its feed ends that.
    error AssetShutDown(address asset);
    /// @notice A feed failed with less gas than it may use, so that the failure says nothing. Send more gas.
    error GasTooLow(uint256 gasLeft, uint256 gasNeeded);
    /// @notice A heartbeat must lie between one minute and 48 hours.
    error HeartbeatOutOfBounds(uint256 heartbeatSecs, uint256 minSecs, uint256 maxSecs);
    /// @notice A grace period may be four hours at most.
    error GraceOutOfBounds(uint256 graceSecs, uint256 maxSecs);
    /// @notice A feed may have 18 decimals at most.
    error DecimalsUnsupported(address aggregator, uint256 decimals, uint256 maxDecimals);
    /// @notice A parameter lies outside of the bounds in the code. `name` is its name in ASCII.
    error OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);
    /// @notice The second source or the rate is the feed that the asset has already; two of the same say nothing.
    error SameFeed(address asset, address aggregator);

    /// @notice The price of one whole `asset`, after every check.
    function price(address asset) external view returns (uint256 priceWad);
    /// @notice The prices of several assets, each after every check; the first refusal refuses all.
    function prices(address[] calldata assets) external view returns (uint256[] memory pricesWad);
    /// @notice The prices a sale may start on: what every usable source gives. Something may be sold only where it is unsafe at both ends.
    /// @dev Answers where `price` does, and also where one of two sources fails (then the other alone) or where they differ softly (then
    /// both). An asset that was shut down counts for nothing: from zero to zero. Refuses, with the error `price` gives, everything else,
    /// and a held jump. The first refusal refuses all.
    function ranges(address[] calldata assets) external view returns (Range[] memory rangesWad);
    /// @notice The same without a refusal: `status` is 0 where `price` would answer, else the number of the first check that failed
    /// (1 feed not set, 2 sequencer unreadable, 3 sequencer uninitialised, 4 sequencer down, 5 sequencer grace, 6 feed unreadable,
    /// 7 round incomplete, 8 answer not positive, 9 answer from the future, 10 answer stale, 11 price out of range, 12 out of band,
    /// 13 decimals changed, 14 second source unusable, 15 sources differ, 16 sources disagree, 17 jump held, 18 rate unusable, 19 frozen,
    /// 20 shut down). The order of the checks is that of the list at the top; the numbers are fixed and follow another one.
    /// `priceWad` and `updatedAtSecs` are what the first source said where it said something usable, times the rate; else zero.
    /// @dev With so little gas that a feed could not be read to its end it fails with GasTooLow, so that nobody can fake a status.
    function peek(address asset) external view returns (uint256 priceWad, uint256 updatedAtSecs, uint256 status);
    /// @notice All that the checks found, without a refusal.
    function report(address asset) external view returns (Report memory found);
    /// @notice What the last pokes recorded.
    function recorded(address asset) external view returns (Recorded memory record);
    /// @notice The standard deviation of log returns over `horizonSecs`, by both means as they were recorded last, rounded up.
    /// @dev A mean is not faded for the time since the last poke, so it may be too high by then, not too low by fading.
    function volatility(address asset, uint256 horizonSecs) external view returns (uint256 fastWad, uint256 slowWad);
    /// @notice When the sequencer's present state began, and whether it is up. Without an uptime feed: up since 0.
    /// @dev Refuses with SequencerUnreadable or SequencerUninitialised.
    function sequencerStatus() external view returns (bool isUp, uint256 sinceSecs);
    /// @notice What was set for `asset`; `aggregator` is zero where nothing was.
    function feed(address asset) external view returns (address aggregator, uint256 heartbeatSecs, uint256 decimals);
    /// @notice What was set for `asset` beyond its feed.
    function settings(address asset) external view returns (Settings memory set);
    /// @notice The sequencer's uptime feed and the grace period.
    function sequencer() external view returns (address uptimeFeed, uint256 graceSecs);
    /// @notice Who may freeze assets besides the owner; zero: nobody.
    function guardian() external view returns (address account);

    /// @notice ERC-7726, and Euler's IPriceOracle: how much `quote` is worth `baseAmount` of `base`, both in base units, rounded down.
    /// @dev Both prices pass every check. USD is the address 840 (ISO 4217), here alone: it costs one and has 18 decimals. Token decimals are asked of the token; an
    /// address without code, such as 0xEeee..EEeE, has 18, and a token that does not tell them is refused as CallFailed.
    function getQuote(uint256 baseAmount, address base, address quote) external view returns (uint256 quoteAmount);
    /// @notice Euler's IPriceOracle: the same for selling `base` (bid) and for buying it (ask) at the worse end of both ranges.
    function getQuotes(uint256 baseAmount, address base, address quote) external view returns (uint256 bidAmount, uint256 askAmount);
    /// @notice Euler's IPriceOracle: "Spillway".
    function name() external view returns (string memory text);

    /// @notice Looks at `asset` and records what it finds. Anyone may call it, as often as they like.
    /// @dev A price that sales may start on becomes the breaker's reference and a sample of the volatility, where there is a breaker not
    /// before half a hold after the last one: many small steps are a jump, too, whoever records them. A state that differs from the
    /// recorded one is recorded and said: 0 normal; 1 degraded (`price` refuses, `ranges` answers); 2 held; 3 frozen (no price); 4 shut down. The first poke
    /// that sees a jump begins its hold, after which the breaker rests as long; a second one changes neither. A jump that nobody pokes is
    /// released when the price recorded before it is one hold old. Poking often does not lower a volatility. Refuses with FeedNotSet.
    function poke(address asset) external returns (uint256 state, uint256 status);
    /// @notice Prices `asset` by `aggregator`, whose decimals are read now. Owner only. A zero aggregator removes the feed and all settings.
    /// @dev Another aggregator, or other decimals, keeps the settings and forgets what pokes recorded: the price, the hold and the variances.
    function setFeed(address asset, address aggregator, uint256 heartbeatSecs) external;
    /// @notice Sets the sequencer's uptime feed and the grace period. Owner only. A zero feed switches the check off.
    function setSequencer(address uptimeFeed, uint256 graceSecs) external;
    /// @notice Believes prices of the feed (and of the second source) only from `minWad` to `maxWad`. Owner only. Both zero: no band.
    function setBand(address asset, uint256 minWad, uint256 maxWad) external;
    /// @notice Compares with a second feed. Owner only. A zero aggregator: no second source.
    function setSecond(address asset, address aggregator, uint256 heartbeatSecs, uint256 softBps, uint256 hardBps) external;
    /// @notice Holds a price that moved by more than `jumpBps` (as a log return) and by more than `sigmas` standard deviations since it was
    /// recorded less than `holdSecs` ago. Owner only. All zero: no breaker.
    function setBreaker(address asset, uint256 jumpBps, uint256 sigmas, uint256 holdSecs) external;
    /// @notice Prices a yield-bearing token: the feed's price times the rate that `rateFeed` says, which is believed up to
    /// `snapshotRateWad` plus `growthBps` of it a year since the snapshot. Owner only. A zero feed: no rate.
    function setRate(address asset, address rateFeed, uint256 heartbeatSecs, uint256 snapshotRateWad, uint256 snapshotAtSecs, uint256 growthBps) external;
    /// @notice Names the guardian. Owner only. Zero: none.
    function setGuardian(address newGuardian) external;
    /// @notice Stops an asset (1 frozen: no price; 2 shut down: for good) or releases it from frozen (0).
    /// @dev The guardian may freeze what is not stopped, and nothing else. The owner may do all but release what was shut down. Collateral that
    /// was shut down counts for nothing in sales from that moment on: it carries no debt, and no loss waits for it: a stale
    /// auction of it ends by `IAuction.restart`, and a vault that holds nothing else loses its debt by `IVault.realiseBadDebt`. A debt asset
    /// that was stops all sales.
    function setStop(address asset, uint256 level) external;
}
