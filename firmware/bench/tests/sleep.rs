//! No interrupt comes between a board's question whether there is something to do and its sleep.

mod disassembly;

use disassembly::{BOARDS, functions};
use meterscope_firmware_bench::image;

/// The instruction behind SEI is the only one that runs before an interrupt (`ATmega328P`, 7.7.1; `ATmega32U4` alike).
#[test]
fn interrupts_are_let_in_by_the_instruction_before_each_sleep() {
    for board in BOARDS {
        let functions = functions(&image(board));
        let instructions: Vec<&str> = functions
            .iter()
            .flat_map(|function| function.instructions.iter().map(|instruction| instruction.name.as_str()))
            .collect();
        let sleeps: Vec<_> = instructions.windows(2).filter(|pair| pair[1] == "sleep").collect();
        assert!(!sleeps.is_empty(), "{board} never sleeps");
        for pair in sleeps {
            assert_eq!(pair[0], "sei", "{board}");
        }
    }
}
