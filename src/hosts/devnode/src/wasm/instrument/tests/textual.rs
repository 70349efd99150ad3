//! A second meter, for the differential test, that works on the *text* of a module.
//!
//! It shares no code with the passes: it finds the blocks line by line, prices them from a table
//! keyed by the words of the text, and charges by calling imported functions instead of counting
//! in a global.

/// Imports that [`with_ticks`] adds; they become the first three functions.
const TICKS: &str = r#"
  (import "meter" "tick" (func $tick (param i64)))
  (import "meter" "bulk" (func $tick_bulk (param i32) (result i32)))
  (import "meter" "grow" (func $tick_grow (param i32) (result i32)))"#;

/// Moves every function index of the text of a module by `by`, to make room for imports.
pub(super) fn shift_functions(text: &str, by: u32) -> String {
    let shifted = |index: &str| match index.trim_end_matches(')').parse::<u32>() {
        Ok(number) => index.replacen(&number.to_string(), &(number + by).to_string(), 1),
        Err(_) => index.to_owned(),
    };
    let lines = text.lines().map(|line| {
        let start = line.trim_start();
        let from = if start.starts_with("call ") {
            line.find("call ").unwrap() + "call ".len()
        } else if start.starts_with("(export") && line.contains("(func ") {
            line.find("(func ").unwrap() + "(func ".len()
        } else if start.starts_with("(elem") && line.contains(" func ") {
            line.find(" func ").unwrap() + " func ".len()
        } else {
            return line.to_owned();
        };
        let indexes: Vec<String> = line[from..].split(' ').map(shifted).collect();
        format!("{}{}", &line[..from], indexes.join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Puts `imports` in front of everything else in the text of a module.
pub(super) fn with_imports(text: &str, imports: &str) -> String {
    let (head, rest) = text.split_once('\n').expect("the text of a module has several lines");
    assert_eq!(head.trim(), "(module", "unexpected head");
    format!("{head}\n{imports}\n{rest}")
}

/// The module with a call of `tick` in front of each block, of `bulk` in front of each bulk
/// operation and of `grow` in front of each `memory.grow`.
///
/// `header` is the ink of a block besides its operators.
pub(super) fn with_ticks(text: &str, header: u64) -> String {
    let text = shift_functions(text, 3);
    let parameters = parameters_of_types(&text);
    let mut output = Vec::new();
    let mut block: Option<Block> = None;
    for line in text.lines() {
        let words = line.trim();
        if words.starts_with("(func ") {
            // The body is on the lines that follow, and ends with a line that closes one more
            // parenthesis than it opens. Only an empty body is closed at once.
            let is_empty = closes_function(words, 1);
            let head = if is_empty { strip_close(line) } else { line };
            output.push(head.to_owned());
            let fresh = Block::new(header);
            block = if is_empty { fresh.finish(&mut output) } else { Some(fresh) };
            continue;
        }
        let Some(current) = &mut block else {
            output.push(line.to_owned());
            continue;
        };
        if words.starts_with("(local ") {
            let is_last = closes_function(words, 0);
            output.push(if is_last { strip_close(line) } else { line }.to_owned());
            if is_last {
                block = block.take().and_then(|block| block.finish(&mut output));
            }
            continue;
        }
        let is_last = closes_function(words, 0);
        let line = if is_last { strip_close(line) } else { line };
        let words = line.trim();
        if !words.is_empty() {
            current.add(words, &parameters);
            if ends_block(words) {
                block.replace(Block::new(header)).and_then(|block| block.flush(&mut output));
            }
        }
        if is_last {
            block = block.take().and_then(|block| block.finish(&mut output));
        }
    }
    with_imports(&output.join("\n"), TICKS)
}

/// Whether a line of a function body closes the function, `open` parentheses being open before.
fn closes_function(words: &str, open: i32) -> bool {
    let words = without_comments(words);
    let count = |sign| words.matches(sign).count() as i32;
    open + count('(') - count(')') < 0 || (open == 1 && count('(') == count(')'))
}

/// Comments of the printer are of the form `(;…;)` and `;; …`.
fn without_comments(words: &str) -> String {
    let mut rest = words.split(";;").next().unwrap_or("").to_owned();
    while let Some(start) = rest.find("(;") {
        let end = rest[start..].find(";)").expect("a comment ends") + start + 2;
        rest.replace_range(start..end, "");
    }
    rest.trim().to_owned()
}

fn strip_close(line: &str) -> &str {
    line.trim_end().strip_suffix(')').expect("a function ends with a parenthesis")
}

/// Parameters of each function type, from lines such as `(type (;0;) (func (param i32 i64)))`.
fn parameters_of_types(text: &str) -> Vec<u64> {
    let types = text.lines().filter(|line| line.trim_start().starts_with("(type "));
    types
        .map(|line| match line.split_once("(param ") {
            Some((_, rest)) => rest.split(')').next().unwrap().split_whitespace().count() as u64,
            None => 0,
        })
        .collect()
}

struct Block {
    ink: u64,
    lines: Vec<String>,
}

impl Block {
    fn new(header: u64) -> Self {
        Self { ink: header, lines: Vec::new() }
    }

    fn add(&mut self, words: &str, parameters: &[u64]) {
        self.ink += ink_of(words, parameters);
        match words.split_whitespace().next() {
            Some("memory.copy" | "memory.fill") => self.lines.push("call $tick_bulk".to_owned()),
            Some("memory.grow") => self.lines.push("call $tick_grow".to_owned()),
            _ => {}
        }
        self.lines.push(words.to_owned());
    }

    fn flush(self, output: &mut Vec<String>) -> Option<Self> {
        output.push(format!("i64.const {}", self.ink));
        output.push("call $tick".to_owned());
        output.extend(self.lines);
        None
    }

    /// The block that ends with the `end` of the function, which the text does not show.
    fn finish(mut self, output: &mut Vec<String>) -> Option<Self> {
        self.ink += 1;
        let none = self.flush(output);
        output.push(")".to_owned());
        none
    }
}

fn ends_block(words: &str) -> bool {
    const LAST: [&str; 10] =
        ["end", "else", "return", "loop", "br", "br_table", "br_if", "if", "call", "call_indirect"];
    LAST.contains(&words.split_whitespace().next().unwrap())
}

/// The price of an operator by its words, typed a second time from the description of the chain.
fn ink_of(words: &str, parameters: &[u64]) -> u64 {
    let words = without_comments(words);
    let mut parts = words.split_whitespace();
    let name = parts.next().unwrap();
    match name {
        "br_table" => return 2_400 + 325 * (parts.count() as u64 - 1),
        "call_indirect" => {
            let index = words.split("(type ").nth(1).unwrap().split(')').next().unwrap();
            return 13_610 + 650 * parameters[index.parse::<usize>().unwrap()];
        }
        _ => {}
    }
    let fixed = match name {
        "unreachable" | "return" | "nop" | "block" | "loop" | "else" | "end" => 1,
        "i32.const" | "i64.const" => 1,
        "drop" => 9,
        "br" | "br_if" | "if" => 765,
        "select" => 1_250,
        "call" => 3_800,
        "local.get" | "local.tee" => 75,
        "local.set" => 210,
        "global.get" => 225,
        "global.set" => 575,
        "memory.copy" | "memory.fill" => 950,
        "memory.size" => 3_000,
        "memory.grow" => 8_050,
        "i32.wrap_i64" | "i64.extend_i32_s" | "i64.extend_i32_u" => 100,
        _ => 0,
    };
    if fixed > 0 {
        return fixed;
    }
    let (ty, action) = name.split_once('.').unwrap_or_else(|| panic!("no price for {name}"));
    let is_long = match ty {
        "i32" => false,
        "i64" => true,
        _ => panic!("no price for {name}"),
    };
    let either = |short, long| if is_long { long } else { short };
    match action {
        "add" | "sub" | "and" | "or" | "xor" | "shl" | "shr_s" | "shr_u" | "rotl" | "rotr" => either(70, 100),
        "mul" => 160,
        "div_s" | "div_u" | "rem_s" | "rem_u" => either(1_120, 1_270),
        "clz" | "ctz" => 210,
        "popcnt" => either(2_650, 6_000),
        "eqz" | "eq" | "ne" | "lt_s" | "lt_u" | "gt_s" | "gt_u" | "le_s" | "le_u" | "ge_s" | "ge_u" => either(170, 225),
        "extend8_s" | "extend16_s" | "extend32_s" => 100,
        _ if action.starts_with("load") => either(670, 680),
        _ if action.starts_with("store") => either(825, 950),
        _ => panic!("no price for {name}"),
    }
}
