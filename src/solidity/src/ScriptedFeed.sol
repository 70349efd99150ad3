// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

/// A price feed, or a sequencer feed, that answers whatever a test tells it to, down to answers no honest feed gives.
/// Anyone may set it: it is for tests only.
contract ScriptedFeed is AggregatorV3Interface {
    /// What `latestRoundData` and `getRoundData` do when called.
    enum Behaviour {
        /// Answer the round that was set.
        Answer,
        /// Revert with ScriptedRevert.
        Revert,
        /// Use up all the gas the call was given.
        BurnAllGas,
        /// Return the bytes given to `setRawAnswer`, whatever their length.
        Raw
    }

    struct Round {
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    /// What a feed set to `Behaviour.Revert` reverts with.
    error ScriptedRevert();
    /// There is no such round: none was set under this number.
    error UnknownRound(uint80 roundId);

    uint8 public override decimals;
    string public override description;
    uint256 public constant override version = 4;

    Behaviour public behaviour;
    uint80 public latestRound;
    bytes public rawAnswer;
    mapping(uint80 => Round) private rounds;
    mapping(uint80 => bool) private known;

    constructor(uint8 decimals_, string memory description_) {
        decimals = decimals_;
        description = description_;
    }

    /// Sets every field of a round and makes it the latest. No field is checked.
    function setRound(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
        external
    {
        rounds[roundId] = Round(answer, startedAt, updatedAt, answeredInRound);
        known[roundId] = true;
        latestRound = roundId;
    }

    /// Adds the next round: `answer`, started and updated in this block, answered in itself.
    function push(int256 answer) external {
        uint80 roundId = latestRound + 1;
        rounds[roundId] = Round(answer, block.timestamp, block.timestamp, roundId);
        known[roundId] = true;
        latestRound = roundId;
    }

    /// Changes what `decimals()` answers.
    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    /// Chooses what reading a round does from now on.
    function setBehaviour(Behaviour behaviour_) external {
        behaviour = behaviour_;
    }

    /// Chooses `Behaviour.Raw`, and the bytes it returns.
    function setRawAnswer(bytes calldata rawAnswer_) external {
        rawAnswer = rawAnswer_;
        behaviour = Behaviour.Raw;
    }

    function latestRoundData() external view override returns (uint80, int256, uint256, uint256, uint80) {
        return read(latestRound);
    }

    function getRoundData(uint80 roundId) external view override returns (uint80, int256, uint256, uint256, uint80) {
        return read(roundId);
    }

    function read(uint80 roundId) private view returns (uint80, int256, uint256, uint256, uint80) {
        if (behaviour == Behaviour.Revert) revert ScriptedRevert();
        if (behaviour == Behaviour.BurnAllGas) {
            assembly {
                invalid()
            }
        }
        if (behaviour == Behaviour.Raw) {
            bytes memory raw = rawAnswer;
            assembly {
                return(add(raw, 0x20), mload(raw))
            }
        }
        if (!known[roundId]) revert UnknownRound(roundId);
        Round memory round = rounds[roundId];
        return (roundId, round.answer, round.startedAt, round.updatedAt, round.answeredInRound);
    }
}
