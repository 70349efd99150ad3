// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IAuction, IAuctionTaker} from "../IAuction.sol";

/// The three functions of an ERC-20 that the example calls.
interface IToken {
    function approve(address spender, uint256 amountRaw) external returns (bool);
    function balanceOf(address holder) external view returns (uint256);
    function transfer(address to, uint256 amountRaw) external returns (bool);
}

/// Where the example sells what it took. Put a router for the market of your choice behind this.
interface IMarket {
    /// Pulls `amountRaw` of `token` from the caller and pays the debt asset to `to`, or reverts if that were less than `minOutRaw`.
    function sell(address token, uint256 amountRaw, uint256 minOutRaw, address to) external returns (uint256 outRaw);
}

/// @title A buyer without capital: takes a slice, sells it in the callback, pays with the proceeds and keeps the rest.
/// @notice Copy it and change `market`. It holds no funds between two calls but its own profit, and only its owner can call it.
/// It expects tokens that return a bool from `approve` and `transfer`.
contract ExampleTaker is IAuctionTaker {
    IAuction public immutable auction;
    /// The contract that pulls the payment: the vault contract, not the auction.
    address public immutable payee;
    IToken public immutable debtAsset;
    IMarket public immutable market;
    address public immutable owner;

    /// Only the owner may do this.
    error NotOwner(address caller);
    /// Only the auction contract calls back, and only for a take this contract began.
    error UnexpectedCallback(address caller, address taker);
    /// After the payment less was left over than was asked for.
    error ProfitTooSmall(uint256 profitRaw, uint256 minProfitRaw);
    /// The token answered false.
    error TokenRefused(address token);

    /// What one take earned, in base units of the debt asset.
    event Taken(uint256 indexed auctionId, uint256 sliceRaw, uint256 owedRaw, uint256 profitRaw);

    /// The deployer becomes the owner.
    constructor(IAuction auction_, address payee_, IToken debtAsset_, IMarket market_) {
        auction = auction_;
        payee = payee_;
        debtAsset = debtAsset_;
        market = market_;
        owner = msg.sender;
    }

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    /// Takes up to `maxLotRaw` at no more than `maxPriceRay` and reverts as a whole unless it leaves `minProfitRaw`.
    function take(uint256 auctionId, uint256 maxLotRaw, uint256 maxPriceRay, uint256 minProfitRaw)
        external
        onlyOwner
        returns (uint256 profitRaw)
    {
        uint256 beforeRaw = debtAsset.balanceOf(address(this));
        // The data must not be empty, or there is no callback. This example has nothing to tell itself but that it began this.
        (uint256 sliceRaw, uint256 owedRaw) = auction.take(auctionId, maxLotRaw, maxPriceRay, address(this), hex"01");
        uint256 afterRaw = debtAsset.balanceOf(address(this));
        profitRaw = afterRaw > beforeRaw ? afterRaw - beforeRaw : 0;
        if (afterRaw < beforeRaw || profitRaw < minProfitRaw) revert ProfitTooSmall(profitRaw, minProfitRaw);
        emit Taken(auctionId, sliceRaw, owedRaw, profitRaw);
    }

    /// @inheritdoc IAuctionTaker
    function onSpillwayTake(address taker, address collateral, uint256 sliceRaw, uint256 owedRaw, bytes calldata)
        external
        override
    {
        // Whoever takes may name any recipient: without the second half of this check, a stranger could sell what is held here.
        if (msg.sender != address(auction) || taker != address(this)) revert UnexpectedCallback(msg.sender, taker);
        if (!IToken(collateral).approve(address(market), sliceRaw)) revert TokenRefused(collateral);
        market.sell(collateral, sliceRaw, owedRaw, address(this));
        // Exactly what is owed: nothing stays approved after the payment.
        if (!debtAsset.approve(payee, owedRaw)) revert TokenRefused(address(debtAsset));
    }

    /// Sends what was earned to `to`.
    function withdraw(address to) external onlyOwner returns (uint256 amountRaw) {
        amountRaw = debtAsset.balanceOf(address(this));
        if (!debtAsset.transfer(to, amountRaw)) revert TokenRefused(address(debtAsset));
    }
}
