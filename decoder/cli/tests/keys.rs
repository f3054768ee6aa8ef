//! Keys on the command line: what opens a capture, and what is said of keys that are none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/ciphered-hdlc/capture.hex");
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/ciphered-hdlc/keys.txt");

fn decode(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meterscope"));
    command.args(["decode", "--json"]).args(arguments).arg(CAPTURE);
    command.output().expect("the command runs")
}

fn states(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    let state = |line: &str| Some(line.split_once("\"state\":\"")?.1.split_once('"')?.0.to_owned());
    text.lines().filter_map(state).collect()
}

#[test]
fn a_key_opens_a_capture_wherever_it_comes_from() {
    let key = fs::read_to_string(KEYS).unwrap();
    for arguments in [&["--key", key.trim()][..], &["--key-file", KEYS]] {
        let output = decode(arguments);
        assert_eq!(states(&output), ["decrypted", "decrypted"]);
        assert!(output.status.success());
    }
    assert_eq!(states(&decode(&[])), ["key-missing", "key-missing"]);
    let other = "00112233445566778899aabbccddeeff";
    assert_eq!(states(&decode(&["--key", other])), ["authentication-failed", "authentication-failed"]);
}

/// A key with one digit too few is nearly the key: it must not end up in a log.
#[test]
fn no_message_repeats_a_key() {
    let short = "00112233445566778899aabbccddeef";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file: PathBuf = folder.join("keys.txt");
    fs::write(&file, format!("\u{FEFF}# my meter\n\n{short}\n")).unwrap();
    for arguments in [["--key", short], ["--key-file", file.to_str().unwrap()]] {
        let output = decode(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("31 digits") && !said.contains("8899"), "{said}");
    }
    let said = decode(&["--key-file", "there is no such file"]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("cannot read there is no such file"));
}
