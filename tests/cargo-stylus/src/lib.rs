//! A served chain, and cargo-stylus and cast to point at it.

use devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, RunningServer, serve},
    wasm::format,
};
use serde_json::Value;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

/// The first account of the test mnemonic, which every development chain funds.
pub const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/// Its key, as public as the mnemonic.
pub const ALICE_KEY: &str = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/// The second account.
pub const BOB: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
/// A key whose account has nothing.
pub const POOR_KEY: &str = "0x00000000000000000000000000000000000000000000000000000000000000ff";
/// The precompile that knows programs.
pub const ARB_WASM: &str = "0x0000000000000000000000000000000000000071";
/// The contract that cargo-stylus deploys through when there is a constructor.
pub const STYLUS_DEPLOYER: &str = "0xcEcba2F1DC234f70Dd89F2041029807F8D03A990";
/// The time of block 0, in seconds since 1970. The clock moves only with blocks and requests.
pub const GENESIS_SECS: u64 = 1_700_000_000;

/// Stores the word it is called with at slot 0; called with nothing, it returns that word.
pub const REMEMBER: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "pay_for_memory_grow" (func $grow (param i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (if (local.get $length)
            (then
                (call $read_args (i32.const 32))
                (call $store (i32.const 0) (i32.const 32))
                (call $flush (i32.const 0)))
            (else
                (call $load (i32.const 0) (i32.const 32))
                (call $write_result (i32.const 32) (i32.const 32))))
        (i32.const 0)))"#;

/// A chain that is served until this is dropped, and a folder that goes with it.
pub struct Chain {
    /// Dropped first, which tells the server to stop.
    server: RunningServer,
    _runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

/// How a command ended and what it wrote, standard output before standard error, without colours.
#[derive(Debug)]
pub struct Said {
    /// Whether it ended with exit code 0.
    pub succeeded: bool,
    /// All it wrote.
    pub text: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self::serve(Devnode::builder().genesis_time_secs(GENESIS_SECS).build())
    }
}

impl Chain {
    /// Serves `node` on a free port.
    pub fn serve(node: Devnode) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let config =
            RpcConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: Clock::Manual, ..RpcConfig::default() };
        let server = runtime.block_on(serve(node, config)).expect("a free port");
        Self { server, _runtime: runtime, folder: tempfile::tempdir().expect("a folder") }
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// A file in the chain's folder with `content`.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("the folder can be written");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// The WASM file of a program written as text.
    pub fn wasm_file(&self, text: &str) -> String {
        self.file("program.wasm", wat::parse_str(text).expect("the fixture is a module"))
    }

    /// cargo-stylus, pointed at this chain.
    pub fn stylus(&self, arguments: &[&str]) -> Said {
        self.stylus_with(arguments, &[])
    }

    /// As [`Chain::stylus`], signed by [`ALICE`].
    pub fn signed(&self, arguments: &[&str]) -> Said {
        self.stylus_with(arguments, &["--private-key", ALICE_KEY])
    }

    /// Options follow the command's name, because `--constructor-args` takes all that comes after it.
    fn stylus_with(&self, arguments: &[&str], options: &[&str]) -> Said {
        let (command, rest) = arguments.split_at(if arguments[0] == "cache" { 2 } else { 1 });
        run(&mut stylus_command(&[command, &["--endpoint", &self.url()], options, rest].concat()))
    }

    /// What cast answers.
    ///
    /// # Panics
    /// When it fails.
    pub fn cast(&self, arguments: &[&str]) -> String {
        let said = self.try_cast(arguments);
        assert!(said.succeeded, "cast {arguments:?}\n{}", said.text);
        said.text
    }

    /// What cast says, whether it fails or not.
    pub fn try_cast(&self, arguments: &[&str]) -> Said {
        run(Command::new(npm_tools().join("cast")).args(arguments).env("ETH_RPC_URL", self.url()).env("NO_COLOR", "1"))
    }

    /// The receipt of a transaction that [`ALICE`] sends by cast, whether it succeeded or not.
    ///
    /// # Panics
    /// When it is not mined.
    pub fn send(&self, arguments: &[&str]) -> Value {
        let said = self
            .cast(&[&["send", "--json", "--private-key", ALICE_KEY, "--gas-limit", "20000000"], arguments].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// Deploys a token of 6 decimals.
    ///
    /// # Panics
    /// When its artifact is missing.
    pub fn deploy_token(&self) -> String {
        let path = "target/solidity/TestToken.sol/TestToken.json";
        let text = std::fs::read_to_string(repository_root().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}; run scripts/setup first"));
        let artifact: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let code = artifact["bytecode"]["object"].as_str().expect("bytecode");
        let receipt = self.send(&["--create", code, "constructor(string,string,uint8)", "Dollar", "USD", "6"]);
        receipt["contractAddress"].as_str().expect("an address").to_owned()
    }

    /// How many blocks follow block 0.
    pub fn blocks(&self) -> u64 {
        self.cast(&["block-number"]).parse().expect("a number")
    }

    /// The version of the activated program at `address`, or nothing.
    pub fn program_version(&self, address: &str) -> Option<String> {
        let said = self.try_cast(&["call", ARB_WASM, "programVersion(address)(uint16)", address]);
        said.succeeded.then_some(said.text)
    }

    /// Deploys a program of a WASM file, which need not have been deployed before.
    ///
    /// # Panics
    /// When cargo-stylus fails.
    pub fn deploy_wasm_file(&self, file: &str, options: &[&str]) -> String {
        let said = self.signed(&[&["deploy", "--no-verify", "--wasm-file", file], options].concat());
        said.must_succeed().after("deployed code at address: ")
    }

    /// The module that the program at `address` was unpacked to, and its custom section `project_hash`.
    ///
    /// # Panics
    /// When there is none, or it does not end in that section.
    pub fn deployed_module(&self, address: &str) -> (Vec<u8>, Vec<u8>) {
        let code = alloy_primitives::hex::decode(self.cast(&["code", address])).expect("hex");
        let module = format::decompress(&code, 256 * 1024).expect("a program");
        // Id 0, the length of the rest, the name with its length, the hash.
        let head = [&[0, 1 + 12 + 32, 12], &b"project_hash"[..]].concat();
        let split = module.len() - 32 - head.len();
        assert_eq!(module[split..][..head.len()], head, "the section is the last");
        (module[..split].to_vec(), module[split + head.len()..].to_vec())
    }
}

impl Said {
    /// Itself, if the command succeeded.
    ///
    /// # Panics
    /// When it failed, with what it said.
    #[track_caller]
    pub fn must_succeed(self) -> Self {
        assert!(self.succeeded, "it failed:\n{}", self.text);
        self
    }

    /// What it said, if the command failed.
    ///
    /// # Panics
    /// When it succeeded.
    #[track_caller]
    pub fn must_fail(self) -> String {
        assert!(!self.succeeded, "it succeeded:\n{}", self.text);
        self.text
    }

    /// The word that follows `label`.
    ///
    /// # Panics
    /// When the label was not said.
    #[track_caller]
    pub fn after(&self, label: &str) -> String {
        let rest = self.text.split_once(label).unwrap_or_else(|| panic!("no '{label}' in:\n{}", self.text)).1;
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

/// The top of the repository.
pub fn repository_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies two folders deep").to_owned()
}

/// Where the tools lie that npm brought.
///
/// # Panics
/// When they are not installed.
pub fn npm_tools() -> PathBuf {
    let path = repository_root().join("src/solidity/node_modules/.bin");
    assert!(path.join("cast").exists(), "{} has no cast; run scripts/setup first", path.display());
    path
}

/// A file of the repository.
///
/// # Panics
/// When it cannot be read.
pub fn repository_file(path: &str) -> String {
    std::fs::read_to_string(repository_root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The contracts, by the folders that `scripts/build-wasm` builds.
pub fn contracts() -> Vec<String> {
    let folder = repository_root().join("src/contracts");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .filter(|name| name != "common")
        .collect();
    names.sort();
    names
}

/// cargo-stylus with `arguments`, as `scripts/cargo-stylus` starts it.
///
/// # Panics
/// When it is not installed.
pub fn stylus_command(arguments: &[&str]) -> Command {
    let root = repository_root();
    stylus_tool();
    let mut command = Command::new(root.join("scripts/cargo-stylus"));
    command.args(arguments).current_dir(root);
    command
}

/// A contract that is nothing but a built module and the signature of its constructor, for the tool to deploy as it deploys any other.
pub struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A project whose build is the module written as `text`.
    ///
    /// # Panics
    /// When the text is no module.
    pub fn new(text: &str, constructor: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, content: &[u8]| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        };
        write("Cargo.toml", b"[package]\nname = \"made\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n");
        write("Cargo.lock", b"version = 4\n\n[[package]]\nname = \"made\"\nversion = \"0.1.0\"\n");
        write("Stylus.toml", b"[workspace]\n[workspace.networks]\n[contract]\n");
        write("rust-toolchain.toml", repository_file("src/contracts/rust-toolchain.toml").as_bytes());
        write("src/lib.rs", b"");
        write("program.wasm", &wat::parse_str(text).expect("the fixture is a module"));
        // The tool's two questions to cargo that a real project answers by compiling: the module, and the constructor.
        let cargo = format!(
            "#!/bin/sh\ncase \"$*\" in\n\
             'build --lib --locked --release --target wasm32-unknown-unknown')\n\
             mkdir -p target/wasm32-unknown-unknown/release/deps\n\
             cp program.wasm target/wasm32-unknown-unknown/release/deps/made.wasm ;;\n\
             'run '*' -- constructor') echo '{constructor}' ;;\n\
             *) exec '{}' \"$@\" ;;\nesac\n",
            env!("CARGO")
        );
        write("bin/cargo", cargo.as_bytes());
        let program = folder.path().join("bin/cargo");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(program, executable).expect("the file is ours");
        Self { folder }
    }

    /// What the tool says when it deploys the project to `chain`, signed by [`ALICE`].
    ///
    /// # Panics
    /// When the tool is not installed.
    pub fn deploy(&self, chain: &Chain, options: &[&str]) -> Said {
        let bin = self.folder.path().join("bin");
        // The script's own rustc says which machine this is, as for our contracts.
        let rustc = repository_root().join("scripts/lib/cargo-stylus");
        let path = format!("{}:{}:{}", bin.display(), rustc.display(), std::env::var("PATH").expect("there is a PATH"));
        let endpoint = chain.url();
        let deploy = ["stylus", "deploy", "--no-verify", "--contract", "made", "--endpoint", &endpoint];
        let mut command = Command::new(stylus_tool());
        command.args(deploy).args(["--private-key", ALICE_KEY]).args(options);
        run(command.current_dir(self.folder.path()).env("CARGO", bin.join("cargo")).env("PATH", path))
    }
}

/// cargo-stylus as it was installed.
///
/// # Panics
/// When it is not.
fn stylus_tool() -> PathBuf {
    let tool = repository_root().join("target/tools/cargo-stylus");
    assert!(tool.exists(), "{} is missing; run scripts/cargo-stylus --version first", tool.display());
    tool
}

/// The init code of one of our contracts as cargo-stylus writes it, as hex.
///
/// # Panics
/// When it fails.
pub fn init_code(contract: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("init-code");
    let package = format!("spillway-{contract}");
    let output = file.to_str().expect("UTF-8");
    run(&mut stylus_command(&["get-initcode", "--contract", &package, "--output", output])).must_succeed();
    format!("0x{}", std::fs::read_to_string(&file).expect("it was written"))
}

/// What `constructor` or `export-abi` writes for one of our contracts.
///
/// # Panics
/// When it fails.
pub fn reflect(command: &str, contract: &str) -> String {
    let package = format!("spillway-{contract}");
    run(&mut stylus_command(&[command, "--contract", &package])).must_succeed().text
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started.
pub fn run(command: &mut Command) -> Said {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    let text = plain(String::from_utf8_lossy(&text).trim());
    Said { succeeded: output.status.success(), text }
}

/// `text` without the sequences that colour it: ESC, '[', digits and semicolons, 'm'.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('m').map_or(part, |(_, rest)| rest))
}
