//! The master simulator's image on a simulated Uno.

use meterscope_firmware_bench::{CycleEdge, HZ, MasterSimulator, OUTPUT, Sizes, Strap, image};
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::master_command::{MasterCommand, Play};
use meterscope_firmware_logic::pattern::Meter;
use meterscope_firmware_logic::transmitter::Frame;

fn board(straps: &[Strap]) -> MasterSimulator {
    let mut board = MasterSimulator::start(&image("master_simulator"), straps);
    board.paint_stack();
    board.run_for_us(20_000);
    board
}

#[test]
fn first() {
    let mut board = board(&[]);
    println!("{}", board.command(MasterCommand::Identify));
    board.run_for_us(11_000_000);
    println!("{} edges", board.take_edges(OUTPUT).len());
    println!("{:?}", board.untouched_ram());
    for meter in Meter::ALL {
        println!("{}", board.command(MasterCommand::Play(Play::Meter(meter))));
        board.run_for_us(11_000_000);
        println!("{} edges", board.take_edges(OUTPUT).len());
        println!("{:?}", board.untouched_ram());
    }
    println!("{}", board.command(MasterCommand::Identify));
    board.send_octets(&(0..=255).collect::<Vec<u8>>());
    println!("{:?}", board.untouched_ram());
    let Sizes { flash, variables } = Sizes::of(&image("master_simulator"));
    println!("master_simulator: {flash} octets of flash, {variables} of RAM");
}
