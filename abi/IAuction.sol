// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title Auctions: the collateral of an unsafe vault, sold at a price that falls until somebody buys (Dutch) or, where a collateral is so
/// configured, to whoever bids the most (English).
/// @notice Prices are debt base units for one collateral base unit, scaled by 1e27 (ray). Amounts are base units (`Raw`).
/// What a buyer owes rounds up, what a buyer gets rounds down.
/// A running auction keeps the parameters it began with. It has the functions of IShared too.
interface IAuction {
    /// @notice How a collateral is sold. `curve`: 1 linear (`stepSecs` is the time to zero), 2 stairs (cut every `stepSecs`), 3 exponential (cut every second),
    /// 4 English: the floor is the reserve price, bids rise by at least `cutRay` (above 1e27), run for `tailSecs`, and a bid within
    /// the last `stepSecs` moves the end to `stepSecs` from then; `bufferBps` and `cuspBps` are zero.
    struct Terms {
        uint256 curve;
        uint256 cutRay;
        uint256 stepSecs;
        /// @notice The start price over the oracle's.
        uint256 bufferBps;
        /// @notice The auction needs a restart when it is older than this,
        uint256 tailSecs;
        /// @notice or cheaper than this share of its start price,
        uint256 cuspBps;
        /// @notice or at its floor, this share of the oracle's price at the start.
        uint256 floorBps;
        /// @notice The most that may be due at once in all auctions of this collateral, at most 2^96 - 1.
        uint256 capRaw;
    }

    /// @notice An auction as it stands. `lotRaw` is zero when it has ended.
    struct Sale {
        uint256 vaultId;
        address collateral;
        uint256 lotRaw;
        uint256 debtRaw;
        uint256 dueRaw;
        uint256 topRay;
        uint256 floorRay;
        uint256 startedAtSecs;
        uint256 restarts;
    }

    /// @notice What keepers earn for a start or a restart, see `setReward`.
    struct Reward {
        uint256 flatRaw;
        uint256 shareBps;
        uint256 maxPenaltyBps;
    }

    /// @notice The best bid of an English auction, and when bidding ends. `bidder` is zero where nobody has bid.
    /// At `bidRay` the bidder gets `sliceRaw` for `owedRaw`, which the auction contract holds.
    struct Bidding {
        address bidder;
        uint256 bidRay;
        uint256 sliceRaw;
        uint256 owedRaw;
        uint256 endsAtSecs;
    }

    /// @notice A lot is on sale. `rewardRaw` is what the keeper was paid.
    event AuctionStarted(uint256 indexed auctionId, uint256 indexed vaultId, address indexed collateral, uint256 lotRaw, uint256 debtRaw, uint256 dueRaw, uint256 topRay, uint256 floorRay, address keeper, uint256 rewardRaw);
    /// @notice A slice was sold. Where the recipient could not receive it, `SliceKept` follows. `lotLeftRaw` and `dueLeftRaw` are what the auction goes on with; both zero when it has ended.
    event SliceTaken(uint256 indexed auctionId, address indexed taker, address indexed recipient, uint256 sliceRaw, uint256 owedRaw, uint256 priceRay, uint256 lotLeftRaw, uint256 dueLeftRaw);
    /// @notice The auction has ended: what was not sold went back to the vault, and so did the debt that was not paid.
    event AuctionEnded(uint256 indexed auctionId, uint256 indexed vaultId, uint256 returnedLotRaw, uint256 unpaidDebtRaw);
    /// @notice `payer` paid the debt that was left and the penalty accrued on what was sold; the unsold lot is the vault's again.
    /// `AuctionEnded` follows.
    event AuctionCured(uint256 indexed auctionId, uint256 indexed vaultId, address indexed payer, uint256 principalRaw, uint256 penaltyRaw);
    /// @notice `bidder` leads an English auction until it is outbid or `endsAtSecs`. The bidder before may withdraw `refundedRaw`.
    event BidPlaced(uint256 indexed auctionId, address indexed bidder, uint256 bidRay, uint256 sliceRaw, uint256 owedRaw, uint256 endsAtSecs, address previousBidder, uint256 refundedRaw);
    /// @notice A bid came to nothing, because the auction was cured or begins again: the bidder may withdraw it.
    event BidReleased(uint256 indexed auctionId, address indexed bidder, uint256 refundedRaw);
    event RefundWithdrawn(address indexed bidder, address indexed to, uint256 amountRaw);
    /// @notice The winner of an auction could not receive its slice: it is kept here, and the winner may withdraw it.
    event SliceKept(uint256 indexed auctionId, address indexed bidder, address indexed collateral, uint256 amountRaw);
    event SliceWithdrawn(address indexed bidder, address indexed collateral, address indexed to, uint256 amountRaw);
    event AuctionRestarted(uint256 indexed auctionId, uint256 topRay, uint256 floorRay, address keeper, uint256 rewardRaw, uint256 restarts);
    /// @notice All zero in `previousTerms` where nobody had said how the collateral is sold.
    event TermsSet(address indexed collateral, Terms previousTerms, Terms newTerms);
    event RewardSet(Reward previousReward, Reward newReward);
    event LimitsSet(uint256 previousCapRaw, uint256 capRaw, uint256 previousMinDueRaw, uint256 minDueRaw);
    /// @notice Who may stop sales besides the owner; zero: nobody.
    event GuardianSet(address indexed previousGuardian, address indexed newGuardian);
    /// @notice `by` changed how far sales are stopped, see `setStop`.
    event StopSet(address indexed by, uint256 previousLevel, uint256 newLevel);

    /// @notice There is no such auction, or it has ended.
    error UnknownAuction(uint256 auctionId);
    /// @notice Nobody has said how this collateral is sold. The owner can.
    error TermsNotSet(address collateral);
    /// @notice The price is above what the buyer allows. It falls with time.
    error PriceAboveLimit(uint256 priceRay, uint256 limitRay);
    /// @notice The cure costs more than the payer allows.
    error CureAboveLimit(uint256 costRaw, uint256 limitRaw);
    /// @notice The sequencer was down while bids could have come: bidding begins again with a restart.
    error NeedsRestart(uint256 auctionId);
    /// @notice The auction is running well: there is nothing to restart.
    error RestartNotNeeded(uint256 auctionId);
    /// @notice A part would leave less due than the minimum, and so little is due that only the whole lot can be bought.
    error PartTooLarge(uint256 dueRaw, uint256 minDueRaw);
    /// @notice So little was asked for that it buys nothing.
    error SliceTooSmall(uint256 maxLotRaw);
    /// @notice This auction takes bids: see `bid` and `settle`.
    error TakesBids(uint256 auctionId);
    /// @notice This auction takes no bids: see `take`.
    error TakesNoBids(uint256 auctionId);
    /// @notice The bid must be at least `minRay`.
    error BidTooLow(uint256 bidRay, uint256 minRay);
    /// @notice Bidding ended at `endedAtSecs`: anyone may settle, or restart where nobody has bid.
    error BiddingEnded(uint256 auctionId, uint256 endedAtSecs);
    /// @notice Bidding goes on until `endsAtSecs`.
    error BiddingNotEnded(uint256 auctionId, uint256 endsAtSecs);
    /// @notice Nobody has bid.
    error NoBid(uint256 auctionId);
    /// @notice There is nothing to withdraw.
    error NoRefund(address bidder);
    /// @notice No slice of this collateral is kept for the caller.
    error NoSlice(address bidder, address collateral);
    /// @notice The most that may be on sale is on sale.
    error CapReached(uint256 onSaleRaw, uint256 capRaw);
    /// @notice This is stopped at the present level, see `setStop`. The owner can release it.
    error Stopped(uint256 level);
    /// @notice The recipient's callback failed without a reason.
    error CallbackFailed(address recipient);
    /// @notice A slice or a refund cannot be sent to the zero address, to the vault contract, or to the auction contract.
    error BadRecipient(address recipient);
    /// @notice A parameter lies outside of the bounds in the code. `name` is its name in ASCII.
    error OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Starts an auction of `collateral` from an unsafe vault; `keeper` gets the reward.
    function liquidate(uint256 vaultId, address collateral, address keeper) external returns (uint256 auctionId);
    /// @notice Buys up to `maxLotRaw` at the present price, if that is at most `maxPriceRay`. An auction that needs a restart is started
    /// again first, where the oracle has a price: the caller is its keeper, and the price is the fresh one. The slice goes to `recipient` first;
    /// with `data`, `recipient` is then called (IAuctionTaker); last, the caller pays from its allowance to the vault contract.
    function take(uint256 auctionId, uint256 maxLotRaw, uint256 maxPriceRay, address recipient, bytes calldata data) external returns (uint256 sliceRaw, uint256 owedRaw);
    /// @notice Starts a stale auction again at a fresh price, the vault's `priceRay`; `keeper` gets the reward. The best bid of an English one
    /// becomes a refund. A collateral that the oracle's owner has shut down has no price any more: the auction ends instead, its lot goes
    /// back to the vault, what is unpaid is the vault's debt or a loss, and nobody is rewarded.
    function restart(uint256 auctionId, address keeper) external;
    /// @notice Ends an auction that is not sold out: the caller pays, from its allowance to the vault contract, the debt that is left and
    /// the penalty accrued on what was sold, at least what keepers can have earned, and the unsold lot returns to the vault. Anyone may; no stop, price or sequencer prevents it.
    /// A bid becomes a refund. Once somebody has won, for `tailSecs` from the end, it is refused with BiddingEnded.
    /// @param maxPayRaw The most the caller pays.
    /// @return paidRaw What was paid: the debt left, and `penalty * debt paid / debt at the start`, rounded up, less the penalty paid;
    /// where no penalty was paid yet, at least the most that the starts so far can have earned their keepers.
    function cure(uint256 auctionId, uint256 maxPayRaw) external returns (uint256 paidRaw);

    /// @notice Bids for the lot of an English auction: at `bidRay` the caller gets as much of it as what is due buys, all of it at most, and
    /// pays what that costs now, from its allowance to this contract. Whoever led before may withdraw what it paid.
    /// @param bidRay At least the reserve price, and at least the last bid raised by the terms' share.
    function bid(uint256 auctionId, uint256 bidRay) external returns (uint256 sliceRaw, uint256 owedRaw);
    /// @notice Ends an English auction whose bidding is over: the best bidder gets its slice. Anyone may. Where bids were stopped
    /// since the start it is refused with NeedsRestart: who led then has won nothing, whenever in that time the stop began.
    /// Refused with NeedsRestart where the sequencer was down since the start, for `tailSecs` from the end; after that nothing is asked.
    /// From then on the auction can be restarted or cured, too.
    /// A winner who cannot receive its slice keeps nobody from settling: the slice is kept for it, see `withdrawSlice`.
    function settle(uint256 auctionId) external;
    /// @notice Pays out what the caller was outbid with. No stop prevents it.
    function withdrawRefund(address to) external returns (uint256 amountRaw);
    /// @notice Pays out the slices of a collateral that the caller has won and could not receive. Nothing stops it.
    function withdrawSlice(address collateral, address to) external returns (uint256 amountRaw);

    /// @notice Whether it needs a restart, its price now, and what is left of it. An ended auction has a lot of zero.
    /// Where it needs a restart nothing is sold at this price: `quote` has the fresh one. Of an English auction it is the least next bid.
    function status(uint256 auctionId) external view returns (bool needsRestart, uint256 priceRay, uint256 lotRaw, uint256 dueRaw);
    /// @notice What a take of `maxLotRaw` would get and owe now, after the restart where it needs one; the same refusals as `take`.
    /// Of an English auction: what the least next bid would get and owe; the same refusals as `bid`, and as `take` for less than the lot.
    function quote(uint256 auctionId, uint256 maxLotRaw) external view returns (uint256 sliceRaw, uint256 owedRaw, uint256 priceRay);
    /// @notice What `cure` would pay now.
    function cureCost(uint256 auctionId) external view returns (uint256 costRaw);
    function sale(uint256 auctionId) external view returns (Sale memory);
    /// @notice The best bid of a running English auction. Refuses with TakesNoBids where it is none.
    function bidding(uint256 auctionId) external view returns (Bidding memory);
    /// @notice What somebody was outbid with and has not withdrawn.
    function refundOf(address bidder) external view returns (uint256 amountRaw);
    /// @notice What somebody has won of a collateral, could not receive, and has not withdrawn.
    function sliceOf(address bidder, address collateral) external view returns (uint256 amountRaw);
    /// @notice The terms a running auction began with. `capRaw` is zero: it matters only at the start.
    function saleTerms(uint256 auctionId) external view returns (Terms memory);
    /// @notice The numbers of running auctions, from the `offset`-th on, at most `limit` of them, in no promised order.
    /// It looks at a word for every 256 auctions there have ever been, and so at more with every year: ask with more gas where it has to
    /// be long, and follow the events where it is too much.
    function list(uint256 offset, uint256 limit) external view returns (uint256[] memory auctionIds);
    /// @notice How many auctions are running.
    function count() external view returns (uint256);
    /// @notice How many auctions there have ever been; numbers start at one.
    function auctionCount() external view returns (uint256);
    /// @notice What is due in all running auctions, and in those of one collateral.
    function onSale(address collateral) external view returns (uint256 allRaw, uint256 collateralRaw);
    /// @notice How a collateral is sold from now on. Refuses with TermsNotSet where nobody has said.
    function terms(address collateral) external view returns (Terms memory);
    /// @notice What keepers earn for auctions that start now.
    function reward() external view returns (Reward memory);
    /// @notice What keepers earn for a restart of a running auction: what held when it began, of which each restart halves the most.
    function saleReward(uint256 auctionId) external view returns (Reward memory);
    /// @notice The least that a part may leave due in a running auction: what held when it began.
    function saleMinDue(uint256 auctionId) external view returns (uint256 minDueRaw);
    /// @notice The most that may be due at once, and the least that may be left due in auctions that start now.
    function limits() external view returns (uint256 capRaw, uint256 minDueRaw);
    /// @notice How far sales are stopped, see `setStop`.
    function stop() external view returns (uint256 level);
    /// @notice When takes were last stopped (level 3) or let go on; zero where they never were stopped. An auction that began before needs a
    /// restart: its price fell, or its bidding ended, while nobody could buy.
    function takesChangedAt() external view returns (uint256 atSecs);
    /// @notice Who may stop more, besides the owner. Zero: nobody.
    function guardian() external view returns (address account);
    function vault() external view returns (address);

    /// @notice Says how a collateral is sold. Running auctions are not touched. Owner only.
    function setTerms(address collateral, Terms calldata newTerms) external;
    /// @notice Sets the keeper's reward for a start or a restart of auctions that start from now on: flat, and a share of what is due. Owner only.
    /// All starts of an auction together never earn more than `maxPenaltyBps` of its penalty: the first at most half of that share of
    /// what is still to be paid of it (due - debt), the first restart a quarter, the second an eighth, and so on, all rounded down.
    /// A lot without a penalty, as the one of an insolvent vault, earns nothing, nor does one that is worth less than the minimum due,
    /// or of which less is due.
    function setReward(Reward calldata newReward) external;
    /// @notice Sets the most that may be due at once, from now on in all auctions; and the least that may be left due, and that earns a
    /// keeper anything, in auctions that start from now on. Owner only.
    function setLimits(uint256 capRaw, uint256 minDueRaw) external;
    /// @notice Names the guardian. Owner only. Zero: none.
    function setGuardian(address newGuardian) external;
    /// @notice Stops sales: 0 nothing is stopped, 1 no new auctions, 2 no restarts either, 3 no takes either.
    /// @dev The owner may set any level, the guardian only a higher one. Bids are takes. Nothing stops repaying, adding collateral, curing
    /// or withdrawing a refund. What was running when takes were stopped needs a restart, see `takesChangedAt`.
    function setStop(uint256 level) external;
}

/// @title What a recipient implements to use a slice before it is paid for.
interface IAuctionTaker {
    /// @notice Called by the auction contract after the slice has arrived and before `owedRaw` is pulled from `taker`.
    /// @param taker The caller of `take`, who pays.
    /// @param data What the caller of `take` passed on.
    function onSpillwayTake(address taker, address collateral, uint256 sliceRaw, uint256 owedRaw, bytes calldata data) external;
}
