//! No interrupt comes between a board's question whether there is something to do and its sleep.

use std::path::Path;
use std::process::Command;

use meterscope_firmware_bench::image;

const BOARDS: [&str; 4] = ["forwarder", "forwarder_leonardo", "display", "master_simulator"];

/// The instructions of an image, without their operands.
fn instructions(image: &Path) -> Vec<String> {
    let output =
        Command::new("avr-objdump").args(["--disassemble", "--no-show-raw-insn"]).arg(image).output();
    let output = output.expect("avr-objdump comes with gcc-avr");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let instruction = |line: &str| Some(line.split_once(":\t")?.1.split_whitespace().next()?.to_owned());
    text.lines().filter_map(instruction).collect()
}

/// The instruction behind SEI is the only one that runs before an interrupt (`ATmega328P`, 7.7.1; `ATmega32U4` alike).
#[test]
fn interrupts_are_let_in_by_the_instruction_before_each_sleep() {
    for board in BOARDS {
        let instructions = instructions(&image(board));
        let sleeps: Vec<_> = instructions.windows(2).filter(|pair| pair[1] == "sleep").collect();
        assert!(!sleeps.is_empty(), "{board} never sleeps");
        for pair in sleeps {
            assert_eq!(pair[0], "sei", "{board}");
        }
    }
}
