//! The two boards, in steps of a slice of time.

use std::path::PathBuf;

use meterscope_decoder::encode::clock::Clock;
use meterscope_firmware_bench::{
    BUS, CYCLES_PER_MICROSECOND, CycleEdge, MasterSimulator, OUTPUT, Uno, Wire, find_image,
};
use meterscope_firmware_logic::master_command::{MasterCommand, Play};
use meterscope_firmware_logic::pattern::Meter;

use crate::host::Slice;

/// So much time goes on at once. A USB board hands over what it has every few milliseconds too.
pub const SLICE_US: u64 = 4000;
/// By then a board takes commands.
const START_US: u64 = 20_000;
/// No frame at 2400 baud is longer.
const FRAME_US: u64 = 3_000_000;
const WIRE: Wire = Wire { from: OUTPUT, to: BUS };

/// A master that plays a meter, and a forwarder on its bus.
pub struct Boards {
    master: MasterSimulator,
    forwarder: Forwarder,
    /// The cycle up to which both have run.
    cycle: u64,
}

/// A board that is started anew whenever a host opens its port.
struct Forwarder {
    image: PathBuf,
    board: Uno,
    /// The master's cycle in which it was started.
    started: u64,
    /// What was on the bus last.
    level: bool,
}

impl Boards {
    /// Both are switched on, and the meter is chosen.
    pub fn start(meter: Meter, clock: Clock) -> Result<Self, String> {
        let mut master = MasterSimulator::start(&find_image("master_simulator")?, &[]);
        let mut forwarder = Forwarder::start(find_image("forwarder")?);
        master.run_for_us(START_US);
        // It plays from the start on, and sends the frame that it has begun to its end.
        tell(&mut master, MasterCommand::Play(Play::Nothing))?;
        master.run_for_us(FRAME_US);
        master.take_edges(OUTPUT);
        tell(&mut master, MasterCommand::Play(Play::Meter(meter)))?;
        tell(&mut master, MasterCommand::Clock(clock))?;
        let cycle = master.cycle();
        forwarder.hear(master.take_edges(OUTPUT));
        forwarder.run_until(cycle);
        forwarder.board.take_octets();
        Ok(Self { master, forwarder, cycle })
    }

    /// A slice of time goes on; what the board sends in it.
    pub fn advance(&mut self, slice: &Slice) -> Vec<u8> {
        if slice.resets > 0 {
            self.forwarder.start_again(self.cycle);
        }
        self.cycle += SLICE_US * CYCLES_PER_MICROSECOND;
        self.forwarder.hear(WIRE.advance_sender(&mut self.master, self.cycle));
        self.forwarder.board.send(&slice.octets);
        self.forwarder.run_until(self.cycle);
        self.forwarder.board.take_octets()
    }
}

impl Forwarder {
    fn start(image: PathBuf) -> Self {
        let board = Uno::start(&image);
        Self { image, board, started: 0, level: true }
    }

    /// The image from its first instruction on, as after any reset. The bus goes on meanwhile.
    fn start_again(&mut self, cycle: u64) {
        self.board = Uno::start(&self.image);
        self.board.drive(BUS, self.level);
        self.started = cycle;
    }

    /// What comes on the bus, by the master's cycles.
    fn hear(&mut self, edges: Vec<CycleEdge>) {
        self.level = edges.last().map_or(self.level, |&(_, level)| level);
        let started = self.started;
        self.board.feed(BUS, edges.into_iter().map(|(cycle, level)| (cycle - started, level)));
    }

    /// Up to a cycle of the master.
    fn run_until(&mut self, cycle: u64) {
        self.board.run_until(cycle - self.started);
    }
}

fn tell(master: &mut MasterSimulator, command: MasterCommand) -> Result<(), String> {
    match master.command(command).as_str() {
        "ok" => Ok(()),
        answer => Err(format!("The master simulator answers {answer:?} to {command:?}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};

    /// What the board sends in so many slices after this.
    fn sends(boards: &mut Boards, resets: usize, octets: &[u8], slices: usize) -> Vec<u8> {
        let mut sent = boards.advance(&Slice { resets, octets: octets.to_vec() });
        for _ in 1..slices {
            sent.extend(boards.advance(&Slice::default()));
        }
        sent
    }

    #[test]
    fn a_board_whose_port_is_opened_starts_anew_and_the_meter_goes_on() {
        const FOUR_SECONDS: usize = 4_000_000 / SLICE_US as usize;
        let clock = Clock::new(2026, 11, 21, 12, 0, 0).unwrap();
        let mut boards = Boards::start(Meter::Kaifa, clock).unwrap();
        sends(&mut boards, 0, b"mode marked\n", 10);
        let answer = String::from_utf8_lossy(&sends(&mut boards, 0, b"?\n", 20)).into_owned();
        assert!(answer.contains("mode marked"), "{answer}");
        // In the middle of the first list, which has 122 octets and lasts 0.56 s.
        sends(&mut boards, 0, b"", 60);
        sends(&mut boards, 1, b"", 250);
        let answer = String::from_utf8_lossy(&sends(&mut boards, 0, b"?\n", 20)).into_owned();
        assert_eq!(answer, "meterscope forwarder 1; line auto 2400 8E1; mode plain\n");
        // The lists that come then are those that the meter would have sent anyway, octet for octet.
        let mut demo = Demo::new(MeterKind::Kaifa, clock);
        let mut buffer = [0; LONGEST_FRAME];
        let lists: Vec<_> = (0..3).map(|_| demo.next_frame(&mut buffer).unwrap().octets.to_vec()).collect();
        assert_eq!(sends(&mut boards, 0, b"", FOUR_SECONDS), lists[1..].concat());
    }
}
