// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IOracle} from "../IOracle.sol";

/// @title The oracle's price of one asset behind the functions of Chainlink's AggregatorV3Interface.
/// @notice For code that reads aggregators: it gets a price only where the oracle gives one, and the oracle's own error where not.
/// A round is named by the second its answer was given in; only the latest is known.
contract SpillwayFeed {
    IOracle public immutable oracle;
    address public immutable asset;
    /// The decimals of the answer; at most 18, which are the oracle's.
    uint8 public immutable decimals;
    uint256 public constant version = 1;
    string public description;

    /// Only the latest round can be read.
    error NoSuchRound(uint80 roundId, uint80 latestRoundId);
    /// The price is lower than the least that `decimals` can say. Zero would be another price, and the end of a collateral.
    error PriceBelowDecimals(uint256 priceWad, uint8 decimals);
    /// An answer has 18 decimals at most.
    error DecimalsUnsupported(uint8 decimals);

    constructor(IOracle oracle_, address asset_, uint8 decimals_, string memory description_) {
        if (decimals_ > 18) revert DecimalsUnsupported(decimals_);
        oracle = oracle_;
        asset = asset_;
        decimals = decimals_;
        description = description_;
    }

    /// The price after every check, rounded down to `decimals` and never to zero, and when it was answered.
    function latestRoundData()
        public
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (uint256 priceWad, uint256 updatedAtSecs, uint256 status) = oracle.peek(asset);
        // It refuses, and says why: an answer that must not be used is not given.
        if (status != 0) oracle.price(asset);
        roundId = uint80(updatedAtSecs);
        // A price is at most 1e36.
        answer = int256(priceWad / 10 ** (18 - decimals));
        if (answer == 0) revert PriceBelowDecimals(priceWad, decimals);
        return (roundId, answer, updatedAtSecs, updatedAtSecs, roundId);
    }

    /// The same where `roundId` is the latest.
    function getRoundData(uint80 roundId_)
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (roundId, answer, startedAt, updatedAt, answeredInRound) = latestRoundData();
        if (roundId != roundId_) revert NoSuchRound(roundId_, roundId);
    }
}
