//! Log messages on standard error: which are written, and as what.

use std::io::IsTerminal;

use spillway_devnode::rpc::journal::{BLOCKS, CALLS, FRAMES, HOST_CALLS, REQUESTS};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::flags::{Color, Flags};

/// What the program tells of itself: why it could not start, and that it stops.
pub(crate) const PROGRAM: &str = "devnode::program";

/// Writes log messages from now on.
pub(crate) fn start(flags: &Flags) {
    let colored = match flags.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stderr().is_terminal(),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colored);
    let layer = if flags.json {
        lines.json().flatten_event(true).with_filter(targets(flags)).boxed()
    } else {
        lines.without_time().with_target(false).with_filter(targets(flags)).boxed()
    };
    tracing_subscriber::registry().with(layer).init();
}

fn targets(flags: &Flags) -> Targets {
    if flags.quiet {
        return Targets::new().with_default(LevelFilter::ERROR);
    }
    let detail = flags.detail();
    let from = |level: u8, filter: LevelFilter| if detail >= level { filter } else { LevelFilter::WARN };
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target(PROGRAM, LevelFilter::INFO)
        .with_target(BLOCKS, LevelFilter::INFO)
        .with_target(REQUESTS, from(1, LevelFilter::DEBUG))
        .with_target(FRAMES, from(2, LevelFilter::DEBUG))
        .with_target(CALLS, from(3, LevelFilter::TRACE))
        .with_target(HOST_CALLS, from(4, LevelFilter::TRACE))
}
