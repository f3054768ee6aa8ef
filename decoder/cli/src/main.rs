//! `meterscope`: decodes captures of meter buses on the command line.

mod decode;
mod export;
mod input;
mod keys;
mod preview;
mod summary;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads what meters send: HAN port (DLMS/COSEM, P1) and wired M-Bus.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Decodes a capture: octets as they came from the wire, pcapng, text and logs with octets, or P1 telegrams.
    Decode(decode::Options),
    /// Saves a capture, or what was recorded between two times, as another kind of file.
    Export(export::Options),
}

fn main() -> ExitCode {
    // clap itself ends with status 2 where the usage is wrong.
    let done = match Arguments::parse().command {
        Command::Decode(options) => decode::run(&options).map(|outcome| {
            if let Some(verdict) = outcome.verdict {
                anstream::eprintln!("meterscope: {}", summary::Spoken(verdict));
            }
            outcome.anything_decoded
        }),
        Command::Export(options) => export::run(&options).inspect(|&anything| {
            if !anything {
                anstream::eprintln!("meterscope: nothing was recorded between these times");
            }
        }),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            anstream::eprintln!("meterscope: {failure}");
            // An input that was read and holds nothing is no fault of the usage.
            ExitCode::from(if matches!(failure, input::Failure::Import(..)) { 1 } else { 2 })
        }
    }
}
