//! The tracers of `debug_traceTransaction` and `debug_traceCall`: which one is asked for, and the JSON each answers with.
//!
//! cargo-stylus sends the text of a JavaScript tracer unless told to use the native one. Such a text is recognised by its `hostio` callback and
//! answered with the native trace, which has the same form.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U64, U256, hex};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{args::Args, convert::value, errors::RpcError};
use crate::{
    AccountImage, FrameKind, FrameOutcome, OpcodeOptions, OpcodeReport, OpcodeStep, StateTrace, TraceFrame,
    arbos::precompiles, chain::reason,
};

/// A tracer with its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tracer {
    /// Host calls of programs.
    Stylus,
    /// Frames.
    Calls(CallOptions),
    /// Accounts before, or before and after.
    State(StateOptions),
    /// Selectors with the length of what follows them.
    Selectors,
    /// Opcodes, geth's answer when no tracer is named.
    Opcodes(OpcodeOptions),
}

/// Settings of the opcode record, beside the name of the tracer. Geth turned `disableMemory` into `enableMemory`; both are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StructLogOptions {
    disable_stack: bool,
    disable_storage: bool,
    enable_memory: bool,
    disable_memory: Option<bool>,
    enable_return_data: bool,
    limit: usize,
}

impl From<StructLogOptions> for OpcodeOptions {
    fn from(options: StructLogOptions) -> Self {
        Self {
            stack: !options.disable_stack,
            storage: !options.disable_storage,
            memory: options.enable_memory || options.disable_memory == Some(false),
            return_data: options.enable_return_data,
            limit: options.limit,
        }
    }
}

/// Settings of `callTracer`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CallOptions {
    only_top_call: bool,
    with_log: bool,
}

/// Settings of `prestateTracer`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StateOptions {
    diff_mode: bool,
    disable_code: bool,
    disable_storage: bool,
}

impl Tracer {
    /// Reads the options at `index`. Without a name the answer are the opcodes.
    pub(super) fn read(args: &Args, index: usize) -> Result<Self, RpcError> {
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Options {
            tracer: Option<String>,
            tracer_config: Value,
        }
        let options: Options = args.optional(index, "options")?.unwrap_or_default();
        let Some(name) = options.tracer.filter(|name| !name.is_empty()) else {
            let options: StructLogOptions = args.optional(index, "options")?.unwrap_or_default();
            return Ok(Self::Opcodes(options.into()));
        };
        let compact: String = name.split_whitespace().collect();
        match name.as_str() {
            "4byteTracer" => Ok(Self::Selectors),
            "callTracer" => Ok(Self::Calls(config(options.tracer_config, index)?)),
            "prestateTracer" => Ok(Self::State(config(options.tracer_config, index)?)),
            "stylusTracer" => Ok(Self::Stylus),
            _ if compact.contains("hostio\":function") || compact.contains("hostio:") => Ok(Self::Stylus),
            _ => Err(RpcError::UnknownTracer { name: name.chars().take(60).collect() }),
        }
    }
}

fn config<T: serde::de::DeserializeOwned + Default>(given: Value, index: usize) -> Result<T, RpcError> {
    if given.is_null() {
        return Ok(T::default());
    }
    serde_json::from_value(given).map_err(|error| RpcError::BadParameter {
        index,
        name: "tracerConfig",
        reason: error.to_string(),
    })
}

/// A frame as `callTracer` writes it, with the frames below it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallJson<'a> {
    from: Address,
    gas: U64,
    gas_used: U64,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Address>,
    input: &'a Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revert_reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calls: Vec<CallJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logs: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<U256>,
    r#type: &'static str,
}

/// What `callTracer` answers.
pub(super) fn calls(frame: &TraceFrame, options: CallOptions) -> Value {
    value(call(frame, options))
}

fn call(frame: &TraceFrame, options: CallOptions) -> CallJson<'_> {
    let calls = if options.only_top_call { &[][..] } else { &frame.calls };
    let logs = if options.with_log { &frame.logs[..] } else { &[] };
    let error = match &frame.outcome {
        FrameOutcome::Success => None,
        FrameOutcome::Revert => Some("execution reverted"),
        FrameOutcome::Halt(reason) => Some(reason.as_str()),
    };
    CallJson {
        from: frame.from,
        gas: U64::from(frame.gas),
        gas_used: U64::from(frame.gas_used),
        to: frame.to,
        input: &frame.input,
        output: Some(&frame.output).filter(|output| !output.is_empty()),
        error,
        revert_reason: Some(&frame.output).filter(|_| frame.outcome == FrameOutcome::Revert).and_then(|output| reason::in_words(output)),
        calls: calls.iter().map(|frame| call(frame, options)).collect(),
        logs: logs
            .iter()
            .map(|log| json!({ "address": log.address, "topics": log.data.topics(), "data": log.data.data, "position": U64::from(log.position) }))
            .collect(),
        value: (frame.kind != FrameKind::StaticCall).then_some(frame.value),
        r#type: match frame.kind {
            FrameKind::Call => "CALL",
            FrameKind::StaticCall => "STATICCALL",
            FrameKind::DelegateCall => "DELEGATECALL",
            FrameKind::CallCode => "CALLCODE",
            FrameKind::Create => "CREATE",
            FrameKind::Create2 => "CREATE2",
            FrameKind::SelfDestruct => "SELFDESTRUCT",
        },
    }
}

/// What `4byteTracer` answers: how often each selector was called with so many bytes after it. Calls of precompiles do not count.
pub(super) fn selectors(frame: &TraceFrame, arbos_version: u64) -> Value {
    let is_precompile = |address: &Address| {
        precompiles::is_active(*address, arbos_version) || revm::precompile::Precompiles::osaka().contains(address)
    };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut waiting = vec![frame];
    while let Some(frame) = waiting.pop() {
        waiting.extend(&frame.calls);
        let calls = !matches!(frame.kind, FrameKind::Create | FrameKind::Create2 | FrameKind::SelfDestruct);
        if let Some((selector, rest)) = frame.input.split_first_chunk::<4>()
            && calls
            && !frame.to.as_ref().is_some_and(is_precompile)
        {
            *counts.entry(format!("{}-{}", hex::encode_prefixed(selector), rest.len())).or_default() += 1;
        }
    }
    value(counts)
}

/// What is answered without a tracer: geth's struct logs.
pub(super) fn opcodes(report: &OpcodeReport) -> Value {
    let steps: Vec<Value> = report.steps.iter().map(step).collect();
    json!({ "gas": report.gas_used, "failed": report.failed, "returnValue": report.output, "structLogs": steps })
}

fn step(step: &OpcodeStep) -> Value {
    let word = |word: &U256| format!("{word:064x}");
    let mut fields = Map::new();
    fields.insert("pc".into(), json!(step.pc));
    fields.insert("op".into(), json!(step.name()));
    fields.insert("gas".into(), json!(step.gas));
    fields.insert("gasCost".into(), json!(step.gas_cost));
    fields.insert("depth".into(), json!(step.depth));
    if let Some(error) = &step.error {
        fields.insert("error".into(), json!(error));
    }
    if let Some(stack) = &step.stack {
        fields.insert("stack".into(), value(stack));
    }
    if let Some(memory) = &step.memory {
        fields.insert("memory".into(), memory.chunks(32).map(hex::encode).collect());
    }
    if let Some(storage) = &step.storage {
        let slots: Map<String, Value> = storage.iter().map(|(slot, value)| (word(slot), json!(word(value)))).collect();
        fields.insert("storage".into(), Value::Object(slots));
    }
    if let Some(data) = step.return_data.as_ref().filter(|data| !data.is_empty()) {
        fields.insert("returnData".into(), value(data));
    }
    Value::Object(fields)
}

/// What `prestateTracer` answers: all that was loaded as it was before, or in diff mode what changed, as it was and as it is.
pub(super) fn state(trace: &StateTrace, options: StateOptions) -> Value {
    if options.diff_mode {
        return diff(trace, options);
    }
    let accounts = trace.accounts.iter().map(|(address, (before, _))| {
        let image = before.clone().unwrap_or_default();
        (key(*address), whole(&image, options))
    });
    Value::Object(accounts.collect())
}

fn diff(trace: &StateTrace, options: StateOptions) -> Value {
    let (mut pre, mut post) = (Map::new(), Map::new());
    for (address, (before, after)) in &trace.accounts {
        if before == after {
            continue;
        }
        if let Some(before) = before {
            let changed =
                |slot: &U256| after.as_ref().is_none_or(|after| after.storage.get(slot) != before.storage.get(slot));
            let mut image = before.clone();
            image.storage.retain(|slot, word| changed(slot) && !word.is_zero());
            pre.insert(key(*address), whole(&image, options));
        }
        if let Some(after) = after {
            post.insert(key(*address), changes(before.as_ref().unwrap_or(&AccountImage::default()), after, options));
        }
    }
    json!({ "pre": pre, "post": post })
}

fn key(address: Address) -> String {
    format!("{address:#x}")
}

fn whole(image: &AccountImage, options: StateOptions) -> Value {
    let mut fields = Map::new();
    fields.insert("balance".into(), value(image.balance_wei));
    if image.nonce != 0 {
        fields.insert("nonce".into(), json!(image.nonce));
    }
    if !image.code.is_empty() && !options.disable_code {
        fields.insert("code".into(), value(&image.code));
    }
    storage(&mut fields, image.storage.iter(), options);
    Value::Object(fields)
}

/// The fields of `after` that `before` did not have so; a slot that became zero is left out, as nodes do.
fn changes(before: &AccountImage, after: &AccountImage, options: StateOptions) -> Value {
    let mut fields = Map::new();
    if after.balance_wei != before.balance_wei {
        fields.insert("balance".into(), value(after.balance_wei));
    }
    if after.nonce != before.nonce {
        fields.insert("nonce".into(), json!(after.nonce));
    }
    if after.code != before.code && !options.disable_code {
        fields.insert("code".into(), value(&after.code));
    }
    let changed = |(slot, word): &(&U256, &U256)| !word.is_zero() && before.storage.get(*slot) != Some(*word);
    storage(&mut fields, after.storage.iter().filter(changed), options);
    Value::Object(fields)
}

fn storage<'a>(
    fields: &mut Map<String, Value>,
    slots: impl Iterator<Item = (&'a U256, &'a U256)>,
    options: StateOptions,
) {
    let slots: Map<String, Value> =
        slots.map(|(slot, word)| (B256::from(*slot).to_string(), value(B256::from(*word)))).collect();
    if !slots.is_empty() && !options.disable_storage {
        fields.insert("storage".into(), Value::Object(slots));
    }
}
