//! A capture saved as another kind of file, on the command line.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

use common::{meterscope, text};

const LOG: &str = "[2026-11-21T08:12:00Z] RECV (005): 10 40 01 41 16\n\
    [2026-11-21T08:12:10Z] RECV (005): 10 40 02 42 16\n\
    [2026-11-21T08:12:20Z] SEND (005): 10 40 03 43 16\n";

fn export(arguments: &[&str], input: &[u8]) -> Output {
    meterscope("export", arguments, input)
}

#[test]
fn a_capture_goes_through_every_format() {
    for (format, begins) in [
        ("pcapng", &b"\x0A\x0D\x0D\x0A"[..]),
        ("raw", b"\x10\x40\x01\x41\x16\x10"),
        ("hex", b"2026-11-21T08:12:00Z RX: 10 40 01 41 16\n"),
        ("jsonl", b"{\"item\":\"frame\""),
        ("csv", b"captured,direction,offset"),
        ("csv-wide", b"captured,direction,offset"),
        ("frames", b"\x0A\x0D\x0D\x0A"),
        ("frames-deciphered", b"\x0A\x0D\x0D\x0A"),
    ] {
        let output = export(&["--as", format], LOG.as_bytes());
        assert!(output.status.success(), "{format}: {}", text(&output.stderr));
        assert!(output.stdout.starts_with(begins), "{format}: {:?}", output.stdout);
    }
    // And back again.
    let pcapng = export(&["--as", "pcapng"], LOG.as_bytes()).stdout;
    let log = text(&export(&["--as", "hex"], &pcapng).stdout);
    assert_eq!(log.lines().nth(2), Some("2026-11-21T08:12:20.000000Z TX: 10 40 03 43 16"));
}

#[test]
fn a_part_is_chosen_by_its_times() {
    let part = ["--as", "hex", "--from", "2026-11-21T09:12:05+01:00", "--to", "2026-11-21 08:12:20"];
    let output = export(&part, LOG.as_bytes());
    assert_eq!(text(&output.stdout), "2026-11-21T08:12:10Z RX: 10 40 02 42 16\n");
    let nothing = export(&["--as", "raw", "--from", "2027-01-01"], LOG.as_bytes());
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(1), 0));
    assert!(text(&nothing.stderr).contains("nothing was recorded between these times"));
    let no_time = export(&["--as", "raw", "--from", "soon"], LOG.as_bytes());
    assert_eq!(no_time.status.code(), Some(2));
    assert!(text(&no_time.stderr).contains("2026-11-21T08:12:00+01:00"), "{}", text(&no_time.stderr));
}

#[test]
fn a_file_is_written_where_it_is_asked_for() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("export.bin");
    let path = path.to_str().expect("a path of text");
    let output = export(&["--as", "raw", "-o", path], LOG.as_bytes());
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(fs::read(path).expect("the file").len(), 15);
    let nowhere = export(&["--as", "raw", "-o", "/there/is/no/such/folder"], LOG.as_bytes());
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("cannot write the output"));
}

#[test]
fn a_key_opens_what_is_exported() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/ciphered-hdlc");
    let capture = fs::read(format!("{folder}/capture.hex")).expect("capture.hex");
    let closed = text(&export(&["--as", "csv"], &capture).stdout);
    let keys = format!("{folder}/keys.txt");
    let opened = text(&export(&["--as", "csv", "--key-file", &keys], &capture).stdout);
    assert_eq!(closed.lines().count(), 1);
    assert!(opened.lines().count() > 20 && opened.contains("active power import"), "{opened}");
}
