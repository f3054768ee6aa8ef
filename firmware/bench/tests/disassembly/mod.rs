//! An image's instructions, as `avr-objdump` writes them.
#![allow(dead_code, reason = "each test uses a part")]

use std::path::Path;
use std::process::Command;

/// Every image.
pub const BOARDS: [&str; 4] = ["forwarder", "forwarder_leonardo", "display", "master_simulator"];

/// Code from one label to the next.
pub struct Function {
    pub address: u32,
    pub name: String,
    pub instructions: Vec<Instruction>,
}

pub struct Instruction {
    pub name: String,
    /// As they are written: `r28, 0x10`.
    pub operands: String,
    /// Where a call or a jump leads to. Not by its label: a number that the linker knows may have the same value.
    pub target: Option<u32>,
}

/// All functions of an image.
pub fn functions(image: &Path) -> Vec<Function> {
    let output =
        Command::new("avr-objdump").args(["--disassemble", "--no-show-raw-insn"]).arg(image).output();
    let output = output.expect("avr-objdump comes with gcc-avr");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut functions: Vec<Function> = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        if let Some((address, name)) = line.strip_suffix(">:").and_then(|line| line.split_once(" <")) {
            let address = hexadecimal(address).expect("a label has an address");
            functions.push(Function { address, name: name.to_owned(), instructions: Vec::new() });
        } else if let Some(function) = functions.last_mut()
            && let Some((_, text)) = line.split_once(":\t")
        {
            function.instructions.push(Instruction::read(text));
        }
    }
    functions
}

impl Instruction {
    fn read(text: &str) -> Self {
        let (code, comment) = text.split_once(';').unwrap_or((text, ""));
        let (name, operands) = code.trim().split_once(char::is_whitespace).unwrap_or((code.trim(), ""));
        let target = match name {
            "call" | "jmp" => hexadecimal(operands),
            // `; 0x1234 <label+0x10>`
            _ if is_relative(name) => comment.split_whitespace().next().and_then(hexadecimal),
            _ => None,
        };
        Self { name: name.to_owned(), operands: operands.trim().to_owned(), target }
    }
}

fn is_relative(name: &str) -> bool {
    matches!(name, "rcall" | "rjmp") || name.starts_with("br") && name != "break"
}

/// With or without `0x` in front.
pub fn hexadecimal(number: &str) -> Option<u32> {
    let number = number.trim();
    u32::from_str_radix(number.strip_prefix("0x").unwrap_or(number), 16).ok()
}
