//! `make flash`: what it says when something is missing, and avrdude with the bootloaders of both boards, played by a test.
//!
//! The bootloader is at the other end of a TCP connection, which avrdude takes for a serial port. So neither a real board
//! nor the touch of a Leonardo's port is in this.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use meterscope_firmware_bench::image;

const FLASH: usize = 32 * 1024;
const PAGE: usize = 128;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn flash(step: &str, board: &str, image: &str, port: &str) -> Output {
    let script = project().join(".ci/flash");
    Command::new(script).args([step, board, image, port]).output().unwrap()
}

/// What the script says when it refuses.
fn refusal(board: &str, image: &str, port: &str) -> String {
    let output = flash("check", board, image, port);
    assert!(!output.status.success(), "{board} {image} {port}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_is_missing_is_said() {
    // Nobody is sent anything here: this is the only terminal that every machine has.
    let terminal = "/dev/ptmx";
    assert!(refusal("", "forwarder", terminal).contains("BOARD is missing"));
    assert!(refusal("nano", "forwarder", terminal).contains("BOARD is uno or leonardo"));
    assert!(refusal("uno", "toaster", terminal).contains("IMAGE=forwarder BOARD=leonardo"));
    assert!(refusal("uno", "../firmware/forwarder", terminal).contains("There is no image"));
    assert!(refusal("uno", "forwarder", "").contains("PORT is missing"));
    assert!(refusal("uno", "forwarder", "/dev/no-such-port").contains("Is the board plugged in?"));
    assert!(refusal("leonardo", "forwarder", "/dev").contains("is no serial port"));
    assert!(refusal("uno", "forwarder", "/dev/null").contains("is no serial port"));
    assert!(flash("check", "leonardo", "forwarder", terminal).status.success());
}

#[test]
fn what_is_wrong_is_said_before_anything_is_built() {
    for (wishes, words) in [
        (["BOARD=nano", "IMAGE=forwarder", "PORT=/dev/ptmx"], "BOARD is uno or leonardo"),
        (["BOARD=a \"b' $$c", "IMAGE=forwarder", "PORT=/dev/ptmx"], "no images for a board a \"b' $c"),
        (["BOARD=uno", "IMAGE=toaster", "PORT=/dev/ptmx"], "There is no image toaster"),
        (["BOARD=uno", "IMAGE=forwarder", "PORT=/dev/null"], "is no serial port"),
        (["BOARD=uno", "IMAGE=forwarder", "PORT="], "PORT is missing"),
    ] {
        let (output, builds) = make_flash(&wishes);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(words), "{wishes:?}: {said}");
        assert_eq!(builds, [""; 0], "{wishes:?}");
    }
}

#[test]
fn an_uno_gets_the_image() {
    let run = |port: &str| flash("write", "uno", "forwarder", port);
    assert_eq!(written("forwarder", optiboot, run), flat("forwarder"));
}

#[test]
fn a_leonardo_gets_the_image() {
    let run = |port: &str| flash("write", "leonardo", "forwarder", port);
    assert_eq!(written("forwarder_leonardo", caterina, run), flat("forwarder_leonardo"));
}

#[test]
fn make_builds_the_image_that_it_writes_and_nothing_else() {
    let mut builds = Vec::new();
    let run = |port: &str| {
        let (output, seen) = make_flash(&["BOARD=leonardo", &format!("PORT={port}")]);
        builds = seen;
        output
    };
    assert_eq!(written("forwarder_leonardo", caterina, run), flat("forwarder_leonardo"));
    assert_eq!(builds, ["firmware/forwarder_leonardo: build --locked --release"]);
}

/// `make flash` with a Cargo that builds nothing, since all is built: how it ended, and what it would have built.
fn make_flash(wishes: &[&str]) -> (Output, Vec<String>) {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::SeqCst);
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cargo-{}-{run}", std::process::id()));
    fs::create_dir_all(home.join("bin")).unwrap();
    let (cargo, log) = (home.join("bin/cargo"), home.join("log"));
    fs::write(&cargo, "#!/bin/sh\necho \"${PWD#$PROJECT/}: $*\" >> \"$CARGO_HOME/log\"\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let project = project().canonicalize().unwrap();
    let mut make = Command::new("make");
    make.arg("-C").arg(&project).arg("flash").args(wishes);
    make.env("CARGO_HOME", &home).env("PROJECT", &project);
    // Of the make and of the Cargo that run this test.
    for variable in ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "RUSTUP_TOOLCHAIN"] {
        make.env_remove(variable);
    }
    let output = make.output().unwrap();
    let log = fs::read_to_string(log).unwrap_or_default();
    fs::remove_dir_all(home).unwrap();
    (output, log.lines().filter(|line| line.contains(": build ")).map(str::to_owned).collect())
}

/// What the bootloader's flash holds after `run` has written the image through its port, up to the length of the image.
fn written(name: &str, bootloader: fn(&mut Wire) -> Option<()>, run: impl FnOnce(&str) -> Output) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("net:127.0.0.1:{}", listener.local_addr().unwrap().port());
    let board_side = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut wire = Wire { stream, flash: vec![0xFF; FLASH], address: 0 };
        // Until avrdude hangs up.
        while bootloader(&mut wire).is_some() {}
        wire.flash
    });
    let output = run(&port);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let mut flash = board_side.join().unwrap();
    let length = flat(name).len();
    assert!(flash[length.next_multiple_of(PAGE)..].iter().all(|&octet| octet == 0xFF), "{said}");
    flash.truncate(length);
    flash
}

/// The image as it lies in flash.
fn flat(name: &str) -> Vec<u8> {
    let path = std::env::temp_dir().join(format!("{name}-{}.bin", std::process::id()));
    let status =
        Command::new("avr-objcopy").args(["-O", "binary"]).arg(image(name)).arg(&path).status().unwrap();
    assert!(status.success());
    let octets = std::fs::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    octets
}

/// The board's end, with its flash.
struct Wire {
    stream: TcpStream,
    flash: Vec<u8>,
    /// In words.
    address: usize,
}

impl Wire {
    fn octet(&mut self) -> Option<u8> {
        self.octets(1).map(|octets| octets[0])
    }

    fn octets(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut octets = vec![0; count];
        self.stream.read_exact(&mut octets).ok()?;
        Some(octets)
    }

    fn answer(&mut self, octets: &[u8]) -> Option<()> {
        self.stream.write_all(octets).ok()
    }

    fn write(&mut self, octets: &[u8]) {
        let at = self.address * 2;
        self.flash[at..at + octets.len()].copy_from_slice(octets);
        self.address += octets.len() / 2;
    }

    fn read(&mut self, count: usize) -> Vec<u8> {
        let at = self.address * 2;
        self.address += count / 2;
        self.flash[at..at + count].to_vec()
    }
}

/// One command of STK500 version 1, as Optiboot takes it (Atmel application note AVR061).
fn optiboot(wire: &mut Wire) -> Option<()> {
    const END: u8 = 0x20;
    const OK: &[u8] = &[0x10];
    let command = wire.octet()?;
    let answer = match command {
        // Sync, enter and leave.
        0x30 | 0x50 | 0x51 => vec![],
        // A parameter; an instruction for the chip itself.
        0x41 => wire.octets(1).map(|_| vec![0])?,
        0x56 => wire.octets(4).map(|_| vec![0])?,
        // What chip it is.
        0x42 => wire.octets(20).map(|_| vec![])?,
        0x45 => {
            let length = wire.octet()?;
            wire.octets(usize::from(length).checked_sub(1)?).map(|_| vec![])?
        }
        0x55 => {
            let address = wire.octets(2)?;
            wire.address = usize::from(u16::from_le_bytes([address[0], address[1]]));
            vec![]
        }
        0x64 => {
            let head = wire.octets(3)?;
            let page = wire.octets(usize::from(u16::from_be_bytes([head[0], head[1]])))?;
            assert_eq!(head[2], b'F');
            wire.write(&page);
            vec![]
        }
        0x74 => {
            let head = wire.octets(3)?;
            wire.read(usize::from(u16::from_be_bytes([head[0], head[1]])))
        }
        0x75 => vec![0x1E, 0x95, 0x0F],
        other => panic!("Optiboot knows no command {other:02X}"),
    };
    assert_eq!(wire.octet()?, END);
    wire.answer(&[&[0x14], &answer[..], OK].concat())
}

/// One command of AVR109, as Caterina takes it (Atmel application note AVR109).
fn caterina(wire: &mut Wire) -> Option<()> {
    const DONE: &[u8] = b"\r";
    let answer = match wire.octet()? {
        b'S' => b"CATERIN".to_vec(),
        b'V' => b"10".to_vec(),
        b'v' => b"?".to_vec(),
        b'p' => b"S".to_vec(),
        b'a' => b"Y".to_vec(),
        b'b' => vec![b'Y', 0, PAGE as u8],
        b't' => vec![0x44, 0],
        b's' => vec![0x87, 0x95, 0x1E],
        // Fuses and lock bits.
        b'F' | b'N' | b'Q' | b'r' => vec![0],
        b'P' | b'L' | b'E' => DONE.to_vec(),
        b'T' | b'x' | b'y' => wire.octets(1).map(|_| DONE.to_vec())?,
        b'A' => {
            let address = wire.octets(2)?;
            wire.address = usize::from(u16::from_be_bytes([address[0], address[1]]));
            DONE.to_vec()
        }
        b'B' => {
            let head = wire.octets(3)?;
            let page = wire.octets(usize::from(u16::from_be_bytes([head[0], head[1]])))?;
            assert_eq!(head[2], b'F');
            wire.write(&page);
            DONE.to_vec()
        }
        b'g' => {
            let head = wire.octets(3)?;
            wire.read(usize::from(u16::from_be_bytes([head[0], head[1]])))
        }
        // What it does not know, as it says; avrdude sends an escape first.
        _ => b"?".to_vec(),
    };
    wire.answer(&answer)
}
