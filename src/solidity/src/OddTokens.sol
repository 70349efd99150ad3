// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

// Tokens that break what a protocol may believe of an ERC-20, one belief each. Anyone may mint: they are for tests only.

/// `transfer`, `transferFrom` and `approve` work, but return nothing.
contract NoReturnToken {
    string public constant name = "No return";
    string public constant symbol = "NORET";
    uint8 public constant decimals = 6;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    function mint(address to, uint256 amountRaw) external {
        totalSupply += amountRaw;
        balanceOf[to] += amountRaw;
        emit Transfer(address(0), to, amountRaw);
    }

    function approve(address spender, uint256 amountRaw) external {
        allowance[msg.sender][spender] = amountRaw;
        emit Approval(msg.sender, spender, amountRaw);
    }

    function transfer(address to, uint256 amountRaw) external {
        move(msg.sender, to, amountRaw);
    }

    function transferFrom(address from, address to, uint256 amountRaw) external {
        allowance[from][msg.sender] -= amountRaw;
        move(from, to, amountRaw);
    }

    function move(address from, address to, uint256 amountRaw) private {
        balanceOf[from] -= amountRaw;
        balanceOf[to] += amountRaw;
        emit Transfer(from, to, amountRaw);
    }
}

/// What the others have in common.
abstract contract OddToken is ERC20 {
    uint8 private immutable decimalsOf;

    constructor(string memory name_, string memory symbol_, uint8 decimals_) ERC20(name_, symbol_) {
        decimalsOf = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return decimalsOf;
    }
}

/// Keeps `feeBps` of every transfer for itself, rounded down: the receiver gets less than was sent.
contract FeeOnTransferToken is OddToken {
    uint256 public immutable feeBps;

    constructor(uint256 feeBps_, uint8 decimals_) OddToken("Fee on transfer", "FEE", decimals_) {
        feeBps = feeBps_;
    }

    function mint(address to, uint256 amountRaw) external {
        _mint(to, amountRaw);
    }

    function _update(address from, address to, uint256 amountRaw) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amountRaw);
        uint256 feeRaw = (amountRaw * feeBps) / 10_000;
        super._update(from, address(this), feeRaw);
        super._update(from, to, amountRaw - feeRaw);
    }
}

/// Once told to refuse, it moves nothing and returns false where an honest token would revert.
contract FalseReturningToken is OddToken {
    bool public refuses;
    address public refused;

    constructor(uint8 decimals_) OddToken("False returning", "FALSE", decimals_) {}

    function mint(address to, uint256 amountRaw) external {
        _mint(to, amountRaw);
    }

    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    /// It moves nothing to this account, as a token does whose issuer has frozen somebody.
    function setRefused(address account) external {
        refused = account;
    }

    function transfer(address to, uint256 amountRaw) public override returns (bool) {
        return refuses || to == refused ? false : super.transfer(to, amountRaw);
    }

    function transferFrom(address from, address to, uint256 amountRaw) public override returns (bool) {
        return refuses || to == refused ? false : super.transferFrom(from, to, amountRaw);
    }
}

/// Calls a target of the test's choice in the middle of each transfer, once it is armed, and keeps what came back.
contract ReenteringToken is OddToken {
    address public target;
    bytes public callData;
    /// True: a failure of the call fails the transfer, with the same bytes. False: the transfer goes on.
    bool public bubbles;

    /// How often the target was called in transfers that succeeded, and the last call's outcome.
    uint256 public calls;
    bool public lastSucceeded;
    bytes public lastReturned;

    constructor(uint8 decimals_) OddToken("Re-entering", "REENT", decimals_) {}

    function mint(address to, uint256 amountRaw) external {
        _mint(to, amountRaw);
    }

    /// Arms the token: each transfer calls `target_` with `callData_`. The zero address disarms it.
    function arm(address target_, bytes calldata callData_, bool bubbles_) external {
        target = target_;
        callData = callData_;
        bubbles = bubbles_;
    }

    function _update(address from, address to, uint256 amountRaw) internal override {
        super._update(from, to, amountRaw);
        if (target == address(0) || from == address(0) || to == address(0)) return;
        (bool succeeded, bytes memory returned) = target.call(callData);
        if (!succeeded && bubbles) {
            assembly {
                revert(add(returned, 0x20), mload(returned))
            }
        }
        calls += 1;
        lastSucceeded = succeeded;
        lastReturned = returned;
    }
}
