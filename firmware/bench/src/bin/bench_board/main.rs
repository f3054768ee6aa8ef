//! A meter on a bus and a board that forwards it, in real time: the master simulator's image and the forwarder's, wired
//! together in simavr.
//!
//! The forwarder's USB side is this program's standard input and output, in portions (`firmware/bench_link`). The program
//! ends when either is closed.
//!
//! usage: `bench_board METER [CLOCK]`, for example `bench_board kaifa "2026-11-21 12:00:00"`

mod boards;
mod host;

use std::io::ErrorKind;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use meterscope_decoder::encode::clock::Clock;
use meterscope_firmware_logic::master_command::MasterCommand;
use meterscope_firmware_logic::pattern::Meter;

use boards::{Boards, SLICE_US};

/// A machine that is so far behind is too busy: what is lost of the time is left out.
const FURTHEST_BEHIND: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (meter, clock) = match read(&arguments) {
        Ok(wanted) => wanted,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match Boards::start(meter, clock).and_then(run) {
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

/// As long as there is a host.
fn run(mut boards: Boards) -> Result<(), String> {
    let host = host::from_host();
    let mut start = Instant::now();
    let mut passed_us = 0;
    let mut was_behind = false;
    loop {
        let Some(slice) = host::received(&host) else { return Ok(()) };
        let to_host = boards.advance(&slice);
        match host::tell(slice.resets, &to_host) {
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
