//! Methods that look inside: traces of a transaction or a call, by the tracers of [`super::tracers`].

use serde_json::Value;

use super::{
    Methods,
    args::Args,
    convert::{self, value},
    errors::RpcError,
    overrides::{self, Place},
    shared::Inner,
    tracers::{self, Tracer},
};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["debug_traceTransaction"], |inner, args| {
        let hash = args.required(0, "hash")?;
        Ok(match Tracer::read(&args, 1)? {
            Tracer::Stylus => value(inner.node.trace(hash)?),
            Tracer::Calls(options) => tracers::calls(&inner.node.trace_frames(hash)?, options),
            Tracer::State(options) => tracers::state(&inner.node.trace_state(hash)?, options),
            Tracer::Selectors => tracers::selectors(&inner.node.trace_frames(hash)?, inner.node.arbos_version()),
            Tracer::Opcodes(options) => tracers::opcodes(&inner.node.trace_opcodes(hash, options)?),
        })
    });
    methods.add(&["debug_traceCall"], trace_call);
}

/// The third parameter is the tracer here; overrides of the state and the block are among its options.
fn trace_call(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Overrides {
        state_overrides: Option<Value>,
        block_overrides: Option<Value>,
    }
    let tracer = Tracer::read(&args, 2)?;
    let given: Overrides = args.optional(2, "options")?.unwrap_or_default();
    let transaction = args.required(0, "transaction")?;
    let request = convert::call_request(
        transaction,
        args.optional(1, "block")?,
        overrides::accounts(Place { index: 2, name: "stateOverrides" }, given.state_overrides)?,
        overrides::header(Place { index: 2, name: "blockOverrides" }, given.block_overrides)?,
    )?;
    Ok(match tracer {
        Tracer::Stylus => value(inner.node.trace_call(request)?),
        Tracer::Calls(options) => tracers::calls(&inner.node.trace_call_frames(request)?, options),
        Tracer::State(options) => tracers::state(&inner.node.trace_call_state(request)?, options),
        Tracer::Selectors => tracers::selectors(&inner.node.trace_call_frames(request)?, inner.node.arbos_version()),
        Tracer::Opcodes(options) => tracers::opcodes(&inner.node.trace_call_opcodes(request, options)?),
    })
}
