//! Methods of Stylus tools: the hostio trace of a transaction or a call.
//!
//! cargo-stylus sends the text of a JavaScript tracer unless told to use the native one. Such a text is recognised by its `hostio` callback and
//! answered with the native trace, which has the same form.

use serde::Deserialize;
use serde_json::Value;

use super::{Methods, args::Args, convert::value, errors::RpcError};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["debug_traceTransaction"], |inner, args| {
        let hash = args.required(0, "hash")?;
        stylus_tracer(&args, 1)?;
        Ok(value(inner.node.trace(hash)?))
    });
    methods.add(&["debug_traceCall"], |inner, args| {
        stylus_tracer(&args, 2)?;
        // The third parameter is the tracer here, not an override.
        let request = super::convert::call_request(args.required(0, "transaction")?, args.optional(1, "block")?, None, None)?;
        Ok::<Value, RpcError>(value(inner.node.trace_call(request)?))
    });
}

/// Refuses every tracer but the Stylus one.
fn stylus_tracer(args: &Args, index: usize) -> Result<(), RpcError> {
    #[derive(Debug, Default, Deserialize)]
    struct Options {
        tracer: Option<String>,
    }
    let options: Options = args.optional(index, "options")?.unwrap_or_default();
    let name = options.tracer.unwrap_or_else(|| "struct logs".into());
    let compact: String = name.split_whitespace().collect();
    if name == "stylusTracer" || compact.contains("hostio\":function") || compact.contains("hostio:") {
        Ok(())
    } else {
        Err(RpcError::UnknownTracer { name: name.chars().take(60).collect() })
    }
}
