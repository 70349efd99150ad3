//! Everything a reader of the chain can see of the system at one moment, for comparing moments and worlds.
//!
//! Addresses that differ from world to world are replaced by names, so two worlds that did the same look the same.

use crate::{
    actors,
    doubles::ITestToken,
    system::{Asset, System},
    world::{Log, Revert},
};
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use interface::{IAuction, IOracle, IShared, IVault};

/// A vault, by what can be read without a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultSeen {
    /// Who owns it.
    pub owner: Address,
    /// What it owes.
    pub debt_raw: U256,
    /// What it holds of `weth` and of `wbtc`.
    pub held_raw: [U256; 2],
    /// The health factor, or how it was refused.
    pub health_wad: Result<U256, Revert>,
}

/// A running auction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleSeen {
    /// Its number.
    pub auction_id: U256,
    /// Its books.
    pub sale: SaleBooks,
    /// The terms it began with.
    pub terms: IAuction::Terms,
    /// Whether it needs a restart, its price, its lot and what is due.
    pub status: Result<(bool, U256, U256, U256), Revert>,
}

/// [`IAuction::Sale`] with the collateral's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleBooks {
    /// What is sold.
    pub collateral: String,
    /// The sale, its `collateral` left out.
    pub sale: IAuction::Sale,
}

/// The system at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Seconds since 1970.
    pub time_secs: u64,
    /// The vault contract's books.
    pub books: IVault::Books,
    /// The listed collaterals, `weth` first.
    pub collaterals: [IVault::Collateral; 2],
    /// The vaults, the first first.
    pub vaults: Vec<VaultSeen>,
    /// The running auctions by their number.
    pub sales: Vec<SaleSeen>,
    /// How many auctions there have been.
    pub auction_count: U256,
    /// What is due in all auctions, and in those of each collateral.
    pub on_sale_raw: [U256; 3],
    /// Who holds how much of which token.
    pub balances: Vec<(String, &'static str, U256)>,
    /// What the oracle says of each asset: price, age, status.
    pub prices: Vec<(&'static str, U256, U256, U256)>,
    /// Owner and pending owner of each contract.
    pub owners: Vec<(Address, Address)>,
}

impl System {
    /// Looks at everything.
    pub fn observe(&self) -> Observation {
        let at = self.at;
        let both = [at.weth, at.wbtc];
        let count = self.ask(at.vault, &IVault::vaultCountCall {}).to::<u64>();
        let running = self.ask(at.auction, &IAuction::countCall {});
        let mut ids = self.ask(at.auction, &IAuction::listCall { offset: U256::ZERO, limit: running });
        ids.sort();
        let on_sale = both.map(|asset| self.ask(at.auction, &IAuction::onSaleCall { collateral: asset.token }));
        Observation {
            time_secs: self.world.time_secs(),
            books: self.books(),
            collaterals: both.map(|asset| self.ask(at.vault, &IVault::collateralCall { token: asset.token })),
            vaults: (1..=count).map(|id| self.vault_seen(U256::from(id))).collect(),
            sales: ids.into_iter().map(|id| self.sale_seen(id)).collect(),
            auction_count: self.ask(at.auction, &IAuction::auctionCountCall {}),
            on_sale_raw: [on_sale[0].allRaw, on_sale[0].collateralRaw, on_sale[1].collateralRaw],
            balances: self.balances(),
            prices: [at.usd, at.weth, at.wbtc].map(|asset| self.price_seen(asset)).to_vec(),
            owners: [at.oracle, at.vault, at.auction, at.pool, at.reserve, at.lens]
                .map(|contract| {
                    (self.ask(contract, &IShared::ownerCall {}), self.ask(contract, &IShared::pendingOwnerCall {}))
                })
                .to_vec(),
        }
    }

    /// Every contract and asset by a name that is the same in every world.
    pub fn names(&self) -> Vec<(Address, &'static str)> {
        let at = self.at;
        let mut names = vec![
            (at.oracle, "oracle"),
            (at.vault, "vault"),
            (at.auction, "auction"),
            (at.sequencer, "sequencer"),
            (at.pool, "pool"),
            (at.reserve, "reserve"),
            (at.lens, "lens"),
        ];
        for (asset, feed) in [(at.usd, "usd feed"), (at.weth, "weth feed"), (at.wbtc, "wbtc feed")] {
            names.push((asset.token, asset.name));
            names.push((asset.feed, feed));
        }
        names
    }

    /// Logs with the addresses of this world's contracts replaced by names.
    pub fn named_logs(&self, logs: &[Log]) -> Vec<Log> {
        let name = |word: &[u8]| self.named_word(word);
        logs.iter()
            .map(|log| Log {
                emitter: Address::from_word(name(log.emitter.into_word().as_slice())),
                topics: log.topics.iter().map(|topic| name(topic.as_slice())).collect(),
                data: self.named_words(&log.data),
            })
            .collect()
    }

    /// Revert data with the addresses of this world's contracts replaced by names.
    pub fn named_revert(&self, revert: &Revert) -> Revert {
        let (selector, words) = revert.0.split_at(revert.0.len().min(4));
        let mut named = selector.to_vec();
        named.extend(self.named_words(words));
        Revert(named)
    }

    fn named_words(&self, data: &[u8]) -> Vec<u8> {
        data.chunks(32)
            .flat_map(|chunk| if chunk.len() == 32 { self.named_word(chunk).to_vec() } else { chunk.to_vec() })
            .collect()
    }

    fn named_word(&self, word: &[u8]) -> B256 {
        let word = B256::from_slice(word);
        match self.names().iter().position(|(address, _)| address.into_word() == word) {
            Some(index) => Address::with_last_byte(u8::try_from(index + 1).expect("fewer than 255 names")).into_word(),
            None => word,
        }
    }

    fn vault_seen(&self, vault_id: U256) -> VaultSeen {
        let at = self.at;
        VaultSeen {
            owner: self.ask(at.vault, &IVault::ownerOfCall { vaultId: vault_id }),
            debt_raw: self.ask(at.vault, &IVault::debtOfCall { vaultId: vault_id }),
            held_raw: [at.weth, at.wbtc].map(|asset| {
                self.ask(at.vault, &IVault::collateralOfCall { vaultId: vault_id, collateral: asset.token })
            }),
            health_wad: self
                .try_ask(at.vault, &IVault::healthFactorCall { vaultId: vault_id })
                .map_err(|refusal| self.named_revert(&refusal)),
        }
    }

    fn sale_seen(&self, auction_id: U256) -> SaleSeen {
        let auction = self.at.auction;
        let mut sale = self.ask(auction, &IAuction::saleCall { auctionId: auction_id });
        let name = self.names().into_iter().find(|(address, _)| *address == sale.collateral);
        let collateral = name.map_or_else(|| sale.collateral.to_string(), |(_, name)| name.to_owned());
        sale.collateral = Address::ZERO;
        SaleSeen {
            auction_id,
            sale: SaleBooks { collateral, sale },
            terms: self.ask(auction, &IAuction::saleTermsCall { auctionId: auction_id }),
            status: self
                .try_ask(auction, &IAuction::statusCall { auctionId: auction_id })
                .map(|status| (status.needsRestart, status.priceRay, status.lotRaw, status.dueRaw))
                .map_err(|refusal| self.named_revert(&refusal)),
        }
    }

    fn price_seen(&self, asset: Asset) -> (&'static str, U256, U256, U256) {
        let seen = self.ask(self.at.oracle, &IOracle::peekCall { asset: asset.token });
        (asset.name, seen.priceWad, seen.updatedAtSecs, seen.status)
    }

    fn balances(&self) -> Vec<(String, &'static str, U256)> {
        let at = self.at;
        let actors = actors::ALL.into_iter();
        let holders = actors.chain([
            ("oracle contract", at.oracle),
            ("vault contract", at.vault),
            ("auction contract", at.auction),
            ("pool contract", at.pool),
            ("reserve contract", at.reserve),
        ]);
        let mut balances = Vec::new();
        for (holder, address) in holders {
            for asset in [at.usd, at.weth, at.wbtc] {
                balances.push((holder.to_owned(), asset.name, self.balance(asset.token, address)));
            }
        }
        balances
    }

    /// The sum of what the actors and contracts hold of a token, which only minting changes.
    pub fn held_by_all(&self, asset: Asset) -> U256 {
        self.balances().into_iter().filter(|(_, name, _)| *name == asset.name).map(|(_, _, raw)| raw).sum()
    }

    /// How much of a token there is.
    pub fn supply(&self, asset: Asset) -> U256 {
        let call = ITestToken::totalSupplyCall {};
        let output = self.world.view(asset.token, &call.abi_encode()).expect("a token knows its supply");
        U256::from_be_slice(&output)
    }
}
