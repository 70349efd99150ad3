// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// The cheapest feed there can be: an answer and its time in one word, and always the first round of the first phase.
/// It measures what reading a price costs besides the feed. Anyone may set it: it is for tests only.
contract StubFeed {
    uint80 private constant ROUND = (1 << 64) | 1;

    uint8 public constant decimals = 8;

    int128 private answer;
    uint64 private updatedAt;

    /// Answers `answer_`, as of this block, from now on.
    function push(int256 answer_) external {
        answer = int128(answer_);
        updatedAt = uint64(block.timestamp);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        (int256 answer_, uint256 updatedAt_) = (answer, updatedAt);
        return (ROUND, answer_, updatedAt_, updatedAt_, ROUND);
    }
}
