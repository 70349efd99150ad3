//! Programs and bytecode run whole, on a small world of accounts, and compared with known figures.

mod accounts;
mod calls;
mod comparison;
mod counterparts;
mod creates;
mod encodings;
mod ends;
mod ethereum;
mod facts;
mod gas;
mod nesting;
mod parity;
mod recent;
mod storage;
mod versions;

use revm::{
    DatabaseCommit,
    context::{TxEnv, result::ExecutionResult},
    database::{CacheDB, EmptyDB},
    primitives::{Address, B256, Bytes, TxKind, U256, address},
    state::{AccountInfo, Bytecode},
};
use wasmparser::ValType;

use super::*;
use crate::{
    arbos::state::{
        ARBOS_ACCOUNT, GenesisStorage, ProgramRecord, StylusParams, program, set_params, set_program, write_genesis,
    },
    wasm::{ActivationConfig, activate, format::program_code, hooks::CHAIN_HOOKS},
};

/// Who sends the transactions; rich.
const SENDER: Address = address!("1000000000000000000000000000000000000001");
/// Where the program under test lives.
const PROGRAM: Address = address!("2000000000000000000000000000000000000002");
/// Where its counterpart lives.
const OTHER: Address = address!("3000000000000000000000000000000000000003");
/// What every transaction pays before it runs, without calldata.
const INTRINSIC_GAS: u64 = 21_000;
/// The time of the tests: ten hours after activation times begin, and programs are activated then.
const NOW_SECS: u64 = 1_421_388_000 + 36_000;
/// Ink in a unit of gas.
const GAS: u64 = 10_000;

/// A module that imports every host function, has `pages` pages, and runs `body`.
///
/// `$len` is the length of the calldata, which lies at address 0 once `$read_args` was called.
fn module(pages: u32, body: &str) -> String {
    let name = |types: &[ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let imports: String = CHAIN_HOOKS
        .iter()
        .map(|hook| {
            format!(
                "(import \"{0}\" \"{1}\" (func ${1} (param {2}) (result {3})))",
                hook.module,
                hook.name,
                name(hook.parameters),
                name(hook.results)
            )
        })
        .collect();
    format!(
        r#"(module {imports} (memory (export "memory") {pages} {pages})
            (func (export "user_entrypoint") (param $len i32) (result i32)
              (local $i i32) (local $status i32)
              {body}))"#
    )
}

/// As [`module`] with one page, for a body that returns zero.
fn fine(body: &str) -> String {
    module(1, &format!("{body} (i32.const 0)"))
}

/// Code that uses exactly this much gas and returns nothing.
fn uses_gas(gas: usize) -> Vec<u8> {
    let mut code = vec![0x5b; gas];
    code.push(0x00);
    code
}

struct World {
    db: CacheDB<EmptyDB>,
    chain: ChainContext,
    block: BlockContext,
    arbos: GenesisStorage,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            db: CacheDB::new(EmptyDB::default()),
            chain: ChainContext::default(),
            block: BlockContext { timestamp: NOW_SECS, ..BlockContext::default() },
            arbos: GenesisStorage::new(),
        };
        write_genesis(&mut world.arbos, 412_346, 51);
        world.db.insert_account_info(ARBOS_ACCOUNT, AccountInfo { nonce: 1, ..Default::default() });
        world.give(SENDER, U256::from(10u128.pow(20)));
        world.write_arbos();
        world
    }

    /// A world with one program at [`PROGRAM`].
    fn with(text: &str) -> Self {
        let mut world = Self::new();
        world.put_program(PROGRAM, text);
        world
    }

    fn write_arbos(&mut self) {
        for (slot, word) in &self.arbos {
            self.db.insert_account_storage(ARBOS_ACCOUNT, *slot, *word).unwrap();
        }
    }

    fn give(&mut self, account: Address, balance: U256) {
        let mut info = self.db.load_account(account).unwrap().info.clone();
        info.balance = balance;
        self.db.insert_account_info(account, info);
    }

    fn put_code(&mut self, account: Address, code: Vec<u8>) -> B256 {
        let balance = self.db.load_account(account).unwrap().info.balance;
        let info = AccountInfo::from_bytecode(Bytecode::new_raw(code.into()));
        let codehash = info.code_hash;
        self.db.insert_account_info(account, info.with_balance(balance));
        codehash
    }

    /// Puts a program and its activation, as `ArbWasm` would record it.
    fn put_program(&mut self, account: Address, text: &str) -> B256 {
        let code = program_code(&wat::parse_str(text).unwrap());
        let config = ActivationConfig { debug: true, ..ActivationConfig::default() };
        let activated = activate(&code, &config).unwrap();
        let codehash = self.put_code(account, code);
        let record = ProgramRecord {
            version: 2,
            init_cost: activated.init_cost,
            cached_cost: activated.cached_cost,
            footprint_pages: activated.footprint_pages,
            activated_at_hours: ProgramRecord::hours_at(NOW_SECS),
            asm_estimate_kb: activated.asm_estimate_bytes.div_ceil(1_024),
            cached: false,
        };
        self.set_record(codehash, &record);
        codehash
    }

    fn record(&mut self, codehash: B256) -> ProgramRecord {
        program(&mut self.arbos, codehash).unwrap()
    }

    fn set_record(&mut self, codehash: B256, record: &ProgramRecord) {
        set_program(&mut self.arbos, codehash, record).unwrap();
        self.write_arbos();
    }

    fn set_params(&mut self, params: &StylusParams) {
        set_params(&mut self.arbos, params, 51).unwrap();
        self.write_arbos();
    }

    fn tx(&mut self, to: TxKind, data: impl Into<Bytes>) -> TxEnv {
        TxEnv {
            caller: SENDER,
            kind: to,
            data: data.into(),
            gas_limit: 32_000_000,
            gas_price: 100_000_000,
            nonce: self.db.load_account(SENDER).unwrap().info.nonce,
            chain_id: Some(412_346),
            ..TxEnv::default()
        }
    }

    fn execute(&mut self, tx: TxEnv, mode: Mode) -> Result<Executed, ExecuteError<std::convert::Infallible>> {
        execute(&mut self.db, &self.chain, &self.block, tx, mode, TraceMode::HostCalls)
    }

    /// Runs a transaction to `to` and keeps what it did.
    fn send(&mut self, to: Address, data: impl Into<Bytes>) -> Executed {
        let tx = self.tx(TxKind::Call(to), data);
        self.run(tx)
    }

    fn run(&mut self, tx: TxEnv) -> Executed {
        let mut executed = self.execute(tx, Mode::Transaction).unwrap();
        self.db.commit(std::mem::take(&mut executed.state));
        executed
    }

    /// Runs [`PROGRAM`] with this calldata and expects success.
    fn go(&mut self, data: impl Into<Bytes>) -> Executed {
        let executed = self.send(PROGRAM, data);
        assert!(executed.result.is_success(), "{:?} {:?}", executed.result, executed.end);
        executed
    }

    fn storage(&mut self, account: Address, slot: u64) -> U256 {
        use revm::Database;
        self.db.storage(account, U256::from(slot)).unwrap()
    }

    fn balance(&mut self, account: Address) -> U256 {
        self.db.load_account(account).unwrap().info.balance
    }
}

impl Executed {
    fn steps(&self) -> &[TraceStep] {
        self.steps.as_deref().unwrap()
    }

    fn names(&self) -> Vec<&str> {
        self.steps().iter().map(|step| step.name.as_str()).collect()
    }

    /// Ink of each of the outermost frame's calls of this name.
    fn inks(&self, name: &str) -> Vec<u64> {
        let steps = self.steps().iter().filter(|step| step.name == name);
        steps.map(|step| step.start_ink - step.end_ink).collect()
    }

    /// The one step of this name in the outermost frame.
    fn step(&self, name: &str) -> &TraceStep {
        let mut steps = self.steps().iter().filter(|step| step.name == name);
        let step = steps.next().unwrap();
        assert_eq!(steps.count(), 0, "{name} more than once");
        step
    }

    fn output(&self) -> &[u8] {
        self.result.output().unwrap()
    }

    fn is_halt(&self) -> bool {
        matches!(self.result, ExecutionResult::Halt { .. })
    }
}

/// Calldata with an address in front.
fn with_address(address: Address, rest: &[u8]) -> Vec<u8> {
    [address.as_slice(), rest].concat()
}

fn word(number: u64) -> [u8; 32] {
    U256::from(number).to_be_bytes()
}
