// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// The examples for integrators, imported so that they are compiled with everything else.

import {ExampleTaker} from "@spillway/abi/examples/ExampleTaker.sol";
import {SpillwayFeed} from "@spillway/abi/examples/SpillwayFeed.sol";
