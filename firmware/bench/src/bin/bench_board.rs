//! A meter on a bus and a board that forwards it, in real time: the master simulator's image and the forwarder's, wired
//! together in simavr.
//!
//! The forwarder's USB side is this program's standard input and output: octets, and nothing else. It ends when either is
//! closed.
//!
//! usage: `bench_board METER [CLOCK]`, for example `bench_board kaifa "2026-11-21 12:00:00"`

use std::io::{self, ErrorKind, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use meterscope_decoder::encode::clock::Clock;
use meterscope_firmware_bench::{
    BUS, CYCLES_PER_MICROSECOND, MasterSimulator, OUTPUT, Uno, Wire, find_image,
};
use meterscope_firmware_logic::master_command::{MasterCommand, Play};
use meterscope_firmware_logic::pattern::Meter;

/// So much time goes on at once. A USB board hands over what it has every few milliseconds too.
const SLICE_US: u64 = 4000;
/// The host's octets that have time in a slice, at 115200 baud.
const MOST_HOST_OCTETS: usize = 40;
/// A machine that is so far behind is too busy: what is lost of the time is left out.
const FURTHEST_BEHIND: Duration = Duration::from_secs(1);
/// By then a board takes commands.
const START_US: u64 = 20_000;
/// No frame at 2400 baud is longer.
const FRAME_US: u64 = 3_000_000;
const WIRE: Wire = Wire { from: OUTPUT, to: BUS };

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (meter, clock) = match read(&arguments) {
        Ok(wanted) => wanted,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match Boards::start(meter, clock).and_then(Boards::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Which meter, and what its clock shows at the start.
fn read(arguments: &[String]) -> Result<(Meter, Clock), String> {
    let (meter, clock) = match arguments {
        [meter] => (meter, None),
        [meter, clock] => (meter, Some(clock)),
        _ => return Err("usage: bench_board METER [CLOCK]".to_owned()),
    };
    let known = Meter::ALL.map(Meter::name);
    let Some(place) = known.iter().position(|name| name == meter) else {
        return Err(format!("There is no meter {meter:?} here: choose one of {}.", known.join(", ")));
    };
    let clock = match clock {
        None => norwegian_normal_time(),
        Some(clock) => match MasterCommand::parse(format!("clock {clock}").as_bytes()) {
            Ok(MasterCommand::Clock(clock)) => clock,
            _ => return Err(format!("{clock:?} is no time: it should be like 2026-11-21 12:00:00.")),
        },
    };
    Ok((Meter::ALL[place], clock))
}

/// Which meters there keep all the year.
fn norwegian_normal_time() -> Clock {
    const FROM_1970_TO_2000: u64 = 946_684_800;
    const HOUR: u64 = 3600;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Clock((seconds + HOUR).saturating_sub(FROM_1970_TO_2000) as u32)
}

struct Boards {
    master: MasterSimulator,
    forwarder: Uno,
    /// The cycle up to which both have run.
    cycle: u64,
}

impl Boards {
    /// Both are switched on, and the meter is chosen.
    fn start(meter: Meter, clock: Clock) -> Result<Self, String> {
        let mut master = MasterSimulator::start(&find_image("master_simulator")?, &[]);
        let mut forwarder = Uno::start(&find_image("forwarder")?);
        master.run_for_us(START_US);
        // It plays from the start on, and sends the frame that it has begun to its end.
        tell(&mut master, MasterCommand::Play(Play::Nothing))?;
        master.run_for_us(FRAME_US);
        master.take_edges(OUTPUT);
        tell(&mut master, MasterCommand::Play(Play::Meter(meter)))?;
        tell(&mut master, MasterCommand::Clock(clock))?;
        let cycle = master.cycle();
        let edges = master.take_edges(OUTPUT);
        forwarder.feed(BUS, edges);
        forwarder.run_until(cycle);
        forwarder.take_octets();
        Ok(Self { master, forwarder, cycle })
    }

    /// As long as there is a host.
    fn run(mut self) -> Result<(), String> {
        let host = octets_of_the_host();
        let mut start = Instant::now();
        let mut passed_us = 0;
        let mut was_behind = false;
        loop {
            let Some(octets) = received(&host) else { return Ok(()) };
            let to_host = self.advance(&octets);
            match write(&to_host) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                Err(error) => return Err(format!("The host does not take octets: {error}.")),
                Ok(()) => {}
            }
            passed_us += SLICE_US;
            let due = start + Duration::from_micros(passed_us);
            let behind = due.elapsed();
            if behind > FURTHEST_BEHIND {
                start += behind;
                if !std::mem::replace(&mut was_behind, true) {
                    eprintln!("This machine is too busy for a board in real time: its clock falls behind.");
                }
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }

    /// A slice of time goes on, in which the host sends this.
    fn advance(&mut self, octets: &[u8]) -> Vec<u8> {
        self.cycle += SLICE_US * CYCLES_PER_MICROSECOND;
        let edges = WIRE.advance_sender(&mut self.master, self.cycle);
        self.forwarder.feed(BUS, edges);
        self.forwarder.send(octets);
        self.forwarder.run_until(self.cycle);
        self.forwarder.take_octets()
    }
}

fn tell(master: &mut MasterSimulator, command: MasterCommand) -> Result<(), String> {
    match master.command(command).as_str() {
        "ok" => Ok(()),
        answer => Err(format!("The master simulator answers {answer:?} to {command:?}.")),
    }
}

/// Nothing once the host is gone.
fn octets_of_the_host() -> Receiver<u8> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for octet in io::stdin().lock().bytes() {
            let Ok(octet) = octet else { return };
            if sender.send(octet).is_err() {
                return;
            }
        }
    });
    receiver
}

/// What there is; None once the host is gone.
fn received(host: &Receiver<u8>) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    while octets.len() < MOST_HOST_OCTETS {
        match host.try_recv() {
            Ok(octet) => octets.push(octet),
            Err(TryRecvError::Empty) => break,
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    Some(octets)
}

fn write(octets: &[u8]) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(octets)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(arguments: &[&str]) -> Result<(Meter, Clock), String> {
        read(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_meter_is_chosen_by_its_name() {
        let noon = Clock::new(2026, 11, 21, 12, 0, 0).unwrap();
        assert_eq!(wanted(&["heat", "2026-11-21 12:00:00"]), Ok((Meter::Heat, noon)));
        assert!(wanted(&["kaifa"]).unwrap().1 > noon, "it is later by now");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let sentence = "There is no meter \"iskra\" here: choose one of kaifa, kamstrup, aidon, heat.";
        assert_eq!(wanted(&["iskra"]), Err(sentence.to_owned()));
        assert!(wanted(&["kaifa", "noon"]).unwrap_err().contains("2026-11-21 12:00:00"));
        assert!(wanted(&[]).unwrap_err().starts_with("usage"));
    }
}
