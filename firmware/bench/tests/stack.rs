//! The deepest stack that an image can have, read from its instructions: what no test has to come across by chance.
//!
//! On an AVR each call pushes two octets, and so does each interrupt. A function pushes registers and moves the stack pointer
//! by what it keeps there. The worst is the deepest chain of calls of the main loop, and on it that of each interrupt that
//! lets others in, and that of the deepest of the others, which do not nest.

mod disassembly;

use std::collections::BTreeMap;

use disassembly::{BOARDS, Function, Instruction, functions, hexadecimal};
use meterscope_firmware_bench::{Sizes, image};

/// What a call or an interrupt pushes.
const RETURN_OCTETS: u32 = 2;
/// The only function that calls itself writes a number of 16 bits, digit by digit.
const ITSELF: [&str; 2] = ["4text", "6number"];
const MOST_DIGITS: u32 = 5;

/// Octets of the stack at worst: of the main loop, of all interrupts that let others in, and of the deepest other one.
struct Worst {
    main: u32,
    nesting: u32,
    deepest: u32,
}

/// The functions of an image, by their addresses.
struct Program(BTreeMap<u32, Function>);

impl Program {
    fn of(board: &str) -> Self {
        let functions = functions(&image(board));
        Self(functions.into_iter().map(|function| (function.address, function)).collect())
    }

    /// The function that an address lies in.
    fn at(&self, address: u32) -> &Function {
        self.0.range(..=address).next_back().expect("the table of vectors is the first").1
    }

    /// Octets of the stack from a function's entry on.
    fn depth(&self, function: &Function, callers: &mut Vec<u32>, known: &mut BTreeMap<u32, u32>) -> u32 {
        if let Some(&depth) = known.get(&function.address) {
            return depth;
        }
        assert!(!callers.contains(&function.address), "{} is called by what it calls", function.name);
        callers.push(function.address);
        let mut own = function.own_octets();
        if function.instructions.iter().any(|instruction| function.is_call_of_itself(instruction)) {
            assert!(ITSELF.iter().all(|part| function.name.contains(part)), "{} calls itself", function.name);
            own += (MOST_DIGITS - 1) * (own + RETURN_OCTETS);
        }
        let mut depth = own;
        for instruction in &function.instructions {
            let Some(target) = instruction.target.map(|address| self.at(address)) else { continue };
            if target.address != function.address {
                // The last call of a function may be a jump, and then it has given back its own octets. At worst it has not.
                let pushed = if instruction.is_call() { RETURN_OCTETS } else { 0 };
                depth = depth.max(own + pushed + self.depth(target, callers, known));
            }
        }
        callers.pop();
        known.insert(function.address, depth);
        depth
    }

    fn worst(&self) -> Worst {
        let (mut callers, mut known) = (Vec::new(), BTreeMap::new());
        let main = self.0.values().find(|function| function.name == "main").expect("an image has it");
        let main = RETURN_OCTETS + self.depth(main, &mut callers, &mut known);
        let (mut nesting, mut deepest) = (0, 0);
        for function in self.0.values().filter(|function| is_interrupt(&function.name)) {
            let depth = RETURN_OCTETS + self.depth(function, &mut callers, &mut known);
            if function.instructions.iter().any(|instruction| instruction.name == "sei") {
                nesting += depth;
            } else {
                deepest = deepest.max(depth);
            }
        }
        Worst { main, nesting, deepest }
    }
}

/// `__vector_10`; the table itself is `__vectors`.
fn is_interrupt(name: &str) -> bool {
    name.strip_prefix("__vector_").is_some_and(|number| number.parse::<u8>().is_ok())
}

impl Function {
    fn is_call_of_itself(&self, instruction: &Instruction) -> bool {
        instruction.is_call() && instruction.target == Some(self.address)
    }

    /// Registers that it pushes, and what it keeps on the stack.
    fn own_octets(&self) -> u32 {
        let mut octets = 0;
        for (place, instruction) in self.instructions.iter().enumerate() {
            match instruction.name.as_str() {
                "push" => octets += 1,
                // Makes room for two octets: a call of the next instruction.
                "rcall" if instruction.operands == ".+0" => octets += 2,
                "icall" | "ijmp" => panic!("{} calls what is not known here", self.name),
                // The stack pointer becomes what Y is.
                "out" if instruction.operands.starts_with("0x3d") => {
                    octets += self.frame_before(place);
                }
                _ => {}
            }
        }
        octets
    }

    /// How far Y was moved down since it was loaded from the stack pointer; nothing where it was moved up, at the end of a
    /// function.
    fn frame_before(&self, place: usize) -> u32 {
        let before = &self.instructions[place.saturating_sub(7)..place];
        for (at, instruction) in before.iter().enumerate().rev() {
            match (instruction.name.as_str(), instruction.operands.strip_prefix("r28, ")) {
                ("sbiw", Some(octets)) => return number(octets),
                ("adiw", Some(_)) => return 0,
                ("subi", Some(low)) => {
                    let high = before[at + 1].operands.strip_prefix("r29, ").expect("sbci follows");
                    let octets = number(high) << 8 | number(low);
                    return if octets < 0x8000 { octets } else { 0 };
                }
                _ => {}
            }
        }
        panic!("{}: the stack pointer is moved in a way that is not known here", self.name)
    }
}

impl Instruction {
    fn is_call(&self) -> bool {
        matches!(self.name.as_str(), "call" | "rcall") && self.operands != ".+0"
    }
}

fn number(operand: &str) -> u32 {
    hexadecimal(operand).expect(operand)
}

#[test]
fn the_deepest_stack_has_room() {
    for board in BOARDS {
        let (Worst { main, nesting, deepest }, variables) =
            (Program::of(board).worst(), Sizes::of(&image(board)).variables);
        assert!(deepest > 0, "{board}: no interrupt was found");
        assert_eq!(nesting > 0, board == "display", "{board}: only the display lets interrupts into one");
        let worst = main + nesting + deepest;
        let ram = if board == "forwarder_leonardo" { 2560 } else { 2048 };
        let left = ram - i64::from(variables) - i64::from(worst);
        println!("{board}: {variables} octets of variables, {worst} of stack at worst, {left} left");
        assert!(left >= 0, "{board}: the stack can run {} octets into the variables", -left);
    }
}
