// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

interface ArbWasmCache {
    function cacheProgram(address program) external;
    function codehashIsCached(bytes32 codehash) external view returns (bool);
}

interface ArbWasm {
    function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
}

/// A stand-in for the cache auction of a public chain: every bid wins, there is no queue and no eviction.
/// It keeps the interface so that tools which place bids work on a local chain.
contract CacheManager {
    ArbWasmCache private constant ARB_WASM_CACHE = ArbWasmCache(0x0000000000000000000000000000000000000072);
    ArbWasm private constant ARB_WASM = ArbWasm(0x0000000000000000000000000000000000000071);

    error AsmTooLarge(uint256 asm, uint256 queueSize, uint256 cacheSize);
    error AlreadyCached(bytes32 codehash);
    error BidTooSmall(uint192 bid, uint192 min);
    error BidsArePaused();
    error ProgramNotActivated();

    /// Bytes of compiled programs that may be cached.
    uint64 public constant cacheSize = 536_870_912;
    /// Bytes of compiled programs that are cached.
    uint64 public queueSize;
    /// Whether bids are refused; never on this chain.
    bool public constant isPaused = false;

    /// Caches a program. The value sent is the bid; it is kept.
    function placeBid(address program) external payable {
        bytes32 codehash = program.codehash;
        if (ARB_WASM_CACHE.codehashIsCached(codehash)) revert AlreadyCached(codehash);
        uint64 asm = _asmSize(codehash);
        if (asm > cacheSize - queueSize) revert AsmTooLarge(asm, queueSize, cacheSize);
        queueSize += asm;
        ARB_WASM_CACHE.cacheProgram(program);
    }

    /// The smallest bid that wins for a program: nothing.
    function getMinBid(address program) external view returns (uint192 min) {
        _asmSize(program.codehash);
        return 0;
    }

    /// The smallest bid that wins for a size: nothing.
    function getMinBid(uint64 size) external view returns (uint192 min) {
        if (size > cacheSize - queueSize) revert AsmTooLarge(size, queueSize, cacheSize);
        return 0;
    }

    function _asmSize(bytes32 codehash) private view returns (uint64) {
        try ARB_WASM.codehashAsmSize(codehash) returns (uint32 size) {
            return size;
        } catch {
            revert ProgramNotActivated();
        }
    }
}
