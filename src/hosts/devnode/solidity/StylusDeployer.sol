// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

interface ArbWasm {
    function stylusVersion() external view returns (uint16 version);
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

/// Creates a Stylus program, activates it when its code is not active yet, and calls its constructor: all in one transaction,
/// so that nobody can call the constructor first.
contract StylusDeployer {
    ArbWasm private constant ARB_WASM = ArbWasm(0x0000000000000000000000000000000000000071);

    event ContractDeployed(address deployedContract);

    error ContractDeploymentError(bytes bytecode);
    error ContractInitializationError(address newContract, bytes data);
    error RefundExcessValueError(uint256 excessValue);
    error EmptyBytecode();
    error InitValueButNotInitData();

    /// Creates a contract from init code, activates it and initialises it.
    /// The value sent pays the activation fee and `initValue`; what is left goes back to the sender.
    /// A salt of zero creates by nonce; another one creates at the address that follows from `initSalt(salt, initData)`.
    function deploy(bytes calldata bytecode, bytes calldata initData, uint256 initValue, bytes32 salt)
        external
        payable
        returns (address created)
    {
        if (bytecode.length == 0) revert EmptyBytecode();
        if (initValue != 0 && initData.length == 0) revert InitValueButNotInitData();

        created = _create(bytecode, initData, salt);
        uint256 fee = requiresActivation(created) ? _activate(created, initValue) : 0;
        if (initData.length != 0) {
            (bool initialised, bytes memory result) = created.call{value: initValue}(initData);
            if (!initialised) revert ContractInitializationError(created, result);
        }

        uint256 excess = msg.value - fee - initValue;
        if (excess != 0) {
            (bool refunded,) = msg.sender.call{value: excess}("");
            if (!refunded) revert RefundExcessValueError(excess);
        }
        emit ContractDeployed(created);
    }

    /// The CREATE2 salt for a salt and the constructor's calldata.
    function initSalt(bytes32 salt, bytes calldata initData) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(salt, initData));
    }

    /// Whether the code of `program` has no activation of the current Stylus version.
    function requiresActivation(address program) public view returns (bool) {
        try ARB_WASM.codehashVersion(program.codehash) returns (uint16 version) {
            return version != ARB_WASM.stylusVersion();
        } catch {
            return true;
        }
    }

    function _create(bytes memory bytecode, bytes calldata initData, bytes32 salt) private returns (address created) {
        if (salt == 0) {
            assembly ("memory-safe") {
                created := create(0, add(bytecode, 32), mload(bytecode))
            }
        } else {
            bytes32 mixed = initSalt(salt, initData);
            assembly ("memory-safe") {
                created := create2(0, add(bytecode, 32), mload(bytecode), mixed)
            }
        }
        if (created == address(0)) revert ContractDeploymentError(bytecode);
    }

    // The precompile moves what it does not take back to this contract without a call, so no receive function is needed.
    function _activate(address program, uint256 initValue) private returns (uint256 fee) {
        (, fee) = ARB_WASM.activateProgram{value: msg.value - initValue}(program);
    }
}
