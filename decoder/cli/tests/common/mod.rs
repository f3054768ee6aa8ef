//! Runs the command as a person would.

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Output, Stdio};

/// What `meterscope VERB ARGUMENTS… -` says and gives for an input.
pub fn meterscope(verb: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meterscope"));
    command.arg(verb).args(arguments).arg("-");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command");
    let written = child.stdin.take().expect("its input").write_all(input).map_err(|error| error.kind());
    // A command that refuses its arguments reads nothing, and may have ended already.
    assert!(matches!(written, Ok(()) | Err(ErrorKind::BrokenPipe)), "{written:?}");
    child.wait_with_output().expect("its output")
}

/// What stands in it, as text.
pub fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).expect("text")
}
