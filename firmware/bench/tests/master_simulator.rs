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
#[test]
fn jitter() {
    for baud in [300_u32, 2400, 9600] {
        for format in ["8E1"] {
            let settings: LineSettings = format!("{baud} {format}").parse().unwrap();
            let mut board = board(&[]);
            board.command(MasterCommand::Play(Play::Nothing));
            board.command(MasterCommand::Line(
                meterscope_firmware_logic::command::Line::with(settings).unwrap(),
            ));
            board.run_for_us(3_000_000);
            board.take_edges(OUTPUT);
            let octets: Vec<u8> = (0..=255).collect();
            board.send_octets(&octets);
            board.run_for_us(10_000_000);
            let edges = board.take_edges(OUTPUT);
            let levels = octets.iter().flat_map(|&octet| Frame::new(octet, settings));
            let mut level = true;
            let ideal: Vec<(f64, bool)> = (0..)
                .zip(levels)
                .filter_map(|(place, next)| {
                    let is_edge = std::mem::replace(&mut level, next) != next;
                    is_edge.then_some((f64::from(place) * f64::from(HZ) / f64::from(baud), next))
                })
                .collect();
            println!("{} {}", edges.len(), ideal.len());
            let mut hist = std::collections::BTreeMap::new();
            for (e, i) in edges.iter().zip(&ideal) {
                *hist.entry(((e.0 - edges[0].0) as f64 - i.0).round() as i64).or_insert(0) += 1;
            }
            println!("{baud} {format} {hist:?}");
        }
    }
}
