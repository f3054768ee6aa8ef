//! What the command says of an input that is not taken as a whole, and what it does on request.

mod common;

use std::process::Output;

use common::{meterscope, text};

fn decode(arguments: &[&str], input: &[u8]) -> Output {
    meterscope("decode", arguments, input)
}

const LOG: &str = "init frame #1\n\
    [2025-03-31 11:59:50] SEND (005): 10 40 01 41 16\n\
    [2025-03-31 11:59:51Z] RECV (001): E5\n\
    68 XX XX 68\n";

#[test]
fn a_preview_tells_and_decodes_nothing() {
    let output = decode(&["--preview"], LOG.as_bytes());
    assert!(output.status.success());
    assert_eq!(
        text(&output.stdout),
        "lines 2 to 3: libmbus log, 6 octets\n\
         left out, line 1: text without octets | init frame #1\n\
         left out, line 4: 4 digits are hidden | 68 XX XX 68\n\
         4 digits are hidden; --masked-as-zero reads them as 0\n"
    );
}

#[test]
fn frames_carry_the_time_of_their_line() {
    let output = decode(&["--json"], LOG.as_bytes());
    let lines = text(&output.stdout);
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].contains(r#""captured":"2025-03-31T11:59:50","direction":"sent""#), "{}", lines[0]);
    assert!(lines[1].contains(r#""captured":"2025-03-31T11:59:51Z","direction":"received""#), "{}", lines[1]);
    assert!(text(&output.stderr).contains("left out, line 1"));
}

#[test]
fn repairs_are_done_on_request_and_said() {
    let hidden = decode(&["--json", "--masked-as-zero"], b"10 4X 01 41 16\n");
    assert!(text(&hidden.stderr).contains("repaired: 1 octets with hidden digits read as 0"));
    // An M-Bus frame with 0A in it, as a terminal program that expands line ends saves it.
    let damaged = [0x10, 0x0D, 0x0A, 0x01, 0x0B, 0x16];
    let offered = decode(&["--json"], &damaged);
    assert!(text(&offered.stderr).contains("--undo-crlf"), "{}", text(&offered.stderr));
    let undone = decode(&["--json", "--undo-crlf"], &damaged);
    assert!(text(&undone.stdout).contains(r#""kind":"short""#), "{}", text(&undone.stdout));
    assert!(text(&undone.stderr).contains("repaired: 1 CR taken out"));
}

#[test]
fn a_whole_input_is_decoded_without_a_word() {
    let output = decode(&["--json"], b"10 40 01 41 16\n");
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn what_holds_nothing_is_refused_with_its_place() {
    let output = decode(&["--json"], b"68 03\n03 G8 16");
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("line 2, column 4: “G” is no hexadecimal digit"), "{message}");
}
