// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title Prices from Chainlink-style feeds, or a named refusal.
/// @notice A price is USD for one whole token, scaled by 1e18 (wad), rounded down from the feed's own decimals.
/// A price is given only when all checks pass, in this order: a feed is set, the sequencer is up and its grace period over, the feed
/// answers, the round is complete, the answer is positive, not from the future, and not older than that feed's own heartbeat.
/// It has the functions of IShared too.
interface IOracle {
    /// @notice `asset` is priced by `aggregator` from now on.
    event FeedSet(address indexed asset, address indexed aggregator, uint256 heartbeatSecs, uint256 decimals);
    /// @notice The sequencer's uptime is read from `feed` from now on (zero: no check), and prices rest for `graceSecs` after it comes back.
    event SequencerSet(address indexed feed, uint256 graceSecs);

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
    /// @notice A heartbeat must lie between one minute and 48 hours.
    error HeartbeatOutOfBounds(uint256 heartbeatSecs, uint256 minSecs, uint256 maxSecs);
    /// @notice A grace period may be four hours at most.
    error GraceOutOfBounds(uint256 graceSecs, uint256 maxSecs);
    /// @notice A feed may have 18 decimals at most.
    error DecimalsUnsupported(address aggregator, uint256 decimals, uint256 maxDecimals);

    /// @notice The price of one whole `asset`, after every check.
    function price(address asset) external view returns (uint256 priceWad);
    /// @notice The prices of several assets, each after every check; the first refusal refuses all.
    function prices(address[] calldata assets) external view returns (uint256[] memory pricesWad);
    /// @notice The same without a refusal: `status` is 0 where `price` would answer, else the number of the first check that failed
    /// (1 feed not set, 2 sequencer unreadable, 3 sequencer uninitialised, 4 sequencer down, 5 sequencer grace, 6 feed unreadable,
    /// 7 round incomplete, 8 answer not positive, 9 answer from the future, 10 answer stale, 11 price out of range).
    /// `priceWad` and `updatedAtSecs` are what the feed said where it said something usable (status 0, and 2 to 5, 9 and 10 when it is readable), else zero.
    function peek(address asset) external view returns (uint256 priceWad, uint256 updatedAtSecs, uint256 status);
    /// @notice When the sequencer's present state began, and whether it is up. Without an uptime feed: up since 0.
    /// @dev Refuses with SequencerUnreadable or SequencerUninitialised.
    function sequencerStatus() external view returns (bool isUp, uint256 sinceSecs);
    /// @notice What was set for `asset`; `aggregator` is zero where nothing was.
    function feed(address asset) external view returns (address aggregator, uint256 heartbeatSecs, uint256 decimals);
    /// @notice The sequencer's uptime feed and the grace period.
    function sequencer() external view returns (address uptimeFeed, uint256 graceSecs);
    /// @notice Prices `asset` by `aggregator`, whose decimals are read now. Owner only. A zero aggregator removes the feed.
    function setFeed(address asset, address aggregator, uint256 heartbeatSecs) external;
    /// @notice Sets the sequencer's uptime feed and the grace period. Owner only. A zero feed switches the check off.
    function setSequencer(address uptimeFeed, uint256 graceSecs) external;
}
