// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title The reserve: the surplus, the insurance stakers, and the order in which losses are borne.
/// @notice Penalties, a share of the interest and gifts are the surplus. It lies with the vault contract, which pays keepers and bad debt
/// from it before anything else: bad debt whenever the surplus changes otherwise, and a keeper first where his auction starts in between.
/// A reward paid while bad debt waits is borne by whoever bears that. What it holds above the buffer goes to the stakers, little by little, and to the treasury.
/// Bad debt is paid in the order surplus, stakers, lenders. The stakers lose each the same share. A loss that is still waiting to be
/// covered is counted in what stakes and pool shares are worth already: nobody can leave before it.
/// A round of stakes of which losses have left next to nothing is closed by the next stake that brings as much as is left; who is in it
/// collects that whenever it likes. Stakes are counted in shares that cannot be transferred. They round against the caller; 1e6 virtual
/// shares and one virtual unit stand beside the real ones. What is sent to the contract without being asked changes nothing. It has the functions of IShared too.
interface IReserve {
    /// @notice What the owner set. `stakersBps` of what is above `bufferRaw` goes to the stakers over `dripSecs`, the rest to the
    /// treasury. A stake can be taken out from `cooldownSecs` after it was announced, for `windowSecs`. Bad debt waits `patienceSecs` for
    /// new surplus before stakers and lenders bear it; that ends at least an hour before a cool-down does.
    /// It begins with a buffer of 2^128 - 1, so that nothing is distributed until the owner says of how much.
    struct Rules {
        uint256 bufferRaw;
        uint256 stakersBps;
        uint256 dripSecs;
        uint256 cooldownSecs;
        uint256 windowSecs;
        uint256 patienceSecs;
    }

    /// @notice What a staker has. `assetsRaw` is what the shares are worth now. `leavingShares` were announced, can be taken out from
    /// `fromSecs` to `untilSecs`, both included, and are part of `shares`.
    struct Stake {
        uint256 shares;
        uint256 assetsRaw;
        uint256 leavingShares;
        uint256 fromSecs;
        uint256 untilSecs;
    }

    /// @notice Bad debt in the queue, or what is left of it.
    struct Entry {
        uint256 vaultId;
        uint256 amountRaw;
        uint256 realisedAtSecs;
    }

    event Staked(address indexed payer, address indexed staker, uint256 amountRaw, uint256 shares);
    event UnstakeAnnounced(address indexed staker, uint256 shares, uint256 fromSecs, uint256 untilSecs);
    event Unstaked(address indexed staker, address indexed to, uint256 amountRaw, uint256 shares);
    /// @notice A vault's bad debt joins the queue, after the surplus has paid what it could.
    event BadDebtQueued(uint256 indexed vaultId, uint256 amountRaw, uint256 queuedEverRaw);
    /// @notice The stakers paid for bad debt. `stakedLeftRaw` is what is held for them, with what they have not earned yet.
    event StakersSlashed(uint256 amountRaw, uint256 stakedLeftRaw);
    /// @notice All shares there were are void: nothing is behind them, or the last staker has left. The next stake begins anew.
    /// What was left over, odd units and what was not earned, is surplus.
    event StakesEnded(uint256 leftoverRaw);
    /// @notice A stake has closed the round before and begins another: losses had left less than a unit for 1e9 shares of it. `leftRaw`,
    /// with what was not earned yet, waits for those who have its `totalShares`; it insures nobody any more and earns nothing.
    event StakesClosed(uint256 indexed round, uint256 leftRaw, uint256 totalShares);
    /// @notice A staker was paid its part of what a closed round had left, and its shares of it are gone.
    event Collected(uint256 indexed round, address indexed staker, address indexed to, uint256 amountRaw, uint256 shares);
    /// @notice The lenders bear bad debt: what they lent is written down by this.
    event LossPassedToLenders(uint256 amountRaw);
    /// @notice Surplus above the buffer went to the stakers, who earn it over the drip, and to the treasury. `keptRaw` of what is above
    /// the buffer is surplus for good, because there were no stakers or no treasury to get it.
    event Distributed(uint256 stakersRaw, uint256 treasuryRaw, uint256 keptRaw);
    event Donated(address indexed payer, uint256 amountRaw);
    event RulesSet(Rules previousRules, Rules newRules);
    event TreasurySet(address indexed previousTreasury, address indexed newTreasury);

    /// @notice Only the vault contract may do this.
    error NotVault(address caller);
    /// @notice The stake, or what of it was announced, is smaller than what was asked for.
    error NotEnoughStake(uint256 heldShares, uint256 askedShares);
    /// @notice The announced shares can be taken out from `fromSecs` to `untilSecs`, and not now. Announce them anew when that is over.
    /// Both are zero where nothing is announced.
    error NotInWindow(uint256 fromSecs, uint256 untilSecs, uint256 nowSecs);
    /// @notice Bad debt waits. Until `cover` has been called or new surplus has paid it nobody stakes: a new stake would pay for it, or
    /// share in what recovers it, which is theirs who bear it.
    error BadDebtWaits(uint256 badDebtRaw);
    /// @notice What was staked and earned is all lost, or all but less than a unit for 1e9 shares: a new stake would pay for that, or would
    /// be too many shares. It works again when enough of what drips is earned, or at once for a stake of `heldRaw` or more, which begins
    /// another round where too little is held.
    error StakersWipedOut(uint256 heldRaw);
    /// @notice What was asked for is worth less than one unit of the other side.
    error RoundsToZero(uint256 asked);
    /// @notice The round is not closed, or `staker` has no shares of it, or has collected.
    error NothingToCollect(uint256 round, address staker);
    /// @notice No bad debt has waited long enough to be covered. The next has at `nextAtSecs`; zero where none waits.
    error NothingToCover(uint256 badDebtRaw, uint256 nextAtSecs);
    /// @notice There is bad debt, or no surplus above the buffer and what earlier distributions kept, or nobody to get it.
    error NothingToDistribute(uint256 surplusRaw, uint256 bufferRaw, uint256 badDebtRaw);
    /// @notice The vault, the auction, the pool and the reserve contract can be no treasury: nobody counts what is sent to them.
    error TreasuryInSystem(address treasury);
    /// @notice A parameter lies outside of the bounds in the code. `name` is its name in ASCII.
    error OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    // Stakers

    /// @notice Stakes the debt asset for `staker`, from the caller's allowance. Not while bad debt waits.
    /// IVault.UnexpectedAmountReceived where the token takes a fee.
    /// Where losses have left less than a unit for 1e9 shares, it closes the round and is the first of another.
    function stake(uint256 amountRaw, address staker) external returns (uint256 shares);
    /// @notice Announces that the caller will take out `shares`. They go on earning and may still be slashed. Replaces an earlier
    /// announcement; zero takes it back.
    function announceUnstake(uint256 shares) external returns (uint256 fromSecs, uint256 untilSecs);
    /// @notice Takes out up to the announced shares, in their window. With the last share, what is left over becomes surplus.
    function unstake(uint256 shares, address to) external returns (uint256 amountRaw);
    /// @notice Pays the caller's part of what a closed round has left, at once and for good: by its shares of it, rounded down, and to the
    /// last one what is left. Less than a unit is given up to those who have not collected yet.
    function collect(uint256 round, address to) external returns (uint256 amountRaw);

    // Anyone

    /// @notice Lets stakers and then lenders bear the bad debt that has waited long enough.
    function cover() external returns (uint256 stakersRaw, uint256 lendersRaw);
    /// @notice Moves surplus above the buffer to stakers and treasury, as far as it is not lent. The part of one who is not there stays
    /// surplus and is not divided again, until the owner sets rules or treasury.
    function distribute() external returns (uint256 stakersRaw, uint256 treasuryRaw);
    /// @notice Gives the debt asset to the surplus, for good. It pays for bad debt first.
    function donate(uint256 amountRaw) external;

    // The vault contract

    /// @notice Notes bad debt that the surplus could not pay.
    function queueBadDebt(uint256 vaultId, uint256 amountRaw) external;

    // Views

    /// @notice The bad debt that will reach the lenders: what surplus and stakers cannot bear.
    function lendersLoss() external view returns (uint256 lossRaw);
    /// @notice What a staker has in the round that runs.
    function stakeOf(address staker) external view returns (Stake memory);
    /// @notice The number of the round that runs: how often stakes have ended or been closed.
    function round() external view returns (uint256);
    /// @notice What `collect` would pay `staker` of a closed round; zero also where it would refuse.
    function leftOf(uint256 round, address staker) external view returns (uint256 amountRaw);
    /// @notice What a stake of `amountRaw` would give, and what taking out `shares` in their window would give; the same refusals.
    function previewStake(uint256 amountRaw) external view returns (uint256 shares);
    function previewUnstake(uint256 shares) external view returns (uint256 amountRaw);
    /// @notice What `distribute` would move now; the same refusals.
    function previewDistribute() external view returns (uint256 stakersRaw, uint256 treasuryRaw);
    /// @notice What all stakers have together now: staked and earned, less the bad debt they will bear. `drippingRaw` is what they
    /// will have earned beyond that at the end of the drip.
    function staked() external view returns (uint256 assetsRaw, uint256 totalShares, uint256 drippingRaw);
    /// @notice The unpaid bad debt, the oldest first, from the `offset`-th entry on, at most `limit` of them. What was paid, was paid
    /// for the oldest.
    function queue(uint256 offset, uint256 limit) external view returns (Entry[] memory entries);
    /// @notice How many entries of the queue are unpaid, how much bad debt waits, and how much of it `cover` would cover now. Bad debt
    /// that the vault contract did not queue is due at once.
    function queued() external view returns (uint256 count, uint256 badDebtRaw, uint256 dueRaw);
    function rules() external view returns (Rules memory);
    /// @notice Who gets what the stakers do not; zero: nobody, and it stays surplus.
    function treasury() external view returns (address);
    function vault() external view returns (address);

    // Owner only

    function setRules(Rules calldata newRules) external;
    /// @notice Names who gets what the stakers do not; zero: nobody.
    function setTreasury(address newTreasury) external;
}
