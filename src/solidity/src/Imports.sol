// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Contracts used just as their authors published them: imported, so that the compiler writes their artifacts.

import {Flags} from "@chainlink/contracts/src/v0.8/dev/Flags.sol";
import {ArbitrumSequencerUptimeFeed} from
    "@chainlink/contracts/src/v0.8/l2ep/dev/arbitrum/ArbitrumSequencerUptimeFeed.sol";
import {SimpleWriteAccessController} from "@chainlink/contracts/src/v0.8/shared/access/SimpleWriteAccessController.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
